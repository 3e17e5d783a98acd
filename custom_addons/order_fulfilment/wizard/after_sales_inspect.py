from odoo import api, fields, models

from ..models.support.return_inspection import DISPOSITIONS


class AfterSalesInspect(models.TransientModel):
    """What the technician found on received goods."""

    _name = "after.sales.inspect"
    _description = "Inspection of Returned Goods"

    line_id = fields.Many2one("after.sales.return.line", "Goods", required=True)
    entitlement_reason = fields.Char(compute="_compute_entitlement_reason")
    quantity = fields.Float(digits="Product Unit", required=True)
    cause_id = fields.Many2one("after.sales.cause", "Cause found")
    disposition = fields.Selection(DISPOSITIONS, required=True)
    goods_to = fields.Selection([("restock", "Into stock"), ("scrap", "Scrap")], default="scrap")
    note = fields.Text()

    @api.depends("line_id", "cause_id")
    def _compute_entitlement_reason(self):
        for wizard in self:
            wizard.entitlement_reason = wizard.line_id._judge_with(wizard.cause_id)

    def action_apply(self):
        self.ensure_one()
        self.line_id.inspect(
            self.disposition, self.quantity, self.note or "", self.goods_to, self.cause_id.id or None
        )
        return {"type": "ir.actions.act_window_close"}


class AfterSalesGoodwillGrant(models.TransientModel):
    """Asks for the reason of a decision beyond the warranty."""

    _name = "after.sales.goodwill.grant"
    _description = "Decide beyond the Warranty"

    ticket_id = fields.Many2one("after.sales.ticket", required=True)
    verdict = fields.Char(related="ticket_id.entitlement_reason")
    reason = fields.Char(required=True)

    def action_grant(self):
        self.ensure_one()
        self.ticket_id.override_entitlement(self.reason)
        return {"type": "ir.actions.act_window_close"}
