from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestPromiseChain(JitCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.env["delivery.slot"].search([]).active = False
        self.slots = [
            self._create_slot(self._utc(f"2027-03-0{day} 09:00:00"), capacity_drops=9) for day in (2, 3)
        ]
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Shift",
                "tz": "Europe/Berlin",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create({"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 16})
                    for day in range(5)
                ],
            }
        )
        self.warehouse.write({"working_calendar_id": calendar.id, "pick_minutes": 60, "pack_minutes": 120})
        self._stock(self.chain, 10)

    def _confirmed(self, steps):
        self.warehouse.delivery_steps = steps
        order = self._create_order([(self.chain, 4)])
        order.promise_delivery()
        order.action_confirm()
        return order

    def test_pick_and_pack_are_scheduled_back_in_working_time(self):
        order = self._confirmed("pick_pack_ship")
        # loading 10:00 in Berlin; packing 8:00-10:00; picking the afternoon before, 15:00-16:00
        self.assertEqual(str(order.load_date), "2027-03-02 09:00:00")
        self.assertEqual(str(order.pack_start_date), "2027-03-02 07:00:00")
        self.assertEqual(str(order.pick_start_date), "2027-03-01 14:00:00")

    def test_automatic_batches_go_out_for_one_window(self):
        types = self.env["stock.picking.type"].search([("warehouse_id", "=", self.warehouse.id)])
        types.write({"auto_batch": True, "batch_group_by_partner": True})
        first, second = self._confirmed("ship_only"), self._confirmed("ship_only")
        later = self._create_order([(self.chain, 1)])
        later.promise_delivery(self.slots[1].id)
        later.action_confirm()
        batches = [order.picking_ids.batch_id for order in (first, second, later)]
        self.assertTrue(all(batches))
        self.assertEqual([batch == batches[0] for batch in batches], [True, True, False])

    def test_three_steps_get_their_own_times(self):
        order = self._confirmed("pick_pack_ship")
        dates = {}
        picking = order.picking_ids
        while picking:
            dates[picking.picking_type_id.code + str(len(dates))] = str(picking.move_ids.date)
            self.assertEqual(picking.move_ids.delivery_window_stop, self.slots[0].stop)
            picking.move_ids.write({"quantity": 4, "picked": True})
            moves = picking.move_ids
            picking.button_validate()
            picking = moves.move_dest_ids.picking_id
        self.assertEqual(
            list(dates.values()), ["2027-03-01 14:00:00", "2027-03-02 07:00:00", "2027-03-02 09:00:00"]
        )

    def test_change_after_confirmation_reaches_open_moves_and_slots(self):
        for steps in ("ship_only", "pick_ship", "pick_pack_ship"):
            order = self._confirmed(steps)
            order.promise_delivery(self.slots[1].id)
            moves = order.picking_ids.move_ids
            self.assertEqual(set(moves.mapped("delivery_window_stop")), {self.slots[1].stop})
            self.assertEqual(set(moves.mapped("date_deadline")), {self.slots[1].stop})
            self.assertEqual(order.delivery_slot_id, self.slots[1])
            order._action_cancel()
        self.assertEqual([slot.claimed_drops for slot in self.slots], [0, 0])

    def test_assembly_to_order_is_finished_when_picking_begins(self):  # long: set-up
        routes = self.warehouse.manufacture_pull_id.route_id | self.warehouse.mto_pull_id.route_id
        routes.active = True
        bike = self._create_product("Bike", "BIKE", route_ids=[Command.set(routes.ids)])
        bench = self.env["mrp.workcenter"].create(
            {"name": "Bench", "resource_calendar_id": self.warehouse.working_calendar_id.id, "time_start": 0}
        )
        bench.time_stop = 0
        operation = {"name": "Assemble", "workcenter_id": bench.id, "time_cycle_manual": 90}
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": bike.product_tmpl_id.id,
                "bom_line_ids": [Command.create({"product_id": self.chain.id, "product_qty": 1})],
                "operation_ids": [Command.create(operation)],
            }
        )
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._create_order([(bike, 2)])
        order.promise_delivery()
        order.action_confirm()
        production = order._get_chain_productions()
        self.assertEqual(str(order.pick_start_date), "2027-03-01 14:00:00")
        self.assertEqual(str(production.date_finished), "2027-03-01 14:00:00")
        self.assertEqual(str(production.date_start), "2027-03-01 11:00:00")
        self.assertEqual(
            (production.load_date, production.delivery_slot_id), (order.load_date, self.slots[0])
        )

    def test_orders_of_two_windows_do_not_share_a_transfer(self):
        order = self._confirmed("ship_only")
        move = order.picking_ids.move_ids
        other = move.copy(
            {"delivery_window_start": self.slots[1].start, "delivery_window_stop": self.slots[1].stop}
        )
        self.assertNotEqual(move._key_assign_picking(), other._key_assign_picking())
