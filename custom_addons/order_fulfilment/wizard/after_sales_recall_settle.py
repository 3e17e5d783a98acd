from odoo import fields, models


class AfterSalesRecallSettle(models.TransientModel):
    """Asks why affected deliveries are settled by hand."""

    _name = "after.sales.recall.settle"
    _description = "Settle Affected Deliveries by Hand"

    line_ids = fields.Many2many("after.sales.recall.line", required=True)
    reason = fields.Char(required=True)

    def action_settle(self):
        self.ensure_one()
        self.line_ids.settle(self.reason)
        return {"type": "ir.actions.act_window_close"}


class AfterSalesRecallAnswer(models.TransientModel):
    """Notes what a customer says on the phone."""

    _name = "after.sales.recall.register"
    _description = "Note an Answer to a Recall"

    notice_id = fields.Many2one("after.sales.recall.notice", required=True)
    answer = fields.Selection(
        lambda self: self.env["after.sales.recall.notice"]._fields["answer"].selection, required=True
    )
    note = fields.Text()

    def action_register(self):
        self.ensure_one()
        self.notice_id.register_answer(self.answer, self.note or "")
        return {"type": "ir.actions.act_window_close"}
