from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase

STEPS = ("ship_only", "pick_ship", "pick_pack_ship")


@tagged("post_install", "-at_install")
class TestPromiseDrops(JitCase):
    """As available: chains are in stock for slot one, pads arrive for the second, tubes for the third."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.env["delivery.slot"].search([]).active = False
        self.slots = [
            self._create_slot(self._utc(f"2027-03-0{day} 09:00:00"), capacity_drops=1, capacity_kg=20)
            for day in (1, 2, 3, 4)
        ]
        self.tube = self._create_product("Tube", "TUBE")
        for product in (self.chain, self.brake_pads, self.tube):
            product.weight = 1
        self._stock(self.chain, 10)
        self.receipts = [
            self._receive(self.brake_pads, "2027-03-02 07:00:00"),
            self._receive(self.tube, "2027-03-03 07:00:00"),
        ]
        self.order = self._create_order([(self.chain, 4), (self.brake_pads, 5), (self.tube, 6)])

    def _receive(self, product, date, quantity=8):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "date": date,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
            }
        )
        return move._action_confirm()

    def _slots_of(self, order):
        return [line.drop_id.delivery_slot_id for line in order.order_line]

    def _claimed(self):
        return [(slot.claimed_drops, slot.claimed_kg) for slot in self.slots]

    def test_each_line_gets_its_window_and_claim(self):
        answer = self.order.promise_as_available()
        self.assertEqual([drop["slot_id"] for drop in answer], [slot.id for slot in self.slots[:3]])
        self.assertEqual([drop["line_ids"] for drop in answer], [[id_] for id_ in self.order.order_line.ids])
        self.assertEqual(self._claimed(), [(1, 4), (1, 5), (1, 6), (0, 0)])
        lines = self.order.order_line
        self.assertEqual(lines.mapped("delivery_window_stop"), [slot.stop for slot in self.slots[:3]])
        self.assertEqual(self.order.delivery_window_start, self.slots[0].start)
        self.assertEqual(self.order.commitment_date, self.slots[2].stop)
        local = "Mon 01 Mar 10:00–Wed 03 Mar 12:00 (Europe/Berlin)"
        self.assertEqual(self.order.delivery_window_local, local)
        rows = self.order.promise_ids.filtered("line_id")
        self.assertEqual(rows.mapped("date_to"), [slot.stop for slot in self.slots[:3]])

    def test_lines_of_one_slot_are_one_drop(self):
        self._stock(self.brake_pads, 5)
        self.order.promise_as_available()
        self.assertEqual(self._slots_of(self.order), [self.slots[0], self.slots[0], self.slots[2]])
        self.assertEqual(self._claimed(), [(1, 9), (0, 0), (1, 6), (0, 0)])

    def test_one_transfer_for_each_window_in_every_delivery_type(self):
        for steps in STEPS:
            self.warehouse.delivery_steps = steps
            order = self.order.copy()
            order.promise_as_available()
            order.action_confirm()
            self.assertEqual(len(order.picking_ids), 3, steps)
            for line in order.order_line:
                move = order._get_chain_moves().filtered(lambda m, line=line: m.product_id == line.product_id)
                self.assertEqual(move.delivery_window_start, line.delivery_window_start, steps)
                self.assertEqual(move.date_deadline, line.delivery_window_stop, steps)
                self.assertEqual(move.date, line.drop_id._get_step_date(move.picking_type_id), steps)
            self.assertEqual([slot.booked_drops for slot in self.slots], [1, 1, 1, 0], steps)
            order._action_cancel()
            self.assertEqual(self._claimed(), [(0, 0)] * 4, steps)

    def test_later_steps_have_the_times_of_their_drop(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.order.promise_as_available()
        self.order.action_confirm()
        self._stock(self.tube, 6)
        move = self.order._get_chain_moves().filtered(lambda move: move.product_id == self.tube)
        move._action_assign()
        move.write({"quantity": 6, "picked": True})
        move._action_done()
        following = move.move_dest_ids
        drop = self.order.order_line[2].drop_id
        self.assertEqual(following.delivery_window_start, self.slots[2].start)
        self.assertEqual(following.date, drop._get_step_date(following.picking_type_id))

    def test_sweeper_and_clerk_leave_bookings_of_drops_alone(self):
        self.order.promise_as_available()
        self.order.action_confirm()
        self.env.flush_all()
        self.env.cr.execute("UPDATE delivery_slot_hold SET confirmed_at = '2020-01-01'")
        self.assertEqual(self.env["delivery.slot.hold"]._sweep(), 0)
        hold = self.slots[1].hold_ids
        with self.assertRaisesRegex(UserError, "JD-SLT-010"):
            hold.action_release()
        with self.assertRaisesRegex(UserError, "JD-SLT-033"):
            self.env["delivery.slot"].release(hold.key)
        self.assertEqual(self.slots[1].booked_drops, 1)

    def test_sweeper_books_drops_of_an_order_whose_worker_died(self):
        self.order.promise_as_available()
        self.order.action_confirm()
        self.env.flush_all()
        self.env.cr.execute("UPDATE delivery_slot_hold SET state = 'held', expires_at = '2020-01-01'")
        self.assertEqual(self.env["delivery.slot.hold"]._sweep(), 0)
        self.env.invalidate_all()
        self.assertEqual([slot.booked_drops for slot in self.slots], [1, 1, 1, 0])

    def test_a_late_receipt_moves_only_its_own_drop(self):
        for steps in STEPS:
            self.warehouse.delivery_steps = steps
            order = self.order.copy()
            self.receipts[0].date = "2027-03-02 07:00:00"
            order.promise_as_available()
            order.action_confirm()
            self.receipts[0].date = "2027-03-03 20:00:00"
            [answer] = order.renew_promise()
            self.assertFalse(answer["is_kept"])
            self.assertEqual(self._slots_of(order), [self.slots[0], self.slots[3], self.slots[2]], steps)
            self.assertEqual(self._claimed(), [(1, 4), (0, 0), (1, 6), (1, 5)], steps)
            moves = order._get_chain_moves().filtered(lambda move: move.product_id == self.brake_pads)
            self.assertEqual(set(moves.mapped("date_deadline")), {self.slots[3].stop}, steps)
            self.assertTrue(order.renew_promise()[0]["is_kept"])
            order._action_cancel()

    def test_more_of_a_line_takes_more_of_its_slot_only(self):
        self.order.promise_as_available()
        self.order.action_confirm()
        self.order.order_line[1].product_uom_qty = 8
        self.assertEqual(self._claimed(), [(1, 4), (1, 8), (1, 6), (0, 0)])
        self.order.order_line[1].product_uom_qty = 0
        self.assertEqual(self._claimed(), [(1, 4), (0, 0), (1, 6), (0, 0)])
        self.assertEqual(len(self.order.drop_ids), 2)

    def test_together_after_as_available_and_back_again(self):
        self.order.promise_as_available()
        self.order.action_confirm()
        self.order.promise_delivery()
        self.assertEqual((self._claimed(), self.order.drop_ids.ids), ([(0, 0), (0, 0), (1, 15), (0, 0)], []))
        pickings = self.order._get_chain_moves().picking_id
        self.assertEqual((len(pickings), pickings.move_ids.product_id), (1, self.order.order_line.product_id))
        self.order.promise_as_available()
        self.assertEqual(self._claimed(), [(1, 4), (1, 5), (1, 6), (0, 0)])
        pickings = self.order._get_chain_moves().picking_id
        self.assertEqual(len(pickings), 3)
        self.assertEqual(self.order.picking_ids, pickings, "no empty transfer is left")
        self.assertEqual(pickings[0].move_line_ids.picking_id, pickings[0])

    def test_a_new_line_gets_a_drop_of_its_own(self):
        self.order.promise_as_available()
        self.order.action_confirm()
        self._receive(self.chain, "2027-03-04 08:00:00")
        self.order.order_line = [Command.create({"product_id": self.chain.id, "product_uom_qty": 8})]
        self.assertEqual(self._slots_of(self.order), self.slots)
        self.assertEqual(self._claimed(), [(1, 4), (1, 5), (1, 6), (1, 8)])

    def test_a_line_without_a_window_stops_confirmation_and_is_named(self):
        self.order.promise_as_available()
        self.order.order_line = [Command.create({"product_id": self.chain.id, "product_uom_qty": 1})]
        with self.assertRaisesRegex(UserError, "JD-PRM-006.*Chain 11-speed has no window yet"):
            self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_nothing_is_held_if_one_line_cannot_come(self):
        self.order.order_line[2].product_uom_qty = 9
        with self.assertRaisesRegex(UserError, "JD-PRM-005.*no stock and no supply of .*Tube"):
            self.order.promise_as_available()
        self.assertEqual((self._claimed(), self.order.drop_ids.ids), ([(0, 0)] * 4, []))

    def test_who_wants_all_at_once_is_refused_and_so_are_outsiders(self):
        self.order.picking_policy = "one"
        with self.assertRaisesRegex(UserError, "JD-PRM-013"):
            self.order.promise_as_available()
        outsider = self._create_user("of_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self.order.with_user(outsider).promise_as_available()
        with self.assertRaises(AccessError):
            self.env["sale.order.drop"].with_user(self.jit_manager).create({"order_id": self.order.id})

    def test_what_came_keeps_its_slot_and_the_rest_can_move(self):
        self.order.promise_as_available()
        self.order.action_confirm()
        picking = self.order.order_line[0].move_ids.picking_id
        picking.move_ids.write({"quantity": 3, "picked": True})
        picking.with_context(skip_backorder=True)._action_done()
        backorder = picking.backorder_ids
        self.assertEqual(backorder.move_ids.delivery_window_start, self.slots[0].start)
        self.assertEqual(self.slots[0].claimed_drops, 1)
        self.assertTrue(self.order.renew_promise()[0]["is_kept"])

    def test_change_request_inside_a_drop(self):
        self.order.promise_as_available()
        self.order.action_confirm()
        answer = self.order.order_line[1].request_quantity(7, "key")
        self.assertEqual((answer["state"], answer["window_start"]), ("promised", str(self.slots[1].start)))
        self.assertEqual(self._claimed()[1], (1, 7))
        answer = self.order.order_line[1].request_quantity(9)
        self.assertEqual((answer["state"], answer["bound_by"]), ("refused", "goods"))
        self.assertEqual(self._claimed()[1], (1, 7))

    def test_dialog_promises_as_available(self):
        action = self.order.action_choose_window()
        picker = self.env["delivery.window.picker"].browse(action["res_id"])
        picker.action_take_as_available()
        self.assertEqual(len(self.order.drop_ids), 3)

    def test_deleted_quotation_gives_all_places_back(self):
        self.order.promise_as_available()
        self.order.unlink()
        self.assertEqual(self._claimed(), [(0, 0)] * 4)
