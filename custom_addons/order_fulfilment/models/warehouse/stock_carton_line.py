from odoo import fields, models


class StockCartonLine(models.Model):
    """How much of a transfer's line goes into a carton, in the product's own unit."""

    _name = "stock.carton.line"
    _description = "Proposed Carton Line"
    _order = "carton_id, id"

    carton_id = fields.Many2one("stock.carton", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="carton_id.company_id", store=True)
    move_line_id = fields.Many2one("stock.move.line", index=True, ondelete="cascade", readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    quantity = fields.Float(digits="Product Unit", readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id")

    def _as_json(self):
        return {
            "move_line_id": self.move_line_id.id,
            "product_id": self.product_id.id,
            "product": self.product_id.display_name,
            "quantity": self.quantity,
        }
