from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductAttributeValue(models.Model):
    _inherit = "product.attribute.value"

    option_code = fields.Char(help="Short code by which other systems and order files name this option.")
    is_option_quantity = fields.Boolean(
        string="With Quantity",
        help="The free text of this option is a number: how many of it go into one end item. "
        "Price and components count that many times.",
    )

    _option_code_unique = models.UniqueIndex(
        "(attribute_id, option_code) WHERE option_code IS NOT NULL AND option_code != ''",
        "An option code may stand only once in an attribute.",
    )

    @api.constrains("is_option_quantity", "is_custom")
    def _check_option_quantity(self):
        if any(value.is_option_quantity and not value.is_custom for value in self):
            raise ValidationError(
                self.env._("[OF-OPT-019] “With Quantity” needs “Free text” on the same option.")
            )

    def write(self, vals):
        result = super().write(vals)
        if "sequence" in vals:  # the order in which values are tried
            self.pav_attribute_line_ids.product_tmpl_id._touch_option_model()
        return result


class ProductAttribute(models.Model):
    _inherit = "product.attribute"

    def write(self, vals):
        result = super().write(vals)
        if {"sequence", "display_type"} & vals.keys():
            self.attribute_line_ids.product_tmpl_id._touch_option_model()
        return result


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    phase_in_date = fields.Date(help="First day on which this option can be ordered on this end item.")
    phase_out_date = fields.Date(help="Last day on which this option can be ordered on this end item.")
    is_option_default = fields.Boolean(string="Default", help="Taken where the customer makes no choice.")

    @api.constrains("phase_in_date", "phase_out_date")
    def _check_phase(self):
        for value in self:
            if value.phase_in_date and value.phase_out_date and value.phase_in_date > value.phase_out_date:
                raise ValidationError(
                    self.env._("[OF-OPT-020] %s is phased out before it is phased in.", value.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        values.product_tmpl_id._touch_option_model()
        return values

    def write(self, vals):
        result = super().write(vals)
        if {
            "ptav_active",
            "phase_in_date",
            "phase_out_date",
            "attribute_line_id",
            "exclude_for",
        } & vals.keys():
            self.product_tmpl_id._touch_option_model()
        return result

    def unlink(self):
        templates = self.product_tmpl_id
        result = super().unlink()
        templates.exists()._touch_option_model()
        return result

    def _option_quantity_in(self, custom_values):
        """Return how many of this option ``custom_values`` ask for; 1 if it takes no number."""
        self.ensure_one()
        if not self.product_attribute_value_id.is_option_quantity:
            return 1
        text = custom_values.filtered(
            lambda custom: custom.custom_product_template_attribute_value_id._origin == self._origin
        )[:1].custom_value
        return _whole_number(text)


class ProductTemplateAttributeExclusion(models.Model):
    _inherit = "product.template.attribute.exclusion"

    @api.model_create_multi
    def create(self, vals_list):
        exclusions = super().create(vals_list)
        exclusions.product_tmpl_id._touch_option_model()
        return exclusions

    def write(self, vals):
        before = self.product_tmpl_id
        result = super().write(vals)
        (before | self.product_tmpl_id)._touch_option_model()
        return result

    def unlink(self):
        templates = self.product_tmpl_id
        result = super().unlink()
        templates._touch_option_model()
        return result


def _whole_number(text):
    """Return the number above zero that ``text`` says, or 0 where it says none."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() else 0
