from odoo import fields, models

from ...tools.batching import Cart, Pace


class StockPickingType(models.Model):
    """What one walk carries and how fast pickers are: limits within which batches are built; 0 is none."""

    _inherit = "stock.picking.type"

    cart_bins = fields.Integer(
        "Bins on a cart", help="Transfers that one walk can keep apart; 0 for no limit."
    )
    cart_weight = fields.Float("Cart weight (kg)", help="0 for no limit.")
    cart_volume = fields.Float("Cart volume (m³)", help="0 for no limit.")
    picker_count = fields.Integer("Pickers at once", default=1)
    picker_speed = fields.Float("Walking speed (m/h)", default=3000.0)
    picker_line_seconds = fields.Float("Seconds per line", default=10.0)
    is_joining_late = fields.Boolean(
        "Late orders join", help="What is reserved late joins a running batch where everybody stays in time."
    )

    def _pick_cart(self):
        """The cart as the pure rules want it."""
        self.ensure_one()
        limits = {"bins": self.cart_bins, "weight": self.cart_weight, "volume": self.cart_volume}
        return Cart(**{name: limit for name, limit in limits.items() if limit > 0})

    def _pick_pace(self):
        self.ensure_one()
        return Pace(
            pickers=max(self.picker_count, 1),
            speed=self.picker_speed or 3000.0,
            line=self.picker_line_seconds / 3600,
        )
