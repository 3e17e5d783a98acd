from math import floor

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.cartonize import INFINITE, CartonType


class StockPackageType(models.Model):
    """What fits into a package type. Odoo's own size is the outer one, which carriers are told."""

    _inherit = "stock.package.type"

    is_carton = fields.Boolean(
        "Propose as carton", help="Takes part when cartons are proposed for a transfer."
    )
    inner_length = fields.Float("Inner length", help="0: as outside.")
    inner_width = fields.Float("Inner width", help="0: as outside.")
    inner_height = fields.Float("Inner height", help="0: as outside.")

    _sizes_sane = models.Constraint(
        "CHECK(LEAST(inner_length, inner_width, inner_height, base_weight) >= 0"
        " AND GREATEST(inner_length, inner_width, inner_height, base_weight, max_weight) <= 1000000"
        " AND GREATEST(packaging_length, width, height) <= 1000000)",  # NaN is above all numbers
        "[OF-WH-048] A size cannot be below zero, nor above a million.",
    )

    @api.constrains(
        "is_carton", "inner_length", "inner_width", "inner_height", "packaging_length", "width", "height"
    )
    def _check_carton_size(self):
        for kind in self.filtered("is_carton"):
            if min(kind._inner_sides()) <= 0:
                raise ValidationError(
                    self.env._(
                        "[OF-WH-049] Package type %s cannot be proposed: give it a size, inside or outside.",
                        kind.name,
                    )
                )

    def _inner_sides(self):
        return (
            self.inner_length or self.packaging_length,
            self.inner_width or self.width,
            self.inner_height or self.height,
        )

    def _prepare_carton_type(self):
        """As the pure rules want it; sizes round down, the limit is gross as carriers understand it."""
        self.ensure_one()
        factor = self.env["product.template"]._millimetres()
        size = tuple(floor(round(side * factor, 3)) for side in self._inner_sides())
        return CartonType(self.id, size, self.max_weight or INFINITE, self.base_weight)
