from odoo import api, fields, models

from ...tools.promise_supply import MAX_LEVELS, Recipe
from ...tools.windows import Hours, Interval, merge, open_intervals, subtract


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
                recipes[line.id] = self._to_recipe(
                    line.product_id, bom, options, line._option_quantities()
                )
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
    def _get_resources(self, recipes, warehouse, horizon):
        """Return {resource: free intervals} of the work centres of ``recipes``, pick and pack."""
        used = {resource for recipe in recipes for resource, _, _ in recipe.steps if resource}
        centres = self.env["mrp.workcenter"].sudo().browse(sorted(used))
        busy = self._get_busy(centres)
        free = {
            centre.id: self._get_free_time(centre.resource_calendar_id, busy[centre.id], horizon)
            for centre in centres
        }
        staff = self._get_working_time(warehouse.sudo().working_calendar_id, horizon)
        return {**free, "pick": staff, "pack": staff}

    @api.model
    def _get_free_time(self, calendar, busy, horizon):
        """Return the open intervals less what is ``busy``; a work centre without calendar is always open."""
        opened = self._get_working_time(calendar, horizon)
        if opened is None and busy:
            opened = [Interval(fields.Datetime.now(), horizon)]
        return opened and subtract(opened, merge(busy))

    @api.model
    def _get_working_time(self, calendar, horizon):
        """Return the calendar's open intervals until ``horizon``; None without a calendar: always."""
        if not calendar:
            return None
        hours = Hours(calendar.tz or "UTC", calendar._get_weekly_windows(), holidays=calendar._get_holidays())
        return open_intervals(hours, fields.Datetime.now(), horizon)

    @api.model
    def _get_busy(self, centres):
        """Return {work centre id: [intervals]} taken by planned work orders."""
        busy = {centre.id: [] for centre in centres}
        orders = (
            self.env["mrp.workorder"]
            .sudo()
            .search_read(
                [
                    ("workcenter_id", "in", centres.ids),
                    ("state", "not in", ("done", "cancel")),
                    ("date_start", "!=", False),
                    ("date_finished", "!=", False),
                ],
                ["workcenter_id", "date_start", "date_finished"],
                load=None,
            )
        )
        for order in orders:
            if order["date_finished"] > order["date_start"]:
                busy[order["workcenter_id"]].append(Interval(order["date_start"], order["date_finished"]))
        return busy
