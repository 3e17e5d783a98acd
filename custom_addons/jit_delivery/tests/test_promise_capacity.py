from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestPromiseCapacity(JitCase):
    """Working time that one order is promised is gone for the next. It is Monday, 7:00; work is 8 to 16."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.env["delivery.slot"].search([]).active = False
        self.slots = [
            self._create_slot(self._utc(f"2027-03-0{day} 13:00:00"), capacity_drops=9) for day in (1, 2, 3, 4)
        ]
        days = [
            Command.create({"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 16})
            for day in range(5)
        ]
        self.calendar = self.env["resource.calendar"].create(
            {"name": "Shift", "tz": "Europe/Berlin", "attendance_ids": [Command.clear(), *days]}
        )
        self.warehouse.write({"working_calendar_id": self.calendar.id, "delivery_steps": "ship_only"})
        self.routes = self.warehouse.manufacture_pull_id.route_id | self.warehouse.mto_pull_id.route_id
        self.routes.active = True
        self._stock(self.chain, 100)

    def _centre(self, name):
        values = {"name": name, "resource_calendar_id": self.calendar.id, "time_start": 0, "time_stop": 0}
        return self.env["mrp.workcenter"].create(values)

    def _assembled(self, name, centre, minutes, component):
        product = self._create_product(name, name, route_ids=[Command.set(self.routes.ids)])
        operation = {"name": name, "workcenter_id": centre.id, "time_cycle_manual": minutes}
        part = {"product_id": component.id, "product_qty": 1}
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [Command.create(part)],
                "operation_ids": [Command.create(operation)],
            }
        )
        return product

    def _sold(self, *lines, slot=None):
        order = self._create_order(lines)
        order.promise_delivery(slot.id if slot else False)
        order.action_confirm()
        return order

    def _slot_days(self, *orders):
        return [order.delivery_slot_id.start.day for order in orders]

    def test_a_bench_is_not_promised_twice(self):
        bike = self._assembled("BIKE", self._centre("Bench"), 360, self.chain)
        orders = [self._sold((bike, 1)) for _number in range(3)]
        self.assertEqual(self._slot_days(*orders), [1, 2, 3])
        self.assertIn("assembly of [BIKE] BIKE is finished", orders[1].promise_explanation)
        times = [(str(p.date_start), str(p.date_finished)) for p in orders[1]._get_chain_productions()]
        self.assertEqual(times, [("2027-03-02 07:00:00", "2027-03-02 13:00:00")])

    def test_what_waits_for_parts_is_assembled_last(self):
        """The bikes of line one have their parts, two of line two wait for noon: not the other way round."""
        part = self._create_product("TUBE", "TUBE")
        self._stock(part, 3)
        receipt = {"product_id": part.id, "product_uom_qty": 2, "date": "2027-03-01 11:00:00"}
        places = {"location_id": self.env.ref("stock.stock_location_suppliers").id}
        places["location_dest_id"] = self.stock_location.id
        self.env["stock.move"].create({**receipt, **places})._action_confirm()
        bike = self._assembled("BIKE", self._centre("Bench"), 60, part)
        order = self._sold((bike, 3), (bike, 2), slot=self.slots[0])
        times = [(p.product_qty, str(p.date_start)) for p in order._get_chain_productions().sorted("id")]
        self.assertEqual(times, [(3, "2027-03-01 08:00:00"), (2, "2027-03-01 11:00:00")])

    def test_a_part_that_moves_to_an_earlier_day_leaves_its_time_to_the_rest(self):
        part = self._create_product("TUBE", "TUBE")
        self._stock(part, 3)
        receipt = {"product_id": part.id, "product_uom_qty": 2, "date": "2027-03-02 11:00:00"}
        places = {"location_id": self.env.ref("stock.stock_location_suppliers").id}
        places["location_dest_id"] = self.stock_location.id
        self.env["stock.move"].create({**receipt, **places})._action_confirm()
        bike = self._assembled("BIKE", self._centre("Bench"), 60, part)
        order = self._sold((bike, 3), (bike, 2), slot=self.slots[1])
        order.promise_as_available()
        times = [str(p.date_start) for p in order._get_chain_productions().sorted("id")]
        self.assertEqual(times, ["2027-03-01 10:00:00", "2027-03-02 11:00:00"])

    def test_work_of_tomorrow_takes_no_time_of_today(self):
        bike = self._assembled("BIKE", self._centre("Bench"), 60, self.chain)
        self._sold((bike, 3), slot=self.slots[1])
        today = self._sold((bike, 1), slot=self.slots[0])
        production = today._get_chain_productions()
        self.assertEqual(
            (str(production.date_start), str(production.date_finished)),
            ("2027-03-01 12:00:00", "2027-03-01 13:00:00"),
        )

    def test_pickers_are_not_promised_twice(self):
        self.warehouse.pick_minutes = 360
        orders = [self._sold((self.chain, 1)) for _number in range(3)]
        self.assertEqual(self._slot_days(*orders), [1, 2, 3])
        self.assertEqual(str(orders[1].pick_start_date), "2027-03-02 07:00:00")

    def test_orders_promised_at_the_same_moment_do_not_share_hands(self):
        self.warehouse.pick_minutes = 180
        first, second, third = (self._create_order([(self.chain, 1)]) for _number in range(3))
        first.promise_delivery(self.slots[1].id)
        second.promise_delivery(self.slots[1].id)
        second.write({name: first[name] for name in ("pick_start_date", "pack_start_date", "load_date")})
        times = self.env["delivery.promise"]._get_facts(third)[0].resources["pick"]
        self.assertEqual(sum((end - start).seconds for start, end in times[:2]), (16 * 60 - 2 * 180) * 60)
        (first | second).action_confirm()
        starts = [str(order.pick_start_date) for order in (first, second)]
        self.assertEqual(starts, ["2027-03-02 07:00:00", "2027-03-02 10:00:00"])

    def test_a_hold_counts_as_long_as_it_lives(self):
        self.warehouse.pick_minutes = 300
        first, second = (self._create_order([(self.chain, 1)]) for _number in range(2))
        first.promise_delivery()
        self.assertEqual(second.promise_delivery()["slot_id"], self.slots[1].id)
        first.release_slot()
        self.assertEqual(second.promise_delivery()["slot_id"], self.slots[0].id)

    def test_parts_are_finished_when_the_end_item_begins(self):
        frame = self._assembled("FRAME", self._centre("Welding"), 60, self.chain)
        bike = self._assembled("BIKE", self._centre("Bench"), 120, frame)
        order = self._sold((bike, 1), slot=self.slots[1])
        found = {
            p.product_id.name: (str(p.date_start)[11:16], str(p.date_finished)[11:16])
            for p in order._get_chain_productions()
        }
        self.assertEqual(found, {"BIKE": ("11:00", "13:00"), "FRAME": ("10:00", "11:00")})
        order.promise_delivery(self.slots[2].id)
        days = {production.date_start.day for production in order._get_chain_productions()}
        self.assertEqual(days, {3}, "a change reaches every level")

    def test_assembly_over_night_keeps_its_end(self):
        bike = self._assembled("BIKE", self._centre("Bench"), 600, self.chain)
        production = self._sold((bike, 1))._get_chain_productions()
        self.env.flush_all()
        self.env.invalidate_all()
        times = [str(production.date_start), str(production.date_finished)]
        self.assertEqual(times, ["2027-03-01 11:00:00", "2027-03-02 13:00:00"])

    def test_two_lines_share_a_bench(self):
        bench = self._centre("Bench")
        bikes = [self._assembled(name, bench, 60, self.chain) for name in ("CITY", "TOURER")]
        order = self._sold(*[(bike, 1) for bike in bikes], slot=self.slots[1])
        starts = sorted(str(p.date_start)[11:16] for p in order._get_chain_productions())
        self.assertEqual(starts, ["11:00", "12:00"])

    def test_an_assembled_order_can_come_earlier(self):
        bike = self._assembled("BIKE", self._centre("Bench"), 300, self.chain)
        order = self._sold((bike, 1), slot=self.slots[2])
        order.promise_delivery(self.slots[0].id)
        self.assertEqual(str(order._get_chain_productions().date_start), "2027-03-01 08:00:00")
        self.assertEqual(order.picking_ids.move_ids.delivery_window_start, self.slots[0].start)

    def test_loading_is_done_in_working_time(self):
        early = self._create_slot(self._utc("2027-03-02 05:00:00"), capacity_drops=1)
        order = self._sold((self.chain, 1), slot=early)
        self.assertEqual(str(order.load_date), "2027-03-01 15:00:00", "the end of Monday's shift")

    def test_nothing_departs_on_a_holiday(self):
        self.env["delivery.cutoff"].create(
            {"name": "Daily", "warehouse_id": self.warehouse.id, "hour_cutoff": 10, "hour_departure": 12}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": "2027-02-28 23:00:00",
                "date_to": "2027-03-01 22:59:59",
            }
        )
        order = self._sold((self.chain, 1))
        self.assertEqual(str(order.load_date), "2027-03-02 11:00:00")
