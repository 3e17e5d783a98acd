from odoo import models


class SaleOrderPromiseChange(models.TransientModel):
    """An order with a window gets another window for the reason given, not a bare date."""

    _inherit = "sale.order.promise.change"

    def action_change(self):
        """Button: promise the window in which the new promise ends, with slot, moves and assembly."""
        by_window = self.filtered("order_id.delivery_window_stop")
        for wizard in by_window:
            wizard.order_id.check_access("write")
            wizard.order_id.with_context(promise_reason=wizard.reason).commitment_date = wizard.date_to
        return super(SaleOrderPromiseChange, self - by_window).action_change()
