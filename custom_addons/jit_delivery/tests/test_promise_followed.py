from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase

STEPS = ("ship_only", "pick_ship", "pick_pack_ship")


@tagged("post_install", "-at_install")
class TestPromiseFollowed(JitCase):
    """What is done to a confirmed order's transfers, address and quantities reaches place, moves and work."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.env["delivery.slot"].search([]).active = False
        self.slots = [
            self._create_slot(self._utc(f"2027-03-0{day} 09:00:00"), capacity_drops=9, capacity_kg=200)
            for day in (2, 3)
        ]
        self.chain.weight = 1
        self.tube = self._create_product("Tube", "TUBE")
        self.bike = self._create_product("Bike", "BIKE", route_ids=[Command.set(self._make_to_order().ids)])
        bom = {"product_tmpl_id": self.bike.product_tmpl_id.id}
        bom["bom_line_ids"] = [Command.create({"product_id": self.tube.id, "product_qty": 1})]
        self.env["mrp.bom"].create(bom)
        self._stock(self.chain, 30)
        self._stock(self.tube, 30)

    def _confirmed(self, lines, steps="ship_only"):
        self.warehouse.delivery_steps = steps
        order = self._create_order(lines)
        order.promise_delivery()
        order.action_confirm()
        return order

    def _moved(self, order):
        moves = order._get_chain_moves()
        return {(move.delivery_window_stop, move.date_deadline) for move in moves}

    def test_deadline_of_what_is_made_to_order_moves_with_the_window(self):
        for steps in STEPS:
            order = self._confirmed([(self.bike, 2)], steps)
            order.promise_delivery(self.slots[1].id)
            self.env.flush_all()
            self.assertEqual(self._moved(order), {(self.slots[1].stop,) * 2}, steps)
            self.assertEqual(order._get_chain_productions().date_deadline, self.slots[1].stop, steps)
            order._action_cancel()

    def test_less_is_made_when_less_is_ordered(self):
        for steps in STEPS:
            order = self._confirmed([(self.bike, 8), (self.chain, 1)], steps)
            production = order._get_chain_productions()
            order.order_line[0].product_uom_qty = 3
            self.assertEqual((production.product_qty, production.move_raw_ids.product_qty), (3, 3), steps)
            order.order_line[0].product_uom_qty = 0
            self.assertEqual(production.state, "cancel", steps)
            order._action_cancel()

    def test_nothing_is_made_for_a_cancelled_order_and_anew_if_taken_up_again(self):
        order = self._confirmed([(self.bike, 8)])
        production = order._get_chain_productions()
        order._action_cancel()
        self.assertEqual(production.state, "cancel")
        order.action_draft()
        order.promise_delivery()
        order.action_confirm()
        self.assertEqual(sum(order._get_chain_productions().mapped("product_qty")), 8)
        self.assertEqual(self.slots[0].claimed_drops, 1)

    def test_nobody_is_asked_to_do_by_hand_what_is_done(self):
        activities = self.env["mail.activity"]
        known = activities.search([])
        order = self._confirmed([(self.bike, 8), (self.chain, 1)], "pick_ship")
        other = self.customer.create({"name": "Yard", "parent_id": self.customer.id, "tz": "Europe/Berlin"})
        order.partner_shipping_id = other
        self.assertEqual(order.picking_ids.partner_id, other)
        order.promise_delivery(self.slots[1].id)
        order.order_line = [Command.update(order.order_line[0].id, {"product_uom_qty": 3})]
        order._action_cancel()
        self.assertFalse(activities.search([]) - known)

    def test_who_assembles_is_told_of_less_once_it_is_begun(self):
        order = self._confirmed([(self.bike, 8)])
        production = order._get_chain_productions()
        production.qty_producing = 8
        order.order_line = [Command.update(order.order_line.id, {"product_uom_qty": 3})]
        self.assertIn("3.0", production.activity_ids.note)

    def test_more_that_is_made_is_reserved_when_it_is_made(self):
        for steps in STEPS:
            order = self._confirmed([(self.bike, 2)], steps)
            order.order_line.product_uom_qty = 5
            productions = order._get_chain_productions()
            self.assertEqual(productions.mapped("product_qty"), [2, 3], steps)
            for production in productions:
                production.qty_producing = production.product_qty
                production.move_raw_ids.picked = True
                production.button_mark_done()
            self.assertEqual(set(order._get_chain_moves().mapped("state")), {"assigned"}, steps)
            self.assertEqual(sum(order._get_chain_moves().mapped("quantity")), 5, steps)
            order._action_cancel()

    def test_what_is_reserved_for_a_later_demand_is_taken_already(self):
        suppliers, customers = (
            self.env.ref(f"stock.stock_location_{name}").id for name in ("suppliers", "customers")
        )
        for source, target, date in (
            (self.stock_location.id, customers, "2027-03-20 09:00:00"),
            (suppliers, self.stock_location.id, "2027-03-02 20:00:00"),
        ):
            values = {"location_id": source, "location_dest_id": target, "date": date}
            values |= {"product_id": self.chain.id, "product_uom_qty": 30}
            self.env["stock.move"].create(values)._action_confirm()._action_assign()
        order = self._confirmed([(self.chain, 4)])
        self.assertEqual(order.delivery_slot_id, self.slots[1])

    def test_parts_of_a_later_assembly_are_left_to_what_goes_out_before(self):
        """3 tubes are there and 6 come at noon: 2 go out in the morning, 6 are built in for the next day."""
        self._stock(self.tube, -27)
        supply = {"product_id": self.tube.id, "product_uom_qty": 6, "date": "2027-03-02 12:00:00"}
        supply["location_id"] = self.env.ref("stock.stock_location_suppliers").id
        self.env["stock.move"].create(
            {**supply, "location_dest_id": self.stock_location.id}
        )._action_confirm()
        order = self._create_order([(self.tube, 2), (self.bike, 6)])
        order.promise_as_available()
        order.action_confirm()
        sold = order.order_line[0].move_ids
        parts = order._get_slot_drops()._get_chain_productions().move_raw_ids
        self.assertEqual(sold.delivery_window_stop, self.slots[0].stop)
        self.assertEqual((sold.quantity, sum(parts.mapped("quantity"))), (2, 1))

    def test_what_is_begun_is_made_to_its_end(self):
        order = self._confirmed([(self.bike, 8)])
        production = order._get_chain_productions()
        production.qty_producing = 1
        order._action_cancel()
        self.assertEqual((production.state, production.product_qty), ("progress", 8))

    def test_cancelled_transfers_free_the_place(self):
        for steps in STEPS:
            order = self._confirmed([(self.chain, 4)], steps)
            order.picking_ids.action_cancel()
            self.assertEqual((self.slots[0].claimed_drops, self.slots[0].claimed_kg), (0, 0), steps)
            with self.assertRaisesRegex(UserError, "JD-PRM-003"):
                order.promise_delivery()
            self.assertTrue(order.renew_promise()[0]["is_kept"], steps)
            order.order_line.product_uom_qty = 5
            self.assertEqual((self.slots[0].claimed_kg, len(self._moved(order))), (5, 1), steps)
            order._action_cancel()

    def test_a_part_called_off_takes_no_room_any_more(self):
        order = self._confirmed([(self.chain, 4), (self.bike, 1)])
        order.order_line[0].move_ids._action_cancel()
        self.assertEqual((self.slots[0].claimed_drops, self.slots[0].claimed_kg), (1, 0))

    def test_one_of_two_drops_called_off_frees_its_place_only(self):
        self.slots[0].capacity_kg = 4
        order = self._create_order([(self.chain, 4), (self.brake_pads, 2)])
        self.brake_pads.weight = 1
        self._stock(self.brake_pads, 9)
        order.promise_as_available()
        order.action_confirm()
        order.order_line[1].move_ids.picking_id.action_cancel()
        self.assertEqual([slot.claimed_kg for slot in self.slots], [4, 0])
        self.assertTrue(order.renew_promise()[0]["is_kept"])

    def test_another_address_moves_window_and_transfers(self):
        receives = {"weekday": "2", "hour_from": 8, "hour_to": 12}  # Wednesday
        place = {"name": "Yard", "parent_id": self.customer.id, "type": "delivery", "tz": "Europe/Berlin"}
        yard = self.env["res.partner"].create({**place, "delivery_window_ids": [Command.create(receives)]})
        for steps in STEPS:
            order = self._confirmed([(self.chain, 4)], steps)
            order.partner_shipping_id = yard
            self.assertEqual(order.delivery_slot_id, self.slots[1], steps)
            self.assertEqual([slot.claimed_drops for slot in self.slots], [0, 1], steps)
            self.assertEqual(order._get_chain_moves().picking_id.partner_id, yard, steps)
            order._action_cancel()

    def test_slower_delivery_method_moves_the_window(self):
        fee = self.env["product.product"].create({"name": "Fee", "type": "service"})
        slow = self.env["delivery.carrier"].create(
            {"name": "Slow", "product_id": fee.id, "transit_hours": 30}
        )
        order = self._confirmed([(self.chain, 4)])
        order.carrier_id = slow
        self.assertEqual((order.delivery_slot_id, order.picking_ids.carrier_id), (self.slots[1], slow))
        slow.copy({"transit_hours": 300})
        with self.assertRaisesRegex(UserError, "JD-PRM-005"), self.env.cr.savepoint():
            order.carrier_id = slow.copy({"transit_hours": 300})
        self.assertEqual(self.slots[1].claimed_drops, 1)

    def test_cancelled_order_with_drops_is_not_promised_anew(self):
        order = self._create_order([(self.chain, 4)])
        order.promise_as_available()
        order.action_confirm()
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "JD-PRM-008"):
            order.renew_promise()
        self.assertEqual(self.slots[0].claimed_drops, 0)

    def test_no_client_writes_place_or_window(self):
        seller = self._create_user("jit_seller", "sales_team.group_sale_manager")
        order = self._confirmed([(self.chain, 4)])
        forged = {"slot_hold_key": "x", "delivery_slot_id": False, "load_date": False, "drop_ids": []}
        for name in list(forged)[:3]:
            with self.assertRaisesRegex(AccessError, "OF-TRK-011.*" + name):
                order.with_user(seller).write({name: forged[name]})
        with self.assertRaisesRegex(AccessError, "OF-TRK-011.*drop_id"):
            order.order_line.with_user(seller).write({"drop_id": False})
        order.with_user(seller).promise_delivery(self.slots[1].id)
        self.assertEqual(order.delivery_slot_id, self.slots[1])
