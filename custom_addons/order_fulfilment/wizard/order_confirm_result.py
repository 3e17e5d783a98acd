from odoo import api, fields, models
from odoo.fields import Command


class OrderConfirmResult(models.TransientModel):
    """Shows what became of each order after many were confirmed at once."""

    _name = "order.confirm.result"
    _description = "Result of a Confirmation"

    line_ids = fields.One2many("order.confirm.result.line", "result_id", readonly=True)
    confirmed_count = fields.Integer(readonly=True)
    refused_count = fields.Integer(readonly=True)

    @api.model
    def _create_from(self, results):
        """Make the wizard for the answer of ``confirm_checked``; refused orders come first."""
        refused = [result for result in results if not result["ok"]]
        return self.create(
            {
                "confirmed_count": len(results) - len(refused),
                "refused_count": len(refused),
                "line_ids": [
                    Command.create(
                        {"order_id": result["order_id"], "is_ok": result["ok"], "message": result["error"]}
                    )
                    for result in sorted(results, key=lambda result: result["ok"])
                ],
            }
        )


class OrderConfirmResultLine(models.TransientModel):
    _name = "order.confirm.result.line"
    _description = "Result of a Confirmation for one Order"

    result_id = fields.Many2one("order.confirm.result", required=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="order_id.partner_id")
    is_ok = fields.Boolean("Confirmed")
    message = fields.Text("Why not")

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
