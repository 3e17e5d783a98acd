from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.support import return_rules
from ...tools.ticket_intake import plain
from .plain_text import plain_text

DISPOSITIONS = [
    ("restock", "Take back: into stock, not charged"),
    ("repair", "Repair and send back"),
    ("scrap", "Scrap: no cure"),
    ("replace", "Replace free of charge"),
    ("credit", "Credit"),
]


class AfterSalesReturnLine(models.Model):
    """Inspection: what was found, what becomes of the goods, and what the customer gets: once per piece."""

    _inherit = "after.sales.return.line"

    disposition = fields.Selection(DISPOSITIONS, readonly=True, copy=False)
    goods_to = fields.Selection(
        [("restock", "Into stock"), ("scrap", "Scrap"), ("repair", "Repair")], readonly=True, copy=False
    )
    is_inspected = fields.Boolean(compute="_compute_is_inspected", store=True)
    quantity_refunded = fields.Float(
        "Not charged", compute="_compute_quantity_refunded", store=True, digits="Product Unit"
    )
    cause_id = fields.Many2one("after.sales.cause", "Cause found", copy=False)
    inspection_note = fields.Text(readonly=True, copy=False)
    inspected_by_id = fields.Many2one("res.users", "Inspected by", readonly=True, copy=False)
    inspected_at = fields.Datetime("Inspected", readonly=True, copy=False)
    entitlement = fields.Selection(
        [("covered", "Covered"), ("conditional", "Depends"), ("not_covered", "Not covered")],
        compute="_compute_entitlement",
    )
    entitlement_reason = fields.Char(compute="_compute_entitlement")

    @api.depends("disposition")
    def _compute_is_inspected(self):
        for line in self:
            line.is_inspected = bool(line.disposition)

    @api.depends("disposition", "quantity")
    def _compute_quantity_refunded(self):
        for line in self:
            line.quantity_refunded = line.quantity if return_rules.is_taken_back(line.disposition) else 0.0

    @api.depends("product_id", "lot_id", "sale_line_id", "cause_id", "ticket_id.entitlement", "move_id")
    def _compute_entitlement(self):
        for line in self:
            judged = line._get_judged_ticket(line.cause_id)
            line.entitlement = judged.entitlement
            line.entitlement_reason = judged.entitlement_reason

    def _judge_with(self, cause):
        """What the warranty says if that is the cause."""
        self.check_access("read")
        return self._get_judged_ticket(cause).entitlement_reason

    def _get_judged_ticket(self, cause):
        """The question that the warranty answers, about this line's goods, and its answer."""
        ticket, order = self.ticket_id, self.return_id
        judged = self.env["after.sales.ticket"].new(
            {
                "partner_id": order.partner_id.id,
                "company_id": order.company_id.id,
                "product_id": self.product_id.id,
                "lot_id": self.lot_id.id,
                "sale_line_id": self.sale_line_id.id,
                "counter_reading": ticket.counter_reading,
                "cause_id": (cause or ticket.cause_id).id,
                "opened_at": ticket.opened_at or order.create_date or fields.Datetime.now(),
                "picking_id": self.move_id.picking_id.id,
            }
        )
        judged._apply_verdict(*judged._decide_entitlement(), goodwill=ticket.override_ids)
        return judged

    def action_inspect(self):
        """Open the inspection of this line."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inspection"),
            "res_model": "after.sales.inspect",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_line_id": self.id,
                "default_quantity": self.quantity_received,
                "default_cause_id": (self.cause_id or self.ticket_id.cause_id).id,
            },
        }

    # ------------------------------------------------------------ inspect

    def inspect(self, disposition, quantity=None, note="", goods_to=None, cause_id=None):
        """Decide about received goods (all of the line, or ``quantity`` of it); answer the line's id.

        What is left of the quantity becomes a line of its own. Each piece is decided about once.
        """
        self.ensure_one()
        self.return_id._check_technician()
        line = self.sudo()  # documents follow; the technician decides, the rules below allow
        line._check_asked(disposition, quantity, goods_to)
        line._check_may_inspect(disposition, quantity)
        if cause_id:
            line.cause_id = line._read_cause(cause_id)
        line._check_entitled(disposition)
        line._keep_only(quantity or line.quantity_received)
        line.write(
            {
                "disposition": disposition,
                "goods_to": return_rules.goods_go_to(disposition, goods_to),
                "inspection_note": plain_text(note),
                "inspected_by_id": self.env.uid,
                "inspected_at": fields.Datetime.now(),
            }
        )
        line._make_documents()
        line.return_id._settle_if_done()
        return line.id

    def _check_asked(self, disposition, quantity, goods_to):
        """Words and numbers as a program may send them."""
        wrong = [
            (asked, known)
            for asked, known in (
                (disposition, list(return_rules.DISPOSITIONS)),
                (goods_to or None, [None, *return_rules.GOODS_TO]),
            )
            if asked not in known
        ]
        if wrong:
            asked, known = wrong[0]
            raise UserError(
                self.env._(
                    "[OF-RMA-030] There is no disposition “%(asked)s”. Use one of %(known)s.",
                    asked=plain(f"{asked!s:.64}"),
                    known=", ".join(filter(None, known)),
                )
            )
        is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        if quantity is not None and not (is_number and abs(quantity) < 1e12):  # nor is NaN below that
            said = plain(f"{quantity!s:.64}")
            raise UserError(self.env._("[OF-RMA-039] The quantity is a number, not “%s”.", said))

    def _read_cause(self, cause_id):
        is_id = isinstance(cause_id, int) and not isinstance(cause_id, bool)
        cause = self.env["after.sales.cause"].browse(cause_id if is_id else False).exists()
        if not cause:
            raise UserError(self.env._("[OF-RMA-039] There is no cause “%s”.", plain(f"{cause_id!s:.64}")))
        return cause

    def _check_may_inspect(self, disposition, quantity):
        self.env.cr.execute(
            "UPDATE after_sales_return_line SET write_date = write_date WHERE id = %s", [self.id]
        )
        if self.disposition:
            raise UserError(self.env._("[OF-RMA-031] %s is decided already.", self.display_name))
        asked = quantity if quantity is not None else self.quantity_received
        if asked <= 0 or self.uom_id.compare(asked, self.quantity_received) > 0:
            raise UserError(
                self.env._(
                    "[OF-RMA-032] %(line)s: %(received)g received. Inspect at most these.",
                    line=self.display_name,
                    received=self.quantity_received,
                )
            )
        if self.is_advance and disposition != "replace":
            raise UserError(
                self.env._(
                    "[OF-RMA-033] %s was replaced in advance: it cannot get another cure.", self.display_name
                )
            )

    def _check_entitled(self, disposition):
        """For a defect, what costs us needs the warranty; a wrong delivery is made good in any case."""
        if self.reason != "defect" or disposition not in return_rules.NEEDS_WARRANTY:
            return
        self.invalidate_recordset(["entitlement", "entitlement_reason"])
        if self.entitlement != "covered":
            raise UserError(
                self.env._(
                    "[OF-RMA-034] %(line)s: %(reason)s Repair it against payment, or ask for a decision "
                    "beyond the warranty on the ticket.",
                    line=self.display_name,
                    reason=self.entitlement_reason or self.env._("no warranty verdict."),
                )
            )

    def _keep_only(self, quantity):
        """Leave ``quantity`` on this line; return the new one with the rest, received or still to come."""
        if self.uom_id.compare(quantity, self.quantity) >= 0:
            return self.browse()
        rest = self.copy({"return_id": self.return_id.id, "quantity": self.quantity - quantity})
        rest.write(
            {
                "move_id": self.move_id.id,
                "quantity_received": self.quantity_received - quantity,
                "received_at": self.received_at,
            }
        )
        self.return_move_ids.filtered(lambda move: move.state not in ("done", "cancel")).return_line_id = rest
        self.write({"quantity_received": quantity})
        self.write({"quantity": quantity})
        return rest


class SaleOrderLine(models.Model):
    """What was taken back is not charged: by the quantity of the inspection, not of the transfer."""

    _inherit = "sale.order.line"

    return_line_ids = fields.One2many("after.sales.return.line", "sale_line_id", readonly=True, copy=False)

    @api.depends("return_line_ids.quantity_refunded")
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        delivered = super()._prepare_qty_delivered()
        for line in self:
            if line.qty_delivered_method == "stock_move" and line in delivered:
                delivered[line] -= line._get_quantity_taken_back()
        return delivered

    def _get_quantity_taken_back(self):
        """In the line's unit. Parts of a kit count through Odoo's own arithmetic of kits."""
        own = self.sudo().return_line_ids.filtered(lambda item: item.product_id == self.product_id)
        quantity = sum(own.mapped("quantity_refunded"))
        return self.product_id.uom_id._compute_quantity(quantity, self.product_uom_id, round=False)
