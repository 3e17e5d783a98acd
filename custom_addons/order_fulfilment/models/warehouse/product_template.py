from odoo import api, fields, models

SIZES = ("pack_length", "pack_width", "pack_height")


class ProductTemplate(models.Model):
    """How one piece of a product goes into a carton."""

    _inherit = "product.template"

    pack_length = fields.Float(
        "Length", compute="_compute_pack_size", inverse="_inverse_pack_length", store=True
    )
    pack_width = fields.Float(
        "Width", compute="_compute_pack_size", inverse="_inverse_pack_width", store=True
    )
    pack_height = fields.Float(
        "Height", compute="_compute_pack_size", inverse="_inverse_pack_height", store=True
    )
    pack_length_uom_name = fields.Char(compute="_compute_pack_length_uom_name")
    is_upright = fields.Boolean("This side up", help="Turned about the vertical only, never laid down.")
    is_fragile = fields.Boolean("Fragile", help="Nothing is put on top of it.")
    packing_class_ids = fields.Many2many(
        "packing.class",
        string="Packing classes",
        help="With those of the category; classes that must not be together never share a carton.",
    )

    @api.depends(*(f"product_variant_ids.{name}" for name in SIZES))
    def _compute_pack_size(self):
        for name in SIZES:
            self._compute_template_field_from_variant_field(name)

    def _inverse_pack_length(self):
        self._set_product_variant_field("pack_length")

    def _inverse_pack_width(self):
        self._set_product_variant_field("pack_width")

    def _inverse_pack_height(self):
        self._set_product_variant_field("pack_height")

    def _compute_pack_length_uom_name(self):
        self.pack_length_uom_name = self._get_length_uom_name_from_ir_config_parameter()

    @api.model
    def _millimetres(self):
        """Millimetres in the unit that lengths are kept in: millimetre, or foot where Odoo is set to feet."""
        in_feet = self.env["ir.config_parameter"].sudo().get_param("product.volume_in_cubic_feet") == "1"
        return 304.8 if in_feet else 1.0

    def _get_related_fields_variant_template(self):
        return [*super()._get_related_fields_variant_template(), *SIZES]
