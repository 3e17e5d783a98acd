from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.batching import INFINITE, Order, OversizeError, Running, join_running, plan_batches
from ...tools.pick_route import Layout

#: Stands in for transfers of which no location has a place on the floor: nothing to walk, nothing to gain.
NO_ZONE = Layout((0.0,), (0.0, 1.0), (0.0, 0.0))


class StockPicking(models.Model):
    """Batches built to walk less: gathers transfers for :mod:`...tools.batching` and applies its plan."""

    _inherit = "stock.picking"

    def _build_pick_batches(self):
        """Batch these transfers of one operation type; answer the batches, the most urgent first."""
        pickings = self.filtered(lambda picking: picking.state == "assigned" and not picking.batch_id)
        if not pickings:
            return self.env["stock.picking.batch"]
        operation = pickings.picking_type_id
        operation.ensure_one()
        orders = [picking._prepare_pick_order() for picking in pickings.sorted("id")]
        try:
            plan = plan_batches(
                orders, pickings._pick_layouts(), operation._pick_cart(), operation._pick_pace()
            )
        except OversizeError as error:
            raise UserError(
                self.env._(
                    "[OF-WH-010] Transfer %(transfer)s alone is more than the cart of %(operation)s takes: "
                    "split it or raise the limits of the operation type.",
                    transfer=self.browse(error.order.key).name,
                    operation=operation.display_name,
                )
            ) from error
        return self.env["stock.picking.batch"].create(
            [self._prepare_pick_batch(operation, batch) for batch in plan.batches]
        )

    def _prepare_pick_batch(self, operation, orders):
        return {
            "picking_type_id": operation.id,
            "company_id": operation.company_id.id,
            "picking_ids": [fields.Command.set([order.key for order in orders])],
        }

    def _main_pick_zone(self):
        """The zone in which most of the transfer's lines lie."""
        zones = [
            line.location_id.pick_zone_id for line in self.move_line_ids if line.location_id.pick_zone_id
        ]
        return max(zones, key=lambda zone: (zones.count(zone), -zone.id), default=self.env["pick.zone"])

    def _pick_layouts(self):
        zones = [picking._main_pick_zone() for picking in self]
        return {False: NO_ZONE} | {zone.id: zone._layout() for zone in zones if zone and zone._is_complete()}

    def _prepare_pick_order(self):
        """This transfer as the pure rules want it."""
        self.ensure_one()
        zone = self._main_pick_zone()
        zone = zone if zone and zone._is_complete() else zone.browse()
        locations = self.move_line_ids.location_id.filtered(lambda place: zone and place.pick_zone_id == zone)
        due = self.date_deadline or self.scheduled_date
        return Order(
            key=self.id,
            stops=tuple(zone._stops(locations)) if zone else (),
            units=len(self.move_line_ids),
            weight=self._pick_weight(),
            volume=sum(move.product_id.volume * move.product_qty for move in self.move_ids),
            zone=zone.id,
            due=(due - fields.Datetime.now()).total_seconds() / 3600 if due else INFINITE,
        )

    def _pick_weight(self):
        return sum(move.product_id.weight * move.product_qty for move in self.move_ids)

    def action_join_running_batch(self):
        """Put this late transfer on the running walk with the shortest detour that stays in time for all."""
        self.ensure_one()
        order = self._prepare_pick_order()
        walks = {batch.id: batch for batch in self._running_batches(order.zone)}
        zone = self.env["pick.zone"].browse(order.zone)
        running = [batch._prepare_running(zone) for batch in walks.values()]
        operation = self.picking_type_id
        found = zone and join_running(
            order, running, zone._layout(), operation._pick_cart(), operation._pick_pace()
        )
        if not found:
            raise UserError(
                self.env._(
                    "[OF-WH-011] No running batch can take %(transfer)s and stay in time: "
                    "pick it alone or in the next batch.",
                    transfer=self.name,
                )
            )
        self.batch_id = walks[found[0]]
        return True

    def _running_batches(self, zone):
        batches = self.env["stock.picking.batch"].search(
            [("state", "=", "in_progress"), ("picking_type_id", "=", self.picking_type_id.id)]
        )
        return batches.filtered(lambda batch: zone in batch._pick_lines().location_id.pick_zone_id.ids)


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
            position=(layout.aisles[last[0].aisle], last[0].y) if last else layout.depot,
            remaining=tuple(zone._stops(open_lines.location_id)),
            back=self.pick_distance * share / pace.speed + len(open_lines) * pace.line,
        )
