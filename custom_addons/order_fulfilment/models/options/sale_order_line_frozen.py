from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

CONFIGURATION = {
    "product_id",
    "product_no_variant_attribute_value_ids",
    "product_custom_attribute_value_ids",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    option_snapshot = fields.Json(
        copy=False,
        readonly=True,
        help="Selection, revisions, price breakdown and components of a confirmed line, for good.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(
            [{k: v for k, v in vals.items() if k != "option_snapshot"} for vals in vals_list]
        )
        lines.filtered(lambda line: line.state == "sale")._freeze_options()
        return lines

    def write(self, vals):
        vals = {key: value for key, value in vals.items() if key != "option_snapshot"}
        frozen = self.filtered("option_snapshot") if CONFIGURATION & vals.keys() else self.browse()
        before = {line: line._option_fingerprint() for line in frozen}
        result = super().write(vals)
        for line in frozen:
            line._check_frozen_options(before[line])
        return result

    @api.depends("product_no_variant_attribute_value_ids", "product_custom_attribute_value_ids.custom_value")
    def _compute_price_unit(self):
        """The price follows the options, until it is frozen: then not even a new quantity changes it."""
        return super(
            SaleOrderLine, self.filtered(lambda line: not line.option_snapshot)
        )._compute_price_unit()

    def _option_fingerprint(self):
        return self.product_id, self._option_ptavs(), self._option_quantities()

    def _check_frozen_options(self, before):
        if self._option_fingerprint() != before:
            raise UserError(
                self.env._(
                    "[OF-OPT-007] %s is confirmed, its options are fixed. Add a line with the new options, "
                    "and set the quantity of this one to 0.",
                    self.display_name,
                )
            )

    def _freeze_options(self):
        """Keep what was agreed on the lines that have a configuration and are not frozen yet."""
        for line in self.filtered(lambda each: not each.option_snapshot and not each.display_type):
            if line.product_id.product_tmpl_id.valid_product_template_attribute_line_ids:
                line._keep_option_snapshot(line._take_option_snapshot())

    def _thaw_options(self):
        """A quotation is agreed anew when it is confirmed again."""
        self.filtered("option_snapshot")._keep_option_snapshot(False)

    def _keep_option_snapshot(self, snapshot):
        # past our own write, which takes none
        return super().write({"option_snapshot": snapshot})  # pylint: disable=super-method-mismatch

    def _take_option_snapshot(self):
        self.ensure_one()
        values = self._option_ptavs()
        template = self.product_id.product_tmpl_id.with_company(self.company_id)
        sets = template._option_rule_sets().filtered("revision")
        return {
            "selection": self.product_id.product_tmpl_id._option_dicts(values.ids),
            "quantities": {str(key): number for key, number in self._option_quantities().items()},
            "rule_revisions": [
                {"set": each.name, "set_id": each.id, "revision": each.revision} for each in sets
            ],
            "date": self._option_date().isoformat(),
            "price_unit": self.price_unit,
            "breakdown": self._price_breakdown(),
            "components": self._option_components(),
        }

    def _option_components(self):
        """Return what Odoo's bill of materials takes for one end item: {product_id, code, name, quantity}."""
        self.ensure_one()
        if "mrp.bom" not in self.env:
            return []
        boms = self.env["mrp.bom"].sudo()  # the salesperson need not see bills of materials
        bom = boms._bom_find(self.product_id, company_id=self.company_id.id)[self.product_id]
        if not bom:
            return []
        never = self.product_no_variant_attribute_value_ids
        _boms, lines = bom.explode(self.product_id, 1.0 / bom.product_qty, never_attribute_values=never)
        return [
            {
                "product_id": part.product_id.id,
                "code": part.product_id.default_code or "",
                "name": part.product_id.name,
                "quantity": data["qty"] * self._option_factor(part),
            }
            for part, data in lines
        ]

    def _option_factor(self, bom_line):
        """Return how many times a component counts: the quantity of the option that calls for it."""
        quantities = self._option_quantities()
        factor = 1
        for value in bom_line.bom_product_template_attribute_value_ids:
            factor *= quantities.get(value.id, 1)
        return factor

    def replay_option_configuration(self):
        """Return the line as it was agreed: selection, revisions, price, breakdown and components."""
        self.ensure_one()
        self.check_access("read")
        return self.option_snapshot or self._take_option_snapshot()


class ProductAttributeCustomValue(models.Model):
    _inherit = "product.attribute.custom.value"

    @api.constrains("custom_value")
    def _check_option_quantity(self):
        """A number typed for an option is one, whoever writes it and however."""
        if self.env["order.fulfilment.capability"]._is_on("options"):
            for custom in self.filtered("sale_order_line_id"):
                value = custom.custom_product_template_attribute_value_id
                if value._option_quantity_in(custom) < 1:
                    raise ValidationError(custom.sale_order_line_id._no_quantity_text(value))

    def write(self, vals):
        frozen = self.sale_order_line_id.filtered("option_snapshot")
        before = {line: line._option_fingerprint() for line in frozen}
        result = super().write(vals)
        for line in frozen:
            line._check_frozen_options(before[line])
        return result
