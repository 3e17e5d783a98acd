from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase

STEPS = ("ship_only", "pick_ship", "pick_pack_ship")


@tagged("post_install", "-at_install")
class TestPromiseChanges(JitCase):
    """Changes after confirmation reach moves, manufacturing orders and slot, in one, two and three steps."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.env["delivery.slot"].search([]).active = False
        self.slots = [
            self._create_slot(self._utc(f"2027-03-0{day} 09:00:00"), capacity_drops=9, capacity_kg=20)
            for day in (2, 3)
        ]
        self.chain.weight = 1
        self.tube = self._create_product("Tube", "TUBE")
        self._stock(self.chain, 30)
        self._stock(self.tube, 30)

    def _confirmed(self, steps="ship_only", quantity=4):
        self.warehouse.delivery_steps = steps
        order = self._create_order([(self.chain, quantity)])
        order.promise_delivery()
        order.action_confirm()
        return order

    def _open_moves(self, order):
        return order._get_chain_moves().filtered(lambda move: move.product_id == self.chain)

    def test_more_of_a_line_reaches_moves_and_slot(self):
        for steps in STEPS:
            order = self._confirmed(steps)
            order.order_line.product_uom_qty = 7
            moves = self._open_moves(order)
            self.assertEqual(sum(moves.mapped("product_uom_qty")), 7, steps)
            self.assertEqual(set(moves.mapped("delivery_window_stop")), {self.slots[0].stop}, steps)
            self.assertEqual(set(moves.mapped("date_deadline")), {self.slots[0].stop}, steps)
            self.assertEqual((self.slots[0].claimed_kg, len(order.promise_ids)), (7, 1), steps)
            order._action_cancel()
            self.assertEqual(self.slots[0].claimed_kg, 0, steps)

    def test_date_typed_moves_to_the_window_of_that_day(self):
        for steps in STEPS:
            order = self._confirmed(steps)
            order.commitment_date = self._utc("2027-03-03 17:00:00")
            self.assertEqual(order.delivery_slot_id, self.slots[1], steps)
            self.assertEqual(order.commitment_date, self.slots[1].stop, steps)
            moves = self._open_moves(order)
            self.assertEqual(set(moves.mapped("date_deadline")), {self.slots[1].stop}, steps)
            self.assertEqual(set(moves.mapped("delivery_window_start")), {self.slots[1].start}, steps)
            self.assertEqual([slot.claimed_kg for slot in self.slots], [0, 4], steps)
            order._action_cancel()

    def test_promise_changed_with_a_reason_moves_the_window(self):
        order = self._confirmed()
        wizard = self.env["sale.order.promise.change"].with_context(active_id=order.id)
        wizard.create({"date_to": self.slots[1].stop, "reason": "Truck broke down"}).action_change()
        self.assertEqual(order.delivery_slot_id, self.slots[1])
        self.assertIn("Truck broke down", order.promise_ids.sorted("id")[-1].reason)

    def test_date_typed_without_a_window_that_day_is_refused(self):
        order = self._confirmed()
        quotation = self._create_order([(self.chain, 1)])
        quotation.promise_delivery()
        for each in (order, quotation):
            for date in ("2027-03-05 09:00:00", "2027-02-01 09:00:00"):
                with self.assertRaisesRegex(UserError, "JD-PRM-012"), self.env.cr.savepoint():
                    each.commitment_date = self._utc(date)
                self.assertEqual(each.delivery_slot_id, self.slots[0])
        quotation.commitment_date = self._utc("2027-03-03 10:00:00")
        self.assertEqual(quotation.delivery_slot_id, self.slots[1])

    def test_closing_a_slot_breaks_no_promise(self):
        order = self._create_order([(self.chain, 4)])
        order.promise_delivery()
        self.slots[0].is_closed = True
        order.action_confirm()
        self.assertEqual((order.state, order.delivery_slot_id), ("sale", self.slots[0]))
        self.assertEqual(
            self._create_order([(self.chain, 1)]).promise_delivery()["slot_id"], self.slots[1].id
        )

    def test_less_of_a_line_gives_room_back(self):
        order = self._confirmed()
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.slots[0].claimed_kg, 1)
        self.assertEqual(sum(self._open_moves(order).mapped("product_uom_qty")), 1)

    def test_new_line_gets_the_window_and_the_times(self):
        for steps in STEPS:
            order = self._confirmed(steps)
            order.order_line = [Command.create({"product_id": self.tube.id, "product_uom_qty": 2})]
            move = order._get_chain_moves().filtered(lambda move: move.product_id == self.tube)
            self.assertEqual(move.delivery_window_stop, self.slots[0].stop, steps)
            self.assertEqual(move.date, order._get_step_date(move.picking_type_id), steps)
            order._action_cancel()

    def test_more_than_the_slot_takes_is_promised_anew(self):
        self._hold("other", slot=self.slots[0], kg=14)
        order = self._confirmed()
        order.order_line.product_uom_qty = 7
        self.assertEqual(order.delivery_slot_id, self.slots[1])
        self.assertEqual([slot.claimed_kg for slot in self.slots], [14, 7])
        self.assertEqual(order.promise_ids.sorted("id").mapped("kind"), ["first", "promised"])
        self.assertEqual(set(self._open_moves(order).mapped("date_deadline")), {self.slots[1].stop})

    def test_more_than_there_is_goods_for_is_refused(self):
        self.slots[0].capacity_kg = self.slots[1].capacity_kg = 0
        order = self._confirmed()
        with (
            self.assertRaisesRegex(UserError, "JD-PRM-005.*no stock and no supply of"),
            self.env.cr.savepoint(),
        ):
            order.order_line.product_uom_qty = 31
        self.env.invalidate_all()
        self.assertEqual((order.order_line.product_uom_qty, self.slots[0].claimed_kg), (4, 4))

    def test_context_of_a_caller_does_not_keep_the_promise_from_being_checked(self):
        self.slots[0].capacity_kg = self.slots[1].capacity_kg = 0
        line = self._confirmed().order_line.with_context(lines_changing=True)
        with self.assertRaisesRegex(UserError, "JD-PRM-005"), self.env.cr.savepoint():
            line.product_uom_qty = 31

    def test_lines_changed_before_confirmation_resize_the_hold(self):
        order = self._create_order([(self.chain, 4)])
        order.promise_delivery()
        order.order_line.product_uom_qty = 9
        order.action_confirm()
        self.assertEqual(self.slots[0].claimed_kg, 9)

    def test_promising_again_holds_what_is_ordered_now(self):
        order = self._create_order([(self.chain, 4)])
        order.promise_delivery()
        order.order_line.product_uom_qty = 9
        order.promise_delivery()
        self.assertEqual((self.slots[0].claimed_kg, self.slots[0].claimed_drops), (9, 1))

    def test_slot_held_for_a_promised_order_moves_its_window(self):
        order = self._create_order([(self.chain, 4)])
        order.promise_delivery()
        order.hold_slot(self.slots[1].id)
        self.assertEqual(
            (order.delivery_window_stop, order.delivery_slot_id), (self.slots[1].stop, self.slots[1])
        )
        self.assertEqual([slot.claimed_drops for slot in self.slots], [0, 1])

    def test_more_than_fits_before_confirmation_is_refused(self):
        self._hold("other", slot=self.slots[0], kg=14)
        order = self._create_order([(self.chain, 4)])
        order.promise_delivery()
        order.order_line.product_uom_qty = 9
        with self.assertRaisesRegex(UserError, r"JD-PRM-006.*\(kg\) is full"), self.env.cr.savepoint():
            order.action_confirm()
        self.assertEqual((order.state, self.slots[0].claimed_kg), ("draft", 18))

    def test_promise_that_holds_is_not_renewed(self):
        order = self._confirmed()
        [answer] = order.renew_promise()
        self.assertTrue(answer["is_kept"])
        self.assertEqual(len(order.promise_ids), 1)

    def test_promise_is_renewed_when_its_supply_is_late(self):
        receipt = self.env["stock.move"].create(
            {
                "product_id": self.chain.id,
                "product_uom_qty": 10,
                "date": "2027-03-02 06:00:00",
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
            }
        )
        receipt._action_confirm()
        self.slots[0].capacity_kg = self.slots[1].capacity_kg = 0
        order = self._confirmed(quantity=35)
        self.assertEqual(order.delivery_slot_id, self.slots[0])
        receipt.date = "2027-03-02 20:00:00"
        [answer] = order.renew_promise()
        self.assertEqual((answer["is_kept"], order.delivery_slot_id), (False, self.slots[1]))
        self.assertIn("Chain 11-speed arrives, ready Tue 02 Mar 21:00", order.promise_explanation)
        self.assertEqual(set(self._open_moves(order).mapped("date_deadline")), {self.slots[1].stop})

    def test_more_of_an_assembled_item_reaches_the_manufacturing_orders(self):
        routes = self.warehouse.manufacture_pull_id.route_id | self.warehouse.mto_pull_id.route_id
        routes.active = True
        bike = self._create_product("Bike", "BIKE", route_ids=[Command.set(routes.ids)])
        bom = {"product_tmpl_id": bike.product_tmpl_id.id}
        bom["bom_line_ids"] = [Command.create({"product_id": self.tube.id, "product_qty": 1})]
        self.env["mrp.bom"].create(bom)
        order = self._create_order([(bike, 2)])
        order.promise_delivery()
        order.action_confirm()
        order.order_line.product_uom_qty = 5
        productions = order._get_chain_productions()
        self.assertEqual(sum(productions.mapped("product_qty")), 5)
        self.assertEqual(set(productions.mapped("load_date")), {order.load_date})
        order.promise_delivery(self.slots[1].id)
        self.assertEqual(set(productions.mapped("delivery_slot_id")), {self.slots[1]})

    def test_what_is_delivered_is_not_promised_again(self):
        order = self._confirmed()
        order.picking_ids.move_ids.write({"quantity": 3, "picked": True})
        order.picking_ids.with_context(skip_backorder=True)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 3)
        _world, _route, [line] = self.env["delivery.promise"]._get_facts(order)
        self.assertEqual(line.quantity, 1)
