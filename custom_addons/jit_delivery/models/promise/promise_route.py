from datetime import timedelta

from odoo import api, fields, models

from ...tools.cutoffs import cycles
from ...tools.promise import Line, Route, Slot
from ...tools.promise_supply import NOT_MADE, World
from ...tools.slot_load import Load
from ...tools.windows import merge

HORIZON_DAYS = 90


class DeliveryPromise(models.AbstractModel):
    _inherit = "delivery.promise"

    @api.model
    def _get_facts(self, order, horizon_days=HORIZON_DAYS):
        """Return (world, route, lines): all that a promise for ``order`` depends on, as pure values."""
        now = fields.Datetime.now()
        horizon = now + timedelta(days=horizon_days)
        sold = order.order_line.filtered(
            lambda line: line.product_id.type == "consu" and line._get_quantity_to_deliver() > 0
        )
        warehouse = order.warehouse_id
        recipes, of_lines, products = self._get_recipes(sold, warehouse)
        made = {line.product_id.id for line in sold if of_lines[line.id] is not NOT_MADE} | set(recipes)
        counted = products.filtered("is_storable")
        world = World(
            now,
            horizon,
            self._get_supply(warehouse, counted, order, now),
            recipes,
            self._get_resources(
                [*recipes.values(), *of_lines.values()],
                warehouse,
                horizon,
                order._get_chain_productions(),
                order,
            ),
            frozenset((products - counted).filtered(lambda product: product.id not in made).ids),
        )
        return (
            world,
            self._get_route(order, now, horizon),
            [self._get_line(line, of_lines[line.id]) for line in sold],
        )

    @api.model
    def _get_line(self, line, recipe=None):
        product, warehouse = line.product_id, line.order_id.warehouse_id
        quantity = line._get_quantity_to_deliver()
        load = Load(0, kg=round(quantity * product.weight, 3), m3=round(quantity * product.volume, 3))
        return Line(
            line.id, product.id, quantity, load, warehouse.pick_minutes, warehouse.pack_minutes, recipe
        )

    @api.model
    def _get_route(self, order, now, horizon):
        """Return the way to the customer: departures, transit, receiving hours and slots with their room."""
        plan = self.env["delivery.cutoff"]._get_plan(
            order.warehouse_id, order.carrier_id, order.order_line.route_ids
        )
        departures = plan and self._get_cycles(plan, order.warehouse_id, now, horizon)
        receiving = order.partner_shipping_id._get_receiving_windows(now, horizon)
        return Route(
            cycles=departures,
            transit_minutes=order.carrier_id.transit_hours * 60,
            receiving=None if receiving is None else tuple(receiving),
            slots=self._get_slots(order, now, horizon),
            unload_minutes=order.warehouse_id.unload_minutes,
        )

    @api.model
    def _get_cycles(self, plan, warehouse, now, horizon):
        """Return the departures of ``plan``; none on the holidays of the warehouse."""
        holidays = merge(warehouse.sudo().working_calendar_id._get_holidays())
        return tuple(
            cycle
            for cycle in cycles(plan, now, horizon)
            if not any(start <= instant < end for start, end in holidays for instant in cycle)
        )

    @api.model
    def _plans_slots(self, warehouse):
        """Say whether slots are to come: then none is a lack, and no leave to deliver at any time."""
        templates = self.env["delivery.slot.template"].sudo()  # planners' set-up decides for everybody
        return bool(templates.search_count([("warehouse_id", "=", warehouse.id)], limit=1))

    @api.model
    def _get_slots(self, order, now, horizon):
        """Return the slots this order may use; None where the warehouse plans none."""
        slots = self.env["delivery.slot"].search(
            [("warehouse_id", "=", order.warehouse_id.id), ("start", ">", now), ("start", "<", horizon)]
        )
        if not slots:
            return () if self._plans_slots(order.warehouse_id) else None
        drops = order._get_slot_drops().filtered("slot_hold_key")
        own = {drop.delivery_slot_id: drop._get_held_load() for drop in drops}
        fits = slots.filtered(
            lambda slot: (
                (not slot.is_closed or own.get(slot))  # closing a slot breaks no promise
                and (not slot.carrier_id or slot.carrier_id._match_address(order.partner_shipping_id))
            )
        )
        overdue = fits._get_overdue()
        return tuple(
            Slot(
                s.id,
                s.start,
                s.stop,
                s._get_load("capacity"),
                s._get_taken(overdue.get(s.id), own.get(s)),
            )
            for s in fits
        )
