from odoo import api, fields, models

from ...tools.promise_supply import MAX_LEVELS, Recipe
from ...tools.windows import Hours, Interval, merge, open_intervals, subtract


class DeliveryPromise(models.AbstractModel):
    _inherit = "delivery.promise"

    @api.model
    def _get_recipes(self, products, company):
        """Return ({product id: Recipe}, all products they name) of ``products`` and their components, level
        by level.

        One search for each level, not for each product.
        """
        recipes, known, level = {}, products, products
        for _depth in range(MAX_LEVELS):
            boms = self.env["mrp.bom"].sudo()._bom_find(level, company_id=company.id)
            self.env["mrp.bom"].union(*boms.values()).operation_ids.mapped("time_cycle")  # all at once
            for product, bom in boms.items():
                recipes[product.id] = self._to_recipe(product, bom)
            parts = self.env["product.product"].browse(
                {part for product in boms for part, _ in recipes[product.id].components}
            )
            level = parts - known
            if not level:
                break
            known |= level
        return recipes, known

    @api.model
    def _to_recipe(self, product, bom):
        """Return the pure recipe of one unit of ``product``; a kit is a recipe that takes no time."""
        batch = bom.product_uom_id._compute_quantity(bom.product_qty, product.uom_id, round=False) or 1.0
        components = tuple(
            (
                line.product_id.id,
                line.product_uom_id._compute_quantity(line.product_qty, line.product_id.uom_id, round=False)
                / batch,
            )
            for line in bom.bom_line_ids
            if line.product_id.type == "consu" and not line._skip_bom_line(product)
        )
        if bom.type == "phantom":
            return Recipe(components)
        operations = bom.operation_ids.filtered(lambda operation: not operation._skip_operation_line(product))
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
        used = {resource for recipe in recipes.values() for resource, _, _ in recipe.steps if resource}
        centres = self.env["mrp.workcenter"].sudo().browse(sorted(used))
        busy = self._get_busy(centres)
        free = {
            centre.id: subtract(
                self._get_working_time(centre.resource_calendar_id, horizon), merge(busy[centre.id])
            )
            for centre in centres
        }
        staff = self._get_working_time(warehouse.sudo().working_calendar_id, horizon)
        return {**free, "pick": staff, "pack": staff}

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
