from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.batching import INFINITE, Order, Running, join_running, plan_batches
from ...tools.pick_route import Layout

#: Stands in for transfers of which no location has a place on the floor: nothing to walk, nothing to gain.
NO_ZONE = Layout((0.0,), (0.0, 1.0), (0.0, 0.0))


class StockPicking(models.Model):
    """Batches built to walk less: gathers transfers for :mod:`...tools.batching` and applies its plan."""

    _inherit = "stock.picking"

    def _build_pick_batches(self, by_zone=False):
        """Batch these transfers of one operation type: ``(batches, the most urgent first, refused)``.

        ``by_zone``: waves, which take of a transfer only what lies in one zone. ``refused``: transfers that
        alone are more than the cart takes.
        """
        pickings = self.filtered(lambda picking: picking.state == "assigned" and not picking.batch_id)
        batches, refused = self.env["stock.picking.batch"], self.browse()
        if not pickings:
            return batches, refused
        operation = pickings.picking_type_id
        operation.ensure_one()
        cart = operation._pick_cart()
        parts = {part.key: part for picking in pickings.sorted("id") for part in picking._pick_parts(by_zone)}
        fitting = [part for part in parts.values() if cart.takes([part])]
        refused |= self.browse({part.key[0] for part in parts.values() if not cart.takes([part])})
        plan = plan_batches(
            fitting, pickings._pick_layouts(), cart, operation._pick_pace(), 3.0 + len(fitting) / 100
        )
        for batch in plan.batches:
            batches += self._create_pick_batch(operation, batch, by_zone)
        return batches, refused

    def _refuse_oversize(self):
        """Error for transfers that no cart takes."""
        return UserError(
            self.env._(
                "[OF-WH-010] Transfer %(transfer)s alone is more than the cart of %(operation)s takes: "
                "split it or raise the limits of the operation type.",
                transfer=self[0].name,
                operation=self[0].picking_type_id.display_name,
            )
        )

    def _pick_parts(self, by_zone):
        """This transfer as the pure rules want it: whole, or one part per zone."""
        self.ensure_one()
        if not by_zone:
            return [self._prepare_pick_order()]
        lines = self.move_line_ids
        return [
            self._prepare_pick_order(lines.filtered(lambda line, z=zone: line._walk_zone() == z))
            for zone in sorted({line._walk_zone() for line in lines}, key=lambda zone: zone.id)
        ]

    def _create_pick_batch(self, operation, parts, by_zone):
        pickings = self.browse([part.key[0] for part in parts])
        values = {"picking_type_id": operation.id, "company_id": operation.company_id.id}
        if not by_zone:
            values["picking_ids"] = [fields.Command.set(pickings.ids)]
            return self.env["stock.picking.batch"].create(values)
        wave = self.env["stock.picking.batch"].create({**values, "is_wave": True})
        zones = {part.key[0]: part.zone for part in parts}
        lines = pickings.move_line_ids.filtered(
            lambda line: (line._walk_zone().id or False) == zones[line.picking_id.id]
        )
        lines._add_to_wave(wave)
        return wave

    def _pick_layouts(self):
        zones = self.move_line_ids.location_id.pick_zone_id
        return {False: NO_ZONE} | {zone.id: zone._layout() for zone in zones if zone._is_complete()}

    def _prepare_pick_order(self, lines=None):
        """This transfer, or only ``lines`` of it, as the pure rules want it."""
        self.ensure_one()
        lines = self.move_line_ids if lines is None else lines
        zone = lines._main_walk_zone()
        locations = lines.location_id.filtered(lambda place: zone and place.pick_zone_id == zone)
        due = self.date_deadline or self.scheduled_date
        return Order(
            key=(self.id, zone.id),
            stops=tuple(zone._stops(locations)) if zone else (),
            units=len(lines),
            weight=sum(line.product_id.weight * line.quantity_product_uom for line in lines),
            volume=sum(line.product_id.volume * line.quantity_product_uom for line in lines),
            zone=zone.id,
            due=(due - fields.Datetime.now()).total_seconds() / 3600 if due else INFINITE,
        )

    def action_join_running_batch(self):
        """Put this late transfer on the running walk with the shortest detour that stays in time for all."""
        self.ensure_one()
        self.check_access("write")
        batch = self._find_running_batch()
        if not batch:
            raise UserError(
                self.env._(
                    "[OF-WH-011] No running batch can take %(transfer)s and stay in time: "
                    "pick it alone or in the next batch.",
                    transfer=self.name,
                )
            )
        self.batch_id = batch
        return True

    def _find_running_batch(self):
        """The running batch that can still take this transfer, or none."""
        order = self._prepare_pick_order()
        walks = {batch.id: batch for batch in self._running_batches(order.zone)}
        zone = self.env["pick.zone"].browse(order.zone)
        running = [batch._prepare_running(zone) for batch in walks.values()]
        operation = self.picking_type_id
        found = zone and join_running(
            order, running, zone._layout(), operation._pick_cart(), operation._pick_pace()
        )
        return walks[found[0]] if found else self.env["stock.picking.batch"]

    def _join_running_batches_where_asked(self):
        """Late orders join by themselves where the operation type says so."""
        late = self.filtered(
            lambda picking: (
                picking.picking_type_id.is_joining_late
                and picking.state == "assigned"
                and not picking.batch_id
            )
        )
        for picking in late:
            picking.batch_id = picking._find_running_batch()

    def _running_batches(self, zone):
        batches = self.env["stock.picking.batch"].search(
            [("state", "=", "in_progress"), ("picking_type_id", "=", self.picking_type_id.id)]
        )
        return batches.filtered(lambda batch: zone in batch._pick_lines().location_id.pick_zone_id.ids)


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _walk_zone(self):
        """The zone that this line is walked in; none where it has no place or the zone is not laid out."""
        zone = self.location_id.pick_zone_id
        return zone if zone and zone._is_complete() else zone.browse()

    def _main_walk_zone(self):
        """The zone in which most of these lines lie."""
        zones = [zone for line in self if (zone := line._walk_zone())]
        return max(zones, key=lambda zone: (zones.count(zone), -zone.id), default=self.env["pick.zone"])


class StockPickingBatch(models.Model):
    _inherit = "stock.picking.batch"

    def _prepare_running(self, zone):
        """The rest of this walk: from the last place picked at through what is not picked yet."""
        lines = (
            self._pick_lines().filtered(lambda line: line.location_id.pick_zone_id == zone)._in_pick_order()
        )
        open_lines = lines.filtered(lambda line: not line.picked)
        picked = lines.filtered("picked").sorted("write_date")[-1:]
        layout, pace = zone._layout(), self.picking_type_id._pick_pace()
        last = zone._stops(picked.location_id)
        share = len(open_lines) / len(lines) if lines else 0.0
        return Running(
            key=self.id,
            orders=tuple(picking._prepare_pick_order() for picking in self.picking_ids),
            position=layout.place(last[0]) if last else layout.start,
            remaining=tuple(zone._stops(open_lines.location_id)),
            back=self.pick_distance * share / pace.speed + len(open_lines) * pace.line,
        )
