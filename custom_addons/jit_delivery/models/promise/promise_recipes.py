from odoo import api, models

from ...tools.promise_supply import MAX_LEVELS, Recipe


class DeliveryPromise(models.AbstractModel):
    _inherit = "delivery.promise"

    @api.model
    def _get_recipes(self, lines, company):
        """Return ({product id: Recipe}, {line id: Recipe}, all products they name) of order lines and their
        components, level by level; only lines with options that make no variant have a recipe of their own.

        One search for each level, not for each product.
        """
        recipes, configured = {}, {}
        known = level = lines.product_id
        for depth in range(MAX_LEVELS):
            boms = self.env["mrp.bom"].sudo()._bom_find(level, company_id=company.id)
            self.env["mrp.bom"].union(*boms.values()).operation_ids.mapped("time_cycle")  # all at once
            for product, bom in boms.items():
                recipes[product.id] = self._to_recipe(product, bom)
            new = [recipes[product.id] for product in boms]
            if not depth:
                configured = self._get_configured_recipes(lines, boms)
                new += configured.values()
            parts = self.env["product.product"].browse(
                {part for recipe in new for part, _ in recipe.components}
            )
            level = parts - known
            if not level:
                break
            known |= level
        return recipes, configured, known

    @api.model
    def _get_configured_recipes(self, lines, boms):
        """Return {line id: Recipe} of the lines whose options are not in the variant but on the line."""
        recipes = {}
        for line in lines:
            options = line.product_no_variant_attribute_value_ids
            bom = boms.get(line.product_id)
            if bom and (options or line.product_custom_attribute_value_ids):
                recipes[line.id] = self._to_recipe(line.product_id, bom, options, line._option_quantities())
        return recipes

    @api.model
    def _to_recipe(self, product, bom, values=None, option_quantities=None):
        """Return the pure recipe of one unit of ``product``; a kit is a recipe that takes no time.

        ``values``: options of the order line that make no variant; ``option_quantities``: {option id: n}.
        """
        batch = bom.product_uom_id._compute_quantity(bom.product_qty, product.uom_id, round=False) or 1.0
        components = tuple(
            (
                line.product_id.id,
                line.product_uom_id._compute_quantity(line.product_qty, line.product_id.uom_id, round=False)
                * line._option_quantity_factor(option_quantities or {})
                / batch,
            )
            for line in bom.bom_line_ids
            if line.product_id.type == "consu" and not line._skip_bom_line(product, values)
        )
        if bom.type == "phantom":
            return Recipe(components)
        operations = bom.operation_ids.filtered(
            lambda operation: not operation._skip_operation_line(product, values)
        )
        steps = tuple(
            (
                operation.workcenter_id.id,
                operation.time_cycle / batch,
                operation.workcenter_id.time_start + operation.workcenter_id.time_stop,
            )
            for operation in operations
        )
        return Recipe(components, steps or ((None, 0, bom.produce_delay * 24 * 60),))

    @api.model
    def _get_production_recipe(self, production):
        """Return the recipe of a manufacturing order, with the options it is made for."""
        return self._to_recipe(
            production.product_id,
            production.bom_id,
            production.never_product_template_attribute_value_ids,
            {int(key): number for key, number in (production.option_quantities or {}).items()},
        )
