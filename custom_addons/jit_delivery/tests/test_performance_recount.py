import random
from collections import defaultdict
from datetime import timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import tagged

from .common import JitCase

# Drops and their facts, told from the tables alone: no view, no window of the order.
DROPS = """
    SELECT o.partner_id AS customer, hold.slot_id AS slot, slot.dock_id AS dock,
           p.date_done AS done, slot.start, slot.stop, asked.date_from, asked.date_to
      FROM sale_order o
      JOIN stock_picking p ON p.sale_id = o.id AND p.state <> 'cancel'
      JOIN delivery_slot_hold hold ON hold.order_ref = o.id AND hold.state = 'confirmed'
      JOIN delivery_slot slot ON slot.id = hold.slot_id
      LEFT JOIN sale_order_promise asked ON asked.order_id = o.id AND asked.kind = 'requested'
     WHERE o.id = ANY(%s) AND p.id IN (
           SELECT move.picking_id FROM stock_move move
             JOIN sale_order_line line ON line.id = move.sale_line_id
            WHERE COALESCE((SELECT d.slot_hold_key FROM sale_order_drop d WHERE d.id = line.drop_id),
                           o.slot_hold_key) = hold.key)
"""


@tagged("post_install", "-at_install")
class TestPerformanceRecount(JitCase):
    """Thirty orders of three customers, some as available, delivered when chance will have it."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-20 06:00:00"))  # the clocks go forward within the span
        self.env["delivery.slot"].search([]).active = False
        self.random = random.Random(20270301)
        self.docks = [self.stock_location.copy({"name": name}) for name in ("Dock A", "Dock B")]
        self.slots = [
            self._create_slot(
                self._utc("2027-03-24 07:00:00") + timedelta(days=n // 2),
                capacity_drops=60,
                dock_id=self.docks[n % 2].id,
            )
            for n in range(14)
        ]
        zones = ("Europe/Berlin", "Asia/Kathmandu", "America/Los_Angeles")
        self.customers = [self.customer.copy({"name": zone, "tz": zone}) for zone in zones]
        self.tube = self._create_product("Tube", "TUBE")
        self._stock(self.chain, 900)
        self._stock(self.tube, 900)
        self.orders = self.env["sale.order"].union(*[self._delivered(n) for n in range(30)])
        self.env.flush_all()

    def _delivered(self, number):
        chance = self.random
        values = {"partner_id": chance.choice(self.customers).id}
        order = self._create_order([(self.chain, 1), (self.tube, 1)], **values)
        first = 0
        if chance.random() < 0.5:
            first = chance.randrange(len(self.slots))
            asked = self.slots[first]
            order.write(order._prepare_requested_window(asked.start, asked.stop))
        if number % 5:
            order.promise_delivery(chance.choice(self.slots[first // 2 * 2 :]).id)
        else:
            order.promise_as_available()
        order.action_confirm()
        for picking in order.picking_ids:
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking._action_done()
            stop = picking.move_ids[0].delivery_window_stop
            picking.date_done = stop + timedelta(minutes=chance.choice((-300, -121, -120, -60, 0, 1, 500)))
        return order

    def _recount(self, name):
        """Return {value of ``name``: (drops, share in the promised, share in the requested window)}."""
        self.env.cr.execute(DROPS, [self.orders.ids])
        groups = defaultdict(list)
        for drop in self.env.cr.dictfetchall():
            zone = ZoneInfo(self.env["res.partner"].browse(drop["customer"]).tz)
            local = drop["start"].replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
            drop["weekday"] = str(local.isoweekday())
            groups[drop[name]].append(drop)
        return {value: self._shares(drops) for value, drops in groups.items()}

    def _shares(self, drops):
        promised = [drop["start"] <= drop["done"] <= drop["stop"] for drop in drops]
        asked = [drop["date_from"] <= drop["done"] <= drop["date_to"] for drop in drops if drop["date_to"]]
        requested = sum(asked) / len(asked) if asked else None
        return len(drops), round(sum(promised) / len(promised), 9), requested and round(requested, 9)

    def _reported(self, field):
        found = self.env["delivery.window.performance"]._read_group(
            [("order_id", "in", self.orders.ids)],
            [field],
            ["drops:sum", "in_promised:avg", "in_requested:avg", "with_request:sum"],
        )
        return {
            getattr(value, "id", value): (
                drops,
                round(promised, 9),
                (requested and round(requested, 9)) if asked else None,
            )
            for value, drops, promised, requested, asked in found
        }

    def test_every_grouping_equals_a_recount_from_the_tables(self):
        for name, field in (
            ("customer", "partner_id"),
            ("slot", "slot_id"),
            ("dock", "dock_id"),
            ("weekday", "weekday"),
        ):
            recount = self._recount(name)
            self.assertGreater(len(recount), 1, name)
            self.assertEqual(self._reported(field), recount, name)

    def test_utilisation_equals_a_recount_from_the_bookings(self):
        self.env.cr.execute(
            """SELECT s.dock_id, sum(b.drops) / sum(s.capacity_drops) FROM delivery_slot s
               JOIN (SELECT slot_id, sum(drops) AS drops FROM delivery_slot_hold WHERE state = 'confirmed'
                     GROUP BY slot_id UNION ALL SELECT id, 0 FROM delivery_slot WHERE id <> ALL
                     (SELECT slot_id FROM delivery_slot_hold WHERE state = 'confirmed')) b ON b.slot_id = s.id
               WHERE s.active AND s.dock_id = ANY(%s) GROUP BY s.dock_id""",
            [[dock.id for dock in self.docks]],
        )
        recount = {dock: round(float(share), 9) for dock, share in self.env.cr.fetchall()}
        found = self.env["delivery.slot.usage"]._read_group(
            [("dock_id", "in", list(recount))], ["dock_id"], ["drops_share:avg"]
        )
        self.assertEqual({dock.id: round(share, 9) for dock, share in found}, recount)

    def test_bottlenecks_equal_a_recount_of_the_reasons(self):
        bounds = self.env["delivery.promise.bound"]
        found = bounds._read_group(
            [("order_id", "in", self.orders.ids), ("is_binding", "=", True)], ["code"], ["__count"]
        )
        costliest = defaultdict(int)
        of_orders = bounds.search([("order_id", "in", self.orders.ids)])
        for steps in of_orders.grouped("promise_id").values():
            costliest[max(steps.sorted("id"), key=lambda step: step.hours).code] += 1
        self.assertEqual(dict(found), dict(costliest))
