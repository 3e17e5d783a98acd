from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.support.recall_rules import ANSWERS, settled
from .plain_text import plain_text

ANSWER_LABELS = [
    ("return", "We send it back"),
    ("used_up", "It is used up"),
    ("destroyed", "We have destroyed it"),
    ("not_here", "We do not have it any more"),
]


class AfterSalesRecallLine(models.Model):
    """One delivery of affected goods, until it is settled."""

    _name = "after.sales.recall.line"
    _inherit = "order.fulfilment.named"
    _description = "Affected Delivery"
    _order = "recall_id desc, partner_id, id"
    _check_company_auto = True

    recall_id = fields.Many2one("after.sales.recall", required=True, readonly=True, index=True)
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    notice_id = fields.Many2one("after.sales.recall.notice", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Delivered to", readonly=True, index="btree_not_null")
    move_line_id = fields.Many2one("stock.move.line", readonly=True, index="btree_not_null")
    move_id = fields.Many2one("stock.move", readonly=True, index="btree_not_null")
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True)
    sale_line_id = fields.Many2one("sale.order.line", "Order line", readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    lot_id = fields.Many2one("stock.lot", "Serial or lot", readonly=True, index="btree_not_null")
    is_certain = fields.Boolean(
        compute="_compute_is_certain", help="Without numbers the goods may be affected; nobody can tell."
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    delivered_at = fields.Datetime("Delivered", readonly=True)
    quantity_returned = fields.Float(compute="_compute_settled", digits="Product Unit")
    quantity_settled = fields.Float(compute="_compute_settled", digits="Product Unit")
    settled_reason = fields.Char("Settled by hand because", readonly=True)
    settled_by_id = fields.Many2one("res.users", "Settled by", readonly=True)

    _delivery_once = models.UniqueIndex(
        "(recall_id, move_line_id) WHERE move_line_id IS NOT NULL", "This delivery is on the recall."
    )

    @api.depends("lot_id")
    def _compute_is_certain(self):
        for line in self:
            line.is_certain = bool(line.lot_id)

    @api.depends("move_id.returned_move_ids.state", "notice_id.answer", "settled_reason", "quantity")
    def _compute_settled(self):
        for line in self:
            line.quantity_returned = line._get_returned()
            line.quantity_settled = settled(
                line.quantity,
                line.quantity_returned,
                line.notice_id.answer or None,
                bool(line.settled_reason),
            )

    def _get_returned(self):
        """What came back of this delivery, in the product's unit."""
        back = self.sudo().move_id.returned_move_ids.filtered(lambda move: move.state == "done")
        lines = back.move_line_ids.filtered(lambda item: not self.lot_id or item.lot_id == self.lot_id)
        return sum(lines.mapped("quantity_product_uom"))

    def settle(self, reason):
        """Settle lines by hand, such as goods that were lost; answer how many lines."""
        self.recall_id._check_lead()
        reason = plain_text(reason)
        if len(reason) < 5:
            raise UserError(self.env._("[OF-RCL-008] Say why this is settled: the reason is kept."))
        self.sudo().write({"settled_reason": reason, "settled_by_id": self.env.uid})
        return len(self)

    def action_settle(self):
        """Ask for the reason."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle by hand"),
            "res_model": "after.sales.recall.settle",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }


class AfterSalesRecallNotice(models.Model):
    """What one customer was told and what they answered."""

    _name = "after.sales.recall.notice"
    _description = "Recall Notice"
    _inherit = ["order.fulfilment.named", "portal.mixin", "mail.thread"]
    _order = "recall_id desc, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    recall_id = fields.Many2one("after.sales.recall", required=True, readonly=True, index=True)
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", "Customer", required=True, readonly=True, index=True)
    line_ids = fields.One2many("after.sales.recall.line", "notice_id", readonly=True)
    sent_at = fields.Datetime("Written to", readonly=True)
    answer = fields.Selection(ANSWER_LABELS, readonly=True)
    answer_note = fields.Text(readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True)
    return_id = fields.Many2one("after.sales.return", readonly=True)

    _customer_once = models.UniqueIndex("(recall_id, partner_id)", "This customer has a notice.")

    def _compute_access_url(self):
        super()._compute_access_url()
        for notice in self:
            notice.access_url = f"/recall/{notice.id}"

    def action_register_answer(self):
        """Ask what the customer said."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note an answer"),
            "res_model": "after.sales.recall.register",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_notice_id": self.id},
        }

    def register_answer(self, answer, note=""):
        """Note what the customer says on the phone; answer the name of the return opened, or ""."""
        self.ensure_one()
        self.check_access("read")
        self.recall_id._check_lead()
        return self.sudo()._answer(answer, note)

    def _answer(self, answer, note=""):
        """Take an answer; "return" opens a return of all that is not back yet. The last answer counts."""
        if answer not in list(ANSWERS):
            raise UserError(self.env._("[OF-RCL-009] Choose one of the answers."))
        if self.recall_id.state not in ("confirmed", "in_progress"):
            raise UserError(self.env._("[OF-RCL-006] %s is closed.", self.recall_id.name))
        self.write({"answer": answer, "answer_note": plain_text(note), "answered_at": fields.Datetime.now()})
        if answer == "return" and (not self.return_id or self.return_id.state == "cancel"):
            self.return_id = self._open_return()
        return self.return_id.name or "" if answer == "return" else ""

    def _open_return(self):
        """Authorised at once: we ask for the goods."""
        lines = [
            {
                "lot_id": line.lot_id.id,
                "product_id": line.product_id.id,
                "sale_line_id": line.sale_line_id.id,
                "quantity": line.quantity - line.quantity_returned,
                "reason": "recall",
            }
            for line in self.line_ids
            if line.quantity > line.quantity_returned
        ]
        if not lines:
            return self.env["after.sales.return"]
        order = self.env["after.sales.return"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "channel": "recall",
                "user_id": self.recall_id.user_id.id,
                "note": f"{self.recall_id.name}: {self.recall_id.subject}",
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        order.action_confirm()
        return order
