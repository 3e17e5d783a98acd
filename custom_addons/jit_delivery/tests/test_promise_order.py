from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase

NOW = "2027-03-01 06:00:00"  # a Monday, 07:00 in Berlin


@tagged("post_install", "-at_install")
class TestPromiseOrder(JitCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))
        self.warehouse.unload_minutes = 15
        self.env["delivery.slot"].search([]).active = False
        self.slots = [
            self._create_slot(self._utc(f"2027-03-0{day} 09:00:00"), capacity_drops=1) for day in (1, 2, 3)
        ]
        self.order = self._create_order([(self.chain, 10)])
        self._stock(self.chain, 10)

    def _receive(self, quantity, date, product=None):
        move = self.env["stock.move"].create(
            {
                "product_id": (product or self.chain).id,
                "product_uom_qty": quantity,
                "date": date,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
            }
        )
        move._action_confirm()

    def test_promises_the_first_slot_and_holds_it(self):
        answer = self.order.promise_delivery()
        self.assertEqual(
            (answer["slot_id"], answer["delivery_window_start"]), (self.slots[0].id, "2027-03-01 09:00:00")
        )
        self.assertEqual(self.slots[0].held_drops, 1)
        self.assertEqual(str(self.order.commitment_date), "2027-03-01 11:00:00")

    def test_goods_that_are_not_counted_are_confirmed_in_their_window(self):
        product = self.env["product.product"].create({"name": "Cable ties", "type": "consu"})
        order = self._create_order([(product, 1)])
        order.promise_delivery()
        order.action_confirm()
        self.assertEqual((order.state, order.delivery_slot_id), ("sale", self.slots[0]))
        self.assertTrue(order.renew_promise()[0]["is_kept"])

    def test_lines_as_available_or_together(self):
        self.order.order_line = [Command.create({"product_id": self.brake_pads.id, "product_uom_qty": 2})]
        self.env["stock.quant"]._update_available_quantity(self.brake_pads, self.stock_location, 1)
        self._receive(1, "2027-03-02 07:00:00", self.brake_pads)
        answer = self.order.get_line_windows()
        self.assertEqual(answer["together"]["slot_id"], self.slots[1].id)
        chain, pads = self.order.order_line.ids
        drops = [(drop["line_ids"], drop["slot_id"]) for drop in answer["as_available"]]
        self.assertEqual(drops, [([chain], self.slots[0].id), ([pads], self.slots[1].id)])
        self.assertIn("[PADS-01] Brake pads arrives", answer["as_available"][1]["reasons"][0])
        picker = self.env["delivery.window.picker"].create({"order_id": self.order.id})
        self.assertEqual(len(picker.as_available.splitlines()), 2)
        self.order.picking_policy = "one"
        picker.action_search()
        self.assertFalse(picker.as_available)
        self.assertFalse(self.slots[0].hold_ids | self.slots[1].hold_ids, "nothing is held")

    def test_history_keeps_request_first_promise_and_change(self):
        self.order.promise_delivery(self.slots[1].id)
        self.order.promise_delivery(self.slots[2].id)
        rows = self.order.promise_ids.sorted("id")
        self.assertEqual(rows.mapped("kind"), ["requested", "first", "promised"])
        self.assertEqual(
            rows.mapped("date_from"), [slot.start for slot in self.slots[1:2] * 2 + self.slots[2:]]
        )

    def test_window_an_order_came_in_with_is_what_is_promised(self):
        start, stop = self.slots[1].start, self.slots[1].stop
        self.order.write(self.env["sale.order"]._prepare_requested_window(start, stop))
        self.assertEqual(self.order.promise_delivery()["slot_id"], self.slots[1].id)
        self.assertEqual(self.order.promise_ids.filtered(lambda row: row.kind == "requested").date_to, stop)

    def test_full_slot_is_passed_over_with_its_reason(self):
        self._hold("other", slot=self.slots[0])
        answer = self.order.promise_delivery()
        self.assertEqual(answer["slot_id"], self.slots[1].id)
        self.assertIn("Mon 01 Mar 10:00–12:00 (drops) is full", answer["reasons"])

    def test_slot_taken_since_the_facts_were_read_is_passed_over(self):
        facts = self.env["delivery.promise"]._get_facts(self.order)
        self._hold("other", slot=self.slots[0])
        with patch.object(type(self.env["delivery.promise"]), "_get_facts", lambda *_args: facts):
            with self.assertRaisesRegex(UserError, "JD-SLT-028"), self.env.cr.savepoint():
                self.order.promise_delivery(self.slots[0].id)
            answer = self.order.promise_delivery()
            self.assertEqual(answer["slot_id"], self.slots[1].id)
            [drop] = self.order.promise_as_available()
        self.assertIn("Mon 01 Mar 10:00–12:00 (drops) is full", answer["reasons"])
        self.assertEqual(drop["slot_id"], self.slots[1].id)
        self.assertEqual([slot.claimed_drops for slot in self.slots], [1, 1, 0])

    def test_waits_for_a_receipt_and_names_it(self):
        self.order.order_line.product_uom_qty = 15
        self._receive(5, "2027-03-02 12:00:00")
        answer = self.order.promise_delivery()
        self.assertEqual(answer["slot_id"], self.slots[2].id)
        self.assertIn("[CHAIN-11] Chain 11-speed arrives, ready Tue 02 Mar 13:00", answer["reasons"])

    def test_stock_that_another_order_needs_is_not_promised(self):
        self._create_order([(self.chain, 1)]).action_confirm()
        with self.assertRaisesRegex(UserError, "JD-PRM-005.*no stock and no supply of .*Chain"):
            self.order.promise_delivery()
        self.assertFalse(self.order.slot_hold_key)

    def test_receiving_hours_of_the_customer(self):
        self.customer.delivery_window_ids = [Command.create({"weekday": "1", "hour_from": 11, "hour_to": 12})]
        answer = self.order.promise_delivery()
        self.assertEqual(answer["delivery_window_start"], "2027-03-02 10:00:00")
        self.assertIn("the customer does not receive before Tue 02 Mar 11:00", answer["reasons"])

    def test_cutoff_and_transit(self):
        self.env["delivery.cutoff"].create(
            {"name": "Daily", "warehouse_id": self.warehouse.id, "hour_cutoff": 6.5, "hour_departure": 9}
        )
        answer = self.order.promise_delivery()
        self.assertEqual((answer["slot_id"], answer["load_date"]), (self.slots[1].id, "2027-03-02 08:00:00"))

    def test_offers_say_why_earlier_windows_fail(self):
        self._hold("other", slot=self.slots[0])
        found = self.order.get_delivery_windows(2)
        self.assertEqual([offer["is_possible"] for offer in found], [False, True, True])
        self.assertEqual(found[0]["reasons"], ["Mon 01 Mar 10:00–12:00 (drops) is full"])
        self.assertEqual(found[1]["local"], "Tue 02 Mar 10:00–12:00 (Europe/Berlin)")

    def test_confirming_books_and_keeps_the_window(self):
        self.order.promise_delivery()
        self.order.action_confirm()
        self.assertEqual(self.slots[0].booked_drops, 1)
        self.assertEqual(self.order.picking_ids.move_ids.delivery_window_start, self.slots[0].start)

    def test_confirming_is_refused_when_the_goods_are_gone(self):
        self.order.promise_delivery()
        self._create_order([(self.chain, 3)]).action_confirm()
        with self.assertRaisesRegex(UserError, "JD-PRM-006"):
            self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_request_in_the_past_is_refused(self):
        with self.assertRaisesRegex(UserError, "JD-PRM-004"):
            self.order.promise_delivery(False, "2027-02-01 00:00:00")

    def test_order_without_goods_is_refused(self):
        self.order.order_line.unlink()
        with self.assertRaisesRegex(UserError, "JD-PRM-003"):
            self.order.get_delivery_windows()

    def test_outsider_may_not_promise(self):
        outsider = self._create_user("of_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self.order.with_user(outsider).promise_delivery()

    def test_picker_takes_the_chosen_window(self):
        self.order.user_id = self.user
        action = self.order.with_user(self.user).action_choose_window()
        picker = self.env["delivery.window.picker"].with_user(self.user).browse(action["res_id"])
        self.assertEqual(len(picker.line_ids), 3)
        picker.line_ids[1].action_take()
        self.assertEqual(self.order.delivery_slot_id, self.slots[1])

    def test_assembly_from_components(self):
        bike = self._create_product("Bike", "BIKE", route_ids=[Command.set(self._make_to_order().ids)])
        frame = self._create_product("Frame", "FRAME")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": bike.product_tmpl_id.id,
                "produce_delay": 1,
                "bom_line_ids": [Command.create({"product_id": frame.id, "product_qty": 2})],
            }
        )
        self._stock(frame, 4)
        order = self._create_order([(bike, 2)])
        answer = order.promise_delivery()
        self.assertEqual(answer["slot_id"], self.slots[1].id)
        self.assertIn("assembly of [BIKE] Bike is finished Tue 02 Mar 07:00", answer["reasons"])
        self.assertGreater(order.delivery_window_start, self._utc(NOW) + timedelta(days=1))
