from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.support import warranty
from .entitlement_texts import entitlement_text
from .goods_trace import Delivery, Goods

STATES = [
    ("covered", "Covered"),
    ("conditional", "Depends"),
    ("not_covered", "Not covered"),
]
VERDICT_FIELDS = (
    "entitlement",
    "entitlement_reason",
    "entitlement_code",
    "warranty_until",
    "warranty_policy_id",
)


class AfterSalesTicket(models.Model):
    """Whether the customer is entitled to a cure: never ticked, always derived from facts.

    It follows from what was sold and delivered, the warranty policy, the day the ticket was opened, the
    counter and the cause. Goodwill beyond that is an override with a reason, kept in a log.
    """

    _inherit = "after.sales.ticket"

    entitlement = fields.Selection(STATES, compute="_compute_entitlement", store=True, index=True)
    entitlement_reason = fields.Char(compute="_compute_entitlement", store=True)
    entitlement_code = fields.Char(compute="_compute_entitlement", store=True)
    warranty_until = fields.Date(compute="_compute_entitlement", store=True)
    warranty_policy_id = fields.Many2one("after.sales.warranty", compute="_compute_entitlement", store=True)

    @api.depends(
        "product_id",
        "lot_id",
        "sale_line_id",
        "sale_order_id",
        "picking_id",
        "partner_id",
        "opened_at",
        "counter_reading",
        "cause_id",
        "override_ids",
    )
    def _compute_entitlement(self):
        for ticket in self:
            ticket._apply_verdict(*ticket._decide_entitlement(), goodwill=ticket.override_ids)

    def _decide_entitlement(self):
        """(policy, verdict) from the facts as they are now."""
        product = self.lot_id.product_id or self.product_id or self.sale_line_id.product_id
        if not product:
            return self.env["after.sales.warranty"], None
        # sudo: the technician need not see deliveries, orders and the customer's other data
        found = self.sudo()._gather_warranty_facts(product)
        policy = self.env["after.sales.warranty"]._find_for(
            product, self.sudo().partner_id, self.company_id or self.env.company
        )
        asked = warranty.Claim(
            self._local_day(self.opened_at or fields.Datetime.now()),
            self.counter_reading or None,
            self.cause_id.id or None,
        )
        return policy, warranty.verdict(policy.sudo()._as_rule(), found, asked)

    def _apply_verdict(self, policy, verdict, goodwill):
        goodwill = goodwill.sorted("id")[-1:]
        self.warranty_policy_id = policy
        self.warranty_until = verdict.until if verdict else False
        self.entitlement = verdict.state if verdict else False
        self.entitlement_code = verdict.code if verdict else False
        self.entitlement_reason = entitlement_text(self.env, verdict) if verdict else False
        if goodwill and goodwill.event == "granted":
            self.entitlement, self.entitlement_code = "covered", "goodwill"
            self.entitlement_reason = self.env._(
                "Covered by decision of %(user)s: %(reason)s",
                user=goodwill.user_id.sudo().name,
                reason=goodwill.reason,
            )

    def _local_day(self, moment):
        """The customer's calendar day of a UTC moment."""
        zone = self.partner_id.sudo().tz or self.company_id.partner_id.tz or "UTC"
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()

    # ------------------------------------------------------------ facts

    def _gather_warranty_facts(self, product):
        delivery, foreign = self._find_delivery(product)
        if not delivery:
            return warranty.Facts(foreign=foreign)
        move = self.env["stock.move"].browse(delivery.move)
        back = move._get_returned_for_good(delivery.lot)
        is_back = sum(item.quantity_product_uom for item in back) >= delivery.quantity
        delivered_on, line = self._get_warranty_start(move)
        return warranty.Facts(
            delivered_on=delivered_on,
            delivery=move.picking_id.name or move.reference or "",
            inside_of=self._get_outer_name(delivery),
            returned_on=self._local_day(max(back.mapped("date"))) if is_back else None,
            extensions=self._get_extensions(line, delivery.lot),
        )

    def _find_delivery(self, product):
        """The newest delivery of the thing to this customer, and whether it only went to others."""
        by_lot = bool(self.lot_id)
        deliveries = self._get_lot_deliveries() if by_lot else self._get_line_deliveries(product)
        customer = self.partner_id.commercial_partner_id
        if customer and self.lot_id:
            own = [item for item in deliveries if self._is_of(item, customer)]
            return (own[-1] if own else None), bool(deliveries) and not own
        return (deliveries[-1] if deliveries else None), False

    def _get_lot_deliveries(self):
        """Deliveries of the lot itself or, where it was built in, of what it was built into."""
        trace = self.env["after.sales.trace"]
        root = Goods(self.lot_id.product_id.id, self.lot_id.id)
        return trace._get_deliveries([root]) or [
            item
            for item in trace._get_deliveries(list(trace._trace([root]).values()))
            if item.lot  # without lots nobody can say in which one it is
        ]

    def _get_line_deliveries(self, product):
        moves = (
            self.sale_line_id.move_ids or self.picking_id.move_ids or self.sale_order_id.order_line.move_ids
        )
        moves = moves.filtered(lambda move: move.state == "done" and move._leaves_to_customer())
        own = moves.filtered(lambda move: move.product_id == product)
        if not own and self.sale_line_id.product_id == product:
            own = moves  # a kit goes out as its components
        return [move._as_delivery() for move in own.sorted(lambda move: (move.date, move.id))]

    def _is_of(self, delivery, customer):
        partner = self.env["res.partner"].browse(delivery.partner)
        line = self.env["sale.order.line"].browse(delivery.sale_line)
        return customer in (partner.commercial_partner_id | line.order_id.partner_id.commercial_partner_id)

    def _get_outer_name(self, delivery):
        lot = self.env["stock.lot"].browse(delivery.lot)
        return lot.display_name if self.lot_id and delivery.lot and lot != self.lot_id else ""

    def _get_warranty_start(self, move):
        """(day, order line) at which the warranty began: the first delivery of what was repaired and sent
        back, and of a replacement that of what it replaces."""
        while move.origin_returned_move_id.origin_returned_move_id:
            move = move.origin_returned_move_id.origin_returned_move_id
        line = move.sale_line_id
        seen = line
        while line.return_line_id.move_id:
            replaced = line.return_line_id.move_id
            if replaced.sale_line_id in seen:
                break
            move, line = replaced, replaced.sale_line_id
            seen |= line
        proof = min(move.proof_line_ids.proof_id.mapped("signed_at"), default=None)
        moment = move.picking_id.arrived_at or proof or move.date
        return self._local_day(moment), line

    def _get_extensions(self, line, lot_id):
        """Services sold with the goods, and those that somebody sold for this very serial later."""
        named = [("warranty_lot_ids", "in", [lot_id]), ("company_id", "=", line.company_id.id)]
        later = self.env["sale.order.line"].sudo().search(named) if lot_id else line.browse()
        services = (line.order_id.order_line | later).filtered(
            lambda item: (
                item.product_id.warranty_extension_months
                and item.state == "sale"
                and item.product_uom_qty > 0
            )
        )
        only = "warranty_extension_tmpl_ids"
        fitting = services.filtered(
            lambda item: not item.product_id[only] or line.product_id.product_tmpl_id in item.product_id[only]
        )
        return tuple(filter(None, (self._as_extension(item, line, lot_id) for item in fitting)))

    def _as_extension(self, service, line, lot_id):
        """The service line as an extension of this line's goods; None where it is for other serials."""
        name = f"{service.product_id.display_name} ({service.order_id.name})"
        months = service.product_id.warranty_extension_months
        if service.warranty_lot_ids:
            return warranty.Extension(name, months) if lot_id in service.warranty_lot_ids.ids else None
        goods = service.order_id.order_line.filtered(
            lambda item: (
                item.product_id.type == "consu"
                and not item.display_type
                and (
                    not service.product_id.warranty_extension_tmpl_ids
                    or item.product_id.product_tmpl_id in service.product_id.warranty_extension_tmpl_ids
                )
            )
        )
        sold = max(goods.mapped("product_uom_qty"), default=0.0)
        return warranty.Extension(name, months, certain=service.product_uom_qty >= sold)

    def _refuse_derived(self, vals, creating=False):
        """Nobody ticks a verdict, over RPC either."""
        if not self.env.su and set(VERDICT_FIELDS) & set(vals):
            raise UserError(
                self.env._(
                    "[OF-WAR-014] Entitlement follows from the facts. Put these right, or let somebody "
                    "decide beyond the warranty."
                )
            )
        return super()._refuse_derived(vals, creating=creating)

    def action_judge_again(self):
        """Look at the facts once more, for goods that moved since."""
        self.check_access("write")
        self._judge_again()
        return True

    def _judge_again(self):
        for name in VERDICT_FIELDS:
            self.env.add_to_compute(self._fields[name], self)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_returned_for_good(self, lot_id=None):
        """Done lines that brought this delivery back and ended it; not what is inspected or repaired."""
        back = self.returned_move_ids.filtered(
            lambda move: (
                move.state == "done"
                and (not move.return_line_id or move.return_line_id.disposition not in (False, "repair"))
            )
        )
        return back.move_line_ids.filtered(lambda item: not lot_id or item.lot_id.id == lot_id)

    def _as_delivery(self):
        """This move as the trace would show it, for goods without lots."""
        back = self.returned_move_ids.filtered(lambda move: move.state == "done")
        return Delivery(
            line=0,
            move=self.id,
            picking=self.picking_id.id,
            sale_line=self.sale_line_id.id,
            partner=self.picking_id.partner_id.id,
            product=self.product_id.id,
            lot=None,
            quantity=self._in_own_unit(self.quantity),
            returned=sum(move._in_own_unit(move.quantity) for move in back),
            date=self.date,
        )
