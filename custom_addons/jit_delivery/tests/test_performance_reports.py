from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestPerformanceReports(JitCase):
    """Three drops of one customer: in the window, too early, and one whose window passed without it."""

    def setUp(self):
        super().setUp()
        clock = freeze_time("2027-03-01 06:00:00")
        self.startPatcher(clock)
        self.env["delivery.slot"].search([]).active = False
        self.slots = [
            self._create_slot(self._utc(f"2027-03-0{day} 09:00:00"), capacity_drops=4, capacity_kg=50)
            for day in (2, 3)
        ]
        self._stock(self.chain, 50)

    def _delivered(self, slot, at, **values):
        order = self._create_order([(self.chain, 5)])
        order.write(values)
        order.promise_delivery(slot.id)
        order.action_confirm()
        if at:
            order.picking_ids.move_ids.write({"quantity": 5, "picked": True})
            order.picking_ids.button_validate()
            order.picking_ids.date_done = at
        self.env.flush_all()
        return order

    def _rows(self, orders):
        found = self.env["delivery.window.performance"].search([("order_id", "in", orders.ids)])
        return {row.order_id: row for row in found}

    def test_promised_and_requested_windows_are_counted_apart(self):
        asked = self.env["sale.order"]._prepare_requested_window(self.slots[0].start, self.slots[0].stop)
        self._hold("a", slot=self.slots[0])
        order = self._delivered(self.slots[1], "2027-03-03 10:00:00", **asked)
        row = self._rows(order)[order]
        self.assertEqual((row.in_promised, row.in_requested), (1.0, 0.0))
        self.assertEqual((row.weekday, str(row.local_date)), ("3", "2027-03-03"))

    def test_early_and_late_are_told_apart_and_equal_a_recount(self):
        times = ["2027-03-02 09:00:00", "2027-03-02 11:00:00", "2027-03-02 08:59:00", "2027-03-02 11:30:00"]
        orders = self.env["sale.order"].union(*[self._delivered(self.slots[0], at) for at in times])
        [(inside, early, late, minutes, count)] = self.env["delivery.window.performance"]._read_group(
            [("order_id", "in", orders.ids)],
            [],
            ["in_promised:avg", "is_early:avg", "is_late:avg", "minutes_late:avg", "__count"],
        )
        start, stop = self.slots[0].start, self.slots[0].stop
        done = [picking.date_done for picking in orders.picking_ids]
        self.assertEqual(inside, sum(start <= at <= stop for at in done) / 4)
        self.assertEqual((early, late, minutes, count), (0.25, 0.25, 7.5, 4))

    def test_transit_and_proof_say_when_it_arrived(self):
        carrier = self.env["delivery.carrier"].create(
            {"name": "Van", "product_id": self._create_product("Delivery", "DEL").id, "transit_hours": 2}
        )
        order = self._delivered(self.slots[0], "2027-03-02 08:00:00", carrier_id=carrier.id)
        self.assertEqual(str(self._rows(order)[order].delivered_at), "2027-03-02 10:00:00")
        signed = {"signer": "Jule", "signed_at": "2027-03-02 12:00:00"}
        with freeze_time("2027-03-02 12:30:00"):
            self.env["delivery.proof"].register("P-1", order.picking_ids.id, signed)
        self.env.flush_all()
        self.env.invalidate_all()
        row = self._rows(order)[order]
        self.assertEqual((row.in_promised, row.minutes_late), (0.0, 60.0))

    def test_what_is_open_counts_when_its_window_is_over(self):
        order = self._delivered(self.slots[0], None)
        self.env.cr.execute("SELECT now() AT TIME ZONE 'UTC'")  # PostgreSQL's clock is not frozen
        now = self.env.cr.fetchone()[0]
        order.picking_ids.move_ids.write(
            {
                "delivery_window_start": now - timedelta(hours=3),
                "delivery_window_stop": now - timedelta(hours=1),
            }
        )
        self.env.flush_all()
        row = self._rows(order)[order]
        self.assertEqual((row.in_promised, row.is_late, row.is_early), (0.0, 1.0, 0.0))
        order.picking_ids.move_ids.delivery_window_stop = now + timedelta(hours=1)
        self.env.flush_all()
        self.assertEqual(self._rows(order), {})

    def test_utilisation_is_of_the_sums_and_counts_no_holds(self):
        self.slots[1].capacity_drops = 12
        for slot in self.slots:
            self._delivered(slot, None)
        self._hold("held", slot=self.slots[0], kg=40)
        self.env.flush_all()
        slots = self.slots[0] | self.slots[1]
        usage = self.env["delivery.slot.usage"]
        [(share, booked)] = usage._read_group(
            [("slot_id", "in", slots.ids)], [], ["drops_share:avg", "booked_drops:sum"]
        )
        live = slots.hold_ids.filtered(lambda hold: hold.state == "confirmed")
        self.assertEqual((share, booked), (sum(live.mapped("drops")) / 16, 2.0))
        self.assertEqual(usage.search([("slot_id", "=", self.slots[0].id)]).bound_by, "drops")

    def test_bottlenecks_are_kept_with_their_hours(self):
        self._hold("full", slot=self.slots[0], drops=4)
        order = self._create_order([(self.chain, 1)])
        order.promise_delivery()
        bounds = self.env["delivery.promise.bound"].search([("order_id", "=", order.id)], order="id")
        self.assertEqual(bounds.mapped("code"), ["full", "no_slot"])
        self.assertEqual([round(hours, 1) for hours in bounds.mapped("hours")], [29.0, 22.0])
        self.assertEqual(bounds.mapped("is_binding"), [True, False])
        order.promise_delivery()
        self.assertEqual(len(self.env["delivery.promise.bound"].search([("order_id", "=", order.id)])), 2)

    def test_figures_are_for_planners_and_nobody_writes_them(self):
        outsider = self._create_user("of_outsider", "base.group_user")
        for model in ("delivery.window.performance", "delivery.slot.usage", "delivery.promise.bound"):
            self.env[model].with_user(self.dispatcher).search([], limit=1)
            with self.assertRaises(AccessError):
                self.env[model].with_user(outsider).search([], limit=1)
        with self.assertRaises(AccessError):
            self.env["delivery.promise.bound"].with_user(self.jit_manager).create({"code": "full"})
