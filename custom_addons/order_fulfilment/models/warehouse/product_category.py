from odoo import fields, models


class ProductCategory(models.Model):
    """Packing classes of a category count for its products and for the categories below it."""

    _inherit = "product.category"

    packing_class_ids = fields.Many2many("packing.class", string="Packing classes")

    def _all_packing_classes(self):
        paths = "/".join(category.parent_path or "" for category in self)
        parents = self.browse(sorted({int(number) for number in paths.split("/") if number}))
        return (self | parents).packing_class_ids
