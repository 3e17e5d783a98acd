from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _prepare_procurement_values(self):
        """Carry the order line's option quantities down the chain to the manufacturing order."""
        values = super()._prepare_procurement_values()
        values["option_quantities"] = self._option_quantities()
        return values

    def _option_quantities(self):
        line = self.sale_line_id or self._get_sale_order_lines()[:1]
        return line.sudo()._option_quantities() if line else {}

    def action_explode(self):
        """Kits: explode the moves of each order line with its own option quantities."""
        if "option_quantities" in self.env.context:
            return super().action_explode()
        result = self.browse()
        plain = self.browse()
        for move in self:
            numbers = move._option_quantities()
            if numbers:
                exploded = super(StockMove, move.with_context(option_quantities=numbers)).action_explode()
                result |= exploded.with_env(self.env)
            else:
                plain |= move
        return result | super(StockMove, plain).action_explode()
