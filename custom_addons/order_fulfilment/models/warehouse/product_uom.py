from math import ceil

from odoo import fields, models

from ...tools.warehouse.packing_list import Piece


class ProductUom(models.Model):
    """A packaging of a product (its bar-coded unit): what the box measures and weighs when it is full."""

    _inherit = "product.uom"

    pack_length = fields.Float("Length")
    pack_width = fields.Float("Width")
    pack_height = fields.Float("Height")
    pack_weight = fields.Float("Full weight", digits="Stock Weight", help="Empty: the weight of its content.")

    _pack_size_not_negative = models.Constraint(
        "CHECK(LEAST(pack_length, pack_width, pack_height, pack_weight) >= 0"
        " AND GREATEST(pack_length, pack_width, pack_height, pack_weight) <= 1000000)",  # nor NaN
        "[OF-WH-048] A size cannot be below zero, nor above a million.",
    )

    def _pack_piece(self):
        """The full box as the pure rules want it."""
        factor = self.env["product.template"]._millimetres()
        content = self.uom_id._compute_quantity(1, self.product_id.uom_id, round=False)
        sides = (self.pack_length, self.pack_width, self.pack_height)
        size = tuple(ceil(round(side * factor, 3)) for side in sides)
        return Piece(content, size, self.pack_weight or content * self.product_id.weight)
