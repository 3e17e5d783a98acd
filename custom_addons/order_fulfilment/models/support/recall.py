from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.support.recall_rules import TRANSITIONS, percent
from ..derived import given_derived
from .goods_trace import BEGINNING, Goods
from .plain_text import plain_text

STATES = [
    ("draft", "Draft"),
    ("confirmed", "Traced and quarantined"),
    ("in_progress", "Customers told"),
    ("done", "Closed"),
    ("cancel", "Cancelled"),
]


class AfterSalesRecall(models.Model):
    """Getting goods back that must not stay in use: who has them, where the rest lies, until all is settled.

    What is picked are lots and serials, also of parts, or products without numbers within a span of time.
    """

    _name = "after.sales.recall"
    _description = "Recall"
    _inherit = ["order.fulfilment.named", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    subject = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False, tracking=True)
    message = fields.Text(
        "What customers read", required=True, help="What is wrong, what it can do, and what to do now."
    )
    user_id = fields.Many2one("res.users", "Owner", default=lambda self: self.env.user, tracking=True)
    lot_ids = fields.Many2many("stock.lot", "after_sales_recall_lot_rel", string="Lots and serials")
    product_ids = fields.Many2many(
        "product.product", "after_sales_recall_product_rel", string="Products without numbers"
    )
    date_from = fields.Datetime("Moved from", help="For products without lots: from when they are affected.")
    date_to = fields.Datetime("Moved until")
    line_ids = fields.One2many("after.sales.recall.line", "recall_id", readonly=True)
    notice_ids = fields.One2many("after.sales.recall.notice", "recall_id", readonly=True)
    affected_lot_ids = fields.One2many("stock.lot", "recall_id", readonly=True)
    released_lot_ids = fields.Many2many(
        "stock.lot", "after_sales_recall_released_rel", readonly=True, copy=False, string="Released"
    )
    picking_ids = fields.One2many("stock.picking", "recall_id", "Quarantine transfers", readonly=True)
    quant_ids = fields.Many2many("stock.quant", compute="_compute_quant_ids", string="Stock")
    quantity_delivered = fields.Float(compute="_compute_progress", string="With customers at first")
    quantity_settled = fields.Float(compute="_compute_progress", string="Settled")
    quantity_open_stock = fields.Float(compute="_compute_quant_ids", string="Not in quarantine")
    progress = fields.Float(compute="_compute_progress", string="Settled (%)")
    customer_count = fields.Integer(compute="_compute_progress")
    answered_count = fields.Integer(compute="_compute_progress")

    _name_unique = models.UniqueIndex("(name) WHERE name != '/'", "This recall number is taken.")

    @api.depends("line_ids.quantity", "line_ids.quantity_settled", "notice_ids.answer")
    def _compute_progress(self):
        for recall in self:
            lines = recall.line_ids
            recall.quantity_delivered = sum(lines.mapped("quantity"))
            recall.quantity_settled = sum(lines.mapped("quantity_settled"))
            recall.progress = percent(recall.quantity_settled, recall.quantity_delivered)
            recall.customer_count = len(recall.notice_ids)
            recall.answered_count = len(recall.notice_ids.filtered("answer"))

    @api.depends("affected_lot_ids", "state")
    def _compute_quant_ids(self):
        for recall in self:
            goods = [] if recall.state == "draft" else recall._trace().values()
            # sudo: support sees where recalled goods lie without rights in the warehouse
            quants = self.env["after.sales.trace"].sudo()._get_stock(goods, recall.company_id)
            recall.quant_ids = quants
            loose = quants.filtered(lambda quant: not quant.location_id._is_set_aside())
            recall.quantity_open_stock = sum(loose.mapped("quantity"))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_state(vals, creating=True)
        number = self.env["ir.sequence"].sudo()
        # Copies: when Odoo retries a request, it passes the same values once more.
        return super().create(
            [{**vals, "name": number.next_by_code("after.sales.recall") or "/"} for vals in vals_list]
        )

    def write(self, vals):
        self._refuse_state(vals)
        roots = {"lot_ids", "product_ids", "date_from", "date_to", "company_id"} & set(vals)
        if roots and any(recall.state not in ("draft", "confirmed") for recall in self):
            raise UserError(self.env._("[OF-RCL-002] Customers are told: begin another recall for more."))
        return super().write(vals)

    def _refuse_state(self, vals, creating=False):
        if given := given_derived(self, vals, creating=creating):
            raise UserError(
                self.env._("[OF-RCL-001] %s cannot be written. Use the buttons.", ", ".join(given))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(recall.state != "draft" for recall in self):
            raise UserError(self.env._("[OF-RCL-003] A recall that has begun is kept."))

    def _check_lead(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("order_fulfilment.group_support_manager")):
            raise AccessError(self.env._("[OF-RCL-000] Only the lead of support runs a recall."))

    def _go(self, state):
        for recall in self:
            if state not in TRANSITIONS[recall.state]:
                labels = dict(STATES)
                raise UserError(
                    self.env._(
                        "[OF-RCL-004] Recall %(number)s is “%(before)s” and cannot become “%(after)s”.",
                        number=recall.name,
                        before=labels[recall.state],
                        after=labels[state],
                    )
                )
        self.sudo().write({"state": state})

    # ------------------------------------------------------------ who and where

    def _get_roots(self):
        since, until = self.date_from or BEGINNING, self.date_to or None
        lots = [Goods(lot.product_id.id, lot.id) for lot in self.sudo().lot_ids]
        return lots + [Goods(product.id, None, since, until) for product in self.product_ids]

    def _trace(self):
        """Affected goods by (product, lot). What was released is none, what is made of it still is."""
        goods = self.env["after.sales.trace"]._trace(self._get_roots())
        released = set(self.sudo().released_lot_ids.ids)
        return {key: item for key, item in goods.items() if item.lot not in released}

    def action_trace(self):
        """Find all affected goods, customers and stock; block and quarantine the stock. May be repeated."""
        self._check_lead()
        for recall in self:
            if not recall.lot_ids and not recall.product_ids:
                raise UserError(self.env._("[OF-RCL-005] Choose the lots, serials or products to recall."))
            if recall.state == "draft":
                recall._go("confirmed")
            elif recall.state not in ("confirmed", "in_progress"):
                raise UserError(self.env._("[OF-RCL-006] %s is closed.", recall.name))
            mine = recall.sudo()  # recalls reach into deliveries and stock that support does not manage
            goods = mine._trace()
            mine._block(goods)
            mine._add_lines(goods)
            mine._quarantine(goods)
        return True

    def _block(self, goods):
        """Affected lots can neither be reserved, delivered nor built in."""
        lots = self.env["stock.lot"].browse(item.lot for item in goods.values() if item.lot)
        lots.filtered(lambda lot: not lot.recall_id).recall_id = self

    def _add_lines(self, goods):
        """One line per delivery, each once, and one notice per customer."""
        known = {(line.move_line_id.id or 0) for line in self.line_ids}
        deliveries = self.env["after.sales.trace"]._get_deliveries(goods.values(), self.company_id)
        new = [item for item in deliveries if item.line not in known]
        partners = self.env["res.partner"].browse({item.partner for item in new if item.partner})
        commercial = {partner.id: partner.commercial_partner_id.id for partner in partners}
        notices = {notice.partner_id.id: notice for notice in self.notice_ids}
        unknown = sorted({commercial.get(item.partner) for item in new} - set(notices) - {None})
        made = self.env["after.sales.recall.notice"].create(
            [{"recall_id": self.id, "partner_id": partner} for partner in unknown]
        )
        notices |= {notice.partner_id.id: notice for notice in made}
        self.env["after.sales.recall.line"].create(
            [self._prepare_line(item, notices.get(commercial.get(item.partner))) for item in new]
        )

    def _prepare_line(self, item, notice):
        return {
            "recall_id": self.id,
            "notice_id": notice.id if notice else False,
            "partner_id": item.partner,
            "move_line_id": item.line,
            "move_id": item.move,
            "picking_id": item.picking,
            "sale_line_id": item.sale_line,
            "product_id": item.product,
            "lot_id": item.lot,
            "quantity": item.quantity,
            "delivered_at": item.date,
        }

    # ------------------------------------------------------------ to the end

    def action_notify(self):
        """Write to every customer who was not written to yet: many of them by a job."""
        self._check_lead()
        for recall in self:
            if recall.state != "in_progress":
                recall._go("in_progress")
            recall.sudo().notice_ids._tell()
        return True

    def action_done(self):
        """Close when every delivered piece is settled and all stock is in quarantine."""
        self._check_lead()
        for recall in self:
            recall.line_ids.invalidate_recordset(["quantity_settled"])
            if recall.progress < 100 or recall.quantity_open_stock:
                raise UserError(
                    self.env._(
                        "[OF-RCL-007] %(number)s: %(progress).1f %% settled, %(stock)g on hand outside "
                        "quarantine. Follow up, or settle lines by hand with a reason.",
                        number=recall.name,
                        progress=recall.progress,
                        stock=recall.quantity_open_stock,
                    )
                )
            recall._go("done")
        return True

    def action_cancel(self):
        """End it as unfounded: what it blocked can be used, what it set aside goes back to its places."""
        self._check_lead()
        self._go("cancel")
        for recall in self.sudo():
            recall.affected_lot_ids.recall_id = False
            recall._give_back(recall._block_by_others())
        return True

    def _block_by_others(self):
        """What this recall lets go may be affected by another one that goes on: the keys of such goods."""
        held = set()
        domain = [("state", "in", ("confirmed", "in_progress")), ("company_id", "=", self.company_id.id)]
        for other in self.search([*domain, ("id", "!=", self.id)]):
            goods = other._trace()
            other._block(goods)
            held |= goods.keys()
        return held

    def release_lots(self, lot_ids, reason):
        """Let lots of this recall be used again, such as after a repair; answer how many.

        Their stock goes from quarantine back to where it lay, unless another recall holds it.
        """
        self.ensure_one()
        self._check_lead()
        reason = plain_text(reason)
        if len(reason) < 5:
            raise UserError(self.env._("[OF-RCL-008] Say why these are safe again: the reason is kept."))
        wanted = [lot for lot in lot_ids if type(lot) is int] if isinstance(lot_ids, list | tuple) else []
        lots = self.sudo().affected_lot_ids.filtered(lambda lot: lot.id in wanted)
        if not lots:
            raise UserError(self.env._("[OF-RCL-012] None of these lots is held by %s.", self.name))
        lots.recall_id = False
        self.sudo().released_lot_ids |= lots
        self.sudo()._give_back(self.sudo()._block_by_others(), lots)
        names = ", ".join(lots.mapped("name"))
        self.message_post(body=self.env._("Released %(lots)s: %(reason)s", lots=names, reason=reason))
        return len(lots)

    def action_view_lines(self):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Affected deliveries"),
            "res_model": "after.sales.recall.line",
            "domain": [("recall_id", "in", self.ids)],
            "views": [(False, "list")],
        }
