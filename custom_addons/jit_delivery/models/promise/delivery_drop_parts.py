from datetime import timedelta

from odoo import fields, models

from ...tools.promise_supply import Ledger, World
from .promise_route import HORIZON_DAYS


class DeliveryDrop(models.AbstractModel):
    """In which order the assemblies of one delivery are done: as their parts come."""

    _inherit = "delivery.drop"

    def _sort_by_parts(self, productions):
        """Return ``productions`` of this delivery in the order in which their parts come.

        The promise lets lines take parts in turn. Laid back from loading in any other order, the assembly
        that has its parts would be done last, and the one that waits for a receipt before it has come.
        """
        if len(productions) < 2:
            return productions
        now, promise, parts = fields.Datetime.now(), self.env["delivery.promise"], productions
        while new := parts._get_sub_assemblies() - parts:
            parts |= new
        order, products = self._get_order(), parts.move_raw_ids.product_id
        supply = promise._get_supply(order.warehouse_id, products, order, now)
        ledger = Ledger(World(now, now + timedelta(days=HORIZON_DAYS), supply))
        ready = {each: self._take_parts(ledger, each) for each in productions.sorted("id")}
        return productions.sorted(lambda each: (ready[each], each.id))

    def _take_parts(self, ledger, production):
        """Take the parts of ``production`` and of what is made for it; answers when the last one is there."""
        world = ledger.world
        instants = [world.now]
        for move in production.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel")):
            made = move.move_orig_ids.production_id.filtered(lambda p: p.state not in ("done", "cancel"))
            if made:
                instants += [self._take_parts(ledger, part) for part in made]
            elif move.product_id.is_storable:
                instant = ledger.earliest(move.product_id.id, move.product_qty) or world.horizon
                ledger.take(move.product_id.id, move.product_qty, instant)
                instants.append(instant)
        return max(instants)
