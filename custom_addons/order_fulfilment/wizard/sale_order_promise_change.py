from odoo import api, fields, models


class SaleOrderPromiseChange(models.TransientModel):
    """Ask for the new window and the reason, which a bare date field would not."""

    _name = "sale.order.promise.change"
    _description = "Change a Delivery Promise"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    date_from = fields.Datetime("From", help="Empty if the goods may come at any time until the end.")
    date_to = fields.Datetime("Until", required=True)
    is_whole_day = fields.Boolean("Any time on that day")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        order = self.env["sale.order"].browse(values.get("order_id") or self.env.context.get("active_id"))
        now_in_force = {
            "order_id": order.id,
            "date_from": order.promised_date_from,
            "date_to": order.promised_date_to,
            "is_whole_day": order.is_promised_whole_day,
        }
        return {**{name: value for name, value in now_in_force.items() if name in fields}, **values}

    def action_change(self):
        """Record the promise; who may write the order may promise."""
        for wizard in self:
            wizard.order_id.check_access("write")
            wizard.order_id._record_promise(
                "promised",
                wizard.date_from,
                wizard.date_to,
                wizard.reason,
                whole_day=wizard.is_whole_day,
            )
        return {"type": "ir.actions.act_window_close"}
