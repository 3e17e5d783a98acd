from odoo import fields, models

from ...tools.working_time import minutes, schedule_back, without


class MrpProduction(models.Model):
    """An assembly to order knows what it is loaded with, so that a bench works in the sequence of loading."""

    _inherit = "mrp.production"

    load_date = fields.Datetime("Loading", readonly=True, copy=False, index="btree_not_null")
    delivery_slot_id = fields.Many2one("delivery.slot", readonly=True, copy=False, index="btree_not_null")
    dock_id = fields.Many2one(related="delivery_slot_id.dock_id", store=True, string="Dock")

    def _get_sub_assemblies(self):
        """Return the manufacturing orders that make components for these."""
        return self.move_raw_ids.move_orig_ids.production_id - self

    def _make_what_is_asked_for(self):
        """Make less, or nothing, where the moves these are made for ask for less now; none is begun."""
        for production in self.filtered(lambda each: each.state in ("draft", "confirmed")):
            asked = production.product_uom_qty - production._get_excess()
            unit = production.product_id.uom_id
            if unit.compare(asked, 0) <= 0:
                production.action_cancel()
            elif unit.compare(asked, production.product_uom_qty) < 0:
                quantity = unit._compute_quantity(asked, production.product_uom_id)
                change = self.env["change.production.qty"]
                change.create({"mo_id": production.id, "product_qty": quantity}).change_prod_qty()

    def _follows_by_itself(self):
        """Say whether what was planned for a delivery makes no more than is asked for now."""
        is_open = self.state in ("draft", "confirmed")
        return bool(self.load_date) and (self.state == "cancel" or (is_open and self._get_excess() <= 0))

    def _get_excess(self):
        """Return by how much all that is made for the same moves exceeds what they ask for."""
        made = self.move_finished_ids.filtered(lambda move: move.product_id == self.product_id)
        needs = made.move_dest_ids.filtered(lambda move: move.state != "cancel")
        makers = (needs.move_orig_ids.production_id | self).filtered(lambda each: each.state != "cancel")
        return sum(makers.mapped("product_uom_qty")) - sum(needs.mapped("product_qty"))

    def _get_back_scheduled(self, recipe, finish, free):
        """Return start and finish: as late as ``finish`` allows, in working time, not in the past.

        ``free``: {work centre id: free intervals}, from which the work is taken.
        """
        now = fields.Datetime.now()
        start = max(finish, now)
        for resource, per_unit, once in reversed(recipe.steps):
            found = schedule_back(
                free.get(resource), start, minutes(once + per_unit * self.product_uom_qty), now
            )
            start = found[0] if found else now
            if found and resource in free:
                free[resource] = without(free[resource], found[1])
        return max(start, now), max(finish, now)
