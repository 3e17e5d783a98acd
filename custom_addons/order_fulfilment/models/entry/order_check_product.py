from odoo import models

from ...tools.entry.verdict import Finding


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _check_product_not_sold(self, orders):
        # freight and re-invoiced expenses are products that nobody may choose by hand
        chosen = orders._gate_lines().filtered(
            lambda line: not line._gate_is_freight() and not line._gate_is_expense()
        )
        for line in chosen:
            reason = line.product_id._gate_not_sold_reason(line.order_id._gate_company_day())
            if reason:
                yield Finding(
                    line.order_id.id,
                    reason,
                    (line.product_id.id, reason),
                    line.id,
                    fix=self.env._("Open product"),
                )

    def _fix_product_not_sold(self, order, line):
        return self._open_form(line.product_id)

    def _check_options_incomplete(self, orders):
        for line in orders._gate_lines():
            open_options = line._gate_open_options()
            if open_options:
                yield Finding(
                    line.order_id.id,
                    self.env._(
                        "%(product)s: choose %(options)s.",
                        product=line.product_id.display_name,
                        options=", ".join(open_options),
                    ),
                    (line.product_id.id, *open_options),
                    line.id,
                    line_ids=(line.id, *line._get_linked_lines().filtered("combo_item_id").ids),
                )

    def _check_unit_mismatch(self, orders):
        for line in orders._gate_lines():
            unit, own = line.product_uom_id, line.product_id.uom_id
            if unit != own and not unit._has_common_reference(own):
                yield Finding(
                    line.order_id.id,
                    self.env._(
                        "%(product)s is kept in %(own)s; %(unit)s cannot be converted.",
                        product=line.product_id.display_name,
                        own=own.name,
                        unit=unit.name,
                    ),
                    (line.product_id.id, unit.id, own.id),
                    line.id,
                    fix=self.env._("Use %s", own.name),
                )

    def _fix_unit_mismatch(self, order, line):
        line.product_uom_id = line.product_id.uom_id


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _gate_not_sold_reason(self, day):
        """Return why this product may not be sold on ``day``, "" if it may. The dates are those of the "
        "end item."""
        self.ensure_one()
        if not self.active or not self.sale_ok:
            return self.env._("%s is no longer sold: choose another product.", self.display_name)
        return self.product_tmpl_id._life_cycle_refusal(day)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _gate_open_options(self):
        """Return the names of the option classes this line has no choice for, or no text where one is "
        "asked."""
        self.ensure_one()
        if self.product_type == "combo":
            return self._gate_open_combos()
        chosen = self.product_no_variant_attribute_value_ids
        named = self.product_custom_attribute_value_ids.filtered(
            lambda value: (value.custom_value or "").strip()
        )
        names = []
        for option_class in self.product_id.product_tmpl_id.attribute_line_ids:
            attribute = option_class.attribute_id
            optional = attribute.display_type == "multi" or option_class.value_count < 2
            is_open = attribute.create_variant == "no_variant" and not optional
            if is_open and option_class not in chosen.attribute_line_id:
                names.append(attribute.name)
        picked = chosen | self.product_id.product_template_attribute_value_ids
        texts = picked.filtered("is_custom") - named.custom_product_template_attribute_value_id
        return names + [value.attribute_id.name for value in texts]

    def _gate_open_combos(self):
        """Return the choices of this combo that nothing, or another quantity, was ordered of."""
        parts, names = self._get_linked_lines(), []
        for combo in self.product_template_id.sudo().combo_ids:
            chosen = parts.filtered(lambda line, combo=combo: line.combo_item_id.combo_id == combo)
            quantity = sum(
                line.product_uom_id._compute_quantity(
                    line.product_uom_qty, self.product_uom_id, round=False, raise_if_failure=False
                )
                for line in chosen
            )
            if self.product_uom_id.compare(quantity, self.product_uom_qty):
                names.append(f"{self.product_uom_qty:g} × {combo.name}" if chosen else combo.name)
        return names
