from dataclasses import replace

from odoo import api, models

from ...tools.promise_supply import MAX_LEVELS, NOT_MADE, Recipe
from .promise_procurement import MAKE, SHORT, STOCK


class DeliveryPromise(models.AbstractModel):
    _inherit = "delivery.promise"

    @api.model
    def _get_recipes(self, lines, warehouse):
        """Return ({component id: Recipe}, {line id: Recipe}, all products they name) of order lines.

        Only what Odoo would make has a recipe; a line that it would not make has NOT_MADE. One search for
        each level, not for each product.
        """
        is_asked = lines[:1].state != "sale"  # what is confirmed is procured already, and may be in stock
        of_lines, recipes = self._get_line_recipes(lines, warehouse, is_asked), {}
        new, known = list(of_lines.values()), self.env["product.product"]
        for _depth in range(MAX_LEVELS):
            parts = {part for recipe in new for part, _ in recipe.components}
            level = known.browse(parts) - known
            if not level:
                break
            found = self._get_part_recipes(level, warehouse, is_asked)
            recipes, new, known = {**recipes, **found}, list(found.values()), known | level
        return recipes, of_lines, lines.product_id | known

    @api.model
    def _find_boms(self, products, warehouse):
        """Return {product: bill of materials} by which ``warehouse`` makes it, operations read at once."""
        boms = (
            self.env["mrp.bom"]
            .sudo()
            ._bom_find(products, picking_type=warehouse.manu_type_id, company_id=warehouse.company_id.id)
        )
        self.env["mrp.bom"].union(*boms.values()).operation_ids.mapped("time_cycle")
        return boms

    @api.model
    def _get_line_recipes(self, lines, warehouse, is_asked):
        """Return {line id: Recipe} of all ``lines``, with the options that stand on the line."""
        boms = self._find_boms(lines.product_id, warehouse)
        with_bom = lines.filtered(lambda line: line.product_id in boms)
        sources = self._get_line_sources(with_bom)
        reordered = self._get_reordered(with_bom.product_id, warehouse)
        recipes = dict.fromkeys(lines.ids, NOT_MADE)
        for line in with_bom:
            bom, options = boms[line.product_id], line.product_no_variant_attribute_value_ids
            source = self._get_bom_source(bom, sources[line.id], line.product_id in reordered)
            if source != STOCK:
                numbers = (
                    line._option_quantities() if options or line.product_custom_attribute_value_ids else None
                )
                recipe = self._to_recipe(line.product_id, bom, options, numbers)
                recipes[line.id] = replace(recipe, is_to_order=source == MAKE and is_asked)
        return recipes

    @api.model
    def _get_part_recipes(self, products, warehouse, is_asked):
        """Return {product id: Recipe} of those components that would be made when they are asked for."""
        boms = self._find_boms(products, warehouse)
        with_bom = products.filtered(lambda product: product in boms)
        sources = self._get_part_sources(with_bom, warehouse)
        reordered = self._get_reordered(with_bom, warehouse)
        recipes = {}
        for product in with_bom:
            source = self._get_bom_source(boms[product], sources[product.id], product in reordered)
            if source != STOCK:
                recipe = self._to_recipe(product, boms[product])
                recipes[product.id] = replace(recipe, is_to_order=source == MAKE and is_asked)
        return recipes

    @api.model
    def _get_bom_source(self, bom, source, is_reordered):
        """Return how a product with ``bom`` is got: a kit from its parts, subcontracted from stock."""
        if bom.type == "phantom":
            return SHORT
        if bom.type != "normal":
            return STOCK
        return SHORT if source == STOCK and is_reordered else source

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
