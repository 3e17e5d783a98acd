from math import ceil

from odoo import fields, models

from ...tools.warehouse.packing_list import Piece


class ProductProduct(models.Model):
    """Outer size of one piece of this variant as it is packed; in the unit of package types."""

    _inherit = "product.product"

    pack_length = fields.Float("Length")
    pack_width = fields.Float("Width")
    pack_height = fields.Float("Height")

    _pack_size_not_negative = models.Constraint(
        "CHECK(LEAST(pack_length, pack_width, pack_height) >= 0"
        " AND GREATEST(pack_length, pack_width, pack_height) <= 1000000)",  # NaN is above all numbers
        "[OF-WH-048] A size cannot be below zero, nor above a million.",
    )

    def _pack_piece(self):
        """One loose piece as the pure rules want it; sizes round up, so that it never overhangs."""
        factor = self.env["product.template"]._millimetres()
        size = tuple(ceil(round(side * factor, 3)) for side in self._pack_sides())
        return Piece(1.0, size, self.weight)

    def _pack_sides(self):
        return self.pack_length, self.pack_width, self.pack_height

    def _pack_box(self, packaging):
        """The packaging (a unit of measure) of this product as one piece, if it was measured."""
        row = self.product_uom_ids.filtered(lambda row: row.uom_id == packaging and row.pack_length)[:1]
        return row._pack_piece() if row else None

    def _pack_tags(self):
        """``(names of its packing classes, of those it must not be with)``, as record ids."""
        classes = self.packing_class_ids | self.categ_id._all_packing_classes()
        return frozenset(classes.ids), frozenset(classes.apart_ids.ids)
