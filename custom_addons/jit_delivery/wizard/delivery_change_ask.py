from odoo import fields, models


class DeliveryChangeAsk(models.TransientModel):
    """Asks for another quantity of a confirmed order's line, and shows what came of it."""

    _name = "delivery.change.ask"
    _description = "Ask for a Quantity Change"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    line_id = fields.Many2one(
        "sale.order.line",
        required=True,
        ondelete="cascade",
        domain="[('order_id', '=', order_id), ('display_type', '=', False)]",
    )
    qty_now = fields.Float(related="line_id.product_uom_qty", string="Ordered now")
    uom_id = fields.Many2one(related="line_id.product_uom_id")
    quantity = fields.Float("Asked for", digits="Product Unit", required=True)

    def action_ask(self):
        """Button: ask, and show the answer."""
        self.ensure_one()
        answer = self.line_id.request_quantity(self.quantity)
        is_promised = answer["state"] == "promised"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_promised else "warning",
                "title": self.env._("Promised") if is_promised else self.env._("Not possible"),
                "message": answer["explanation"],
                "sticky": not is_promised,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
