from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestSlotOrders(JitCase):
    def setUp(self):
        super().setUp()
        self.order = self._create_order([(self.chain, 100)])  # 30 kg

    def _expire(self):
        self.env.cr.execute(
            "UPDATE delivery_slot_hold SET expires_at = now() at time zone 'UTC' - interval '1 s'"
        )
        self.env.invalidate_all()

    def test_order_holds_its_weight(self):
        self.order.hold_slot(self.slot.id)
        self.assertEqual((self.slot.claimed_drops, self.slot.claimed_kg), (1, 30))
        self.assertEqual(self.slot.hold_ids.order_id, self.order)

    def test_confirming_keeps_the_hold(self):
        self.order.hold_slot(self.slot.id)
        self.order.action_confirm()
        self.assertEqual((self.slot.booked_drops, self.slot.held_drops), (1, 0))

    def test_confirming_claims_an_expired_hold_anew(self):
        self.order.hold_slot(self.slot.id)
        self._expire()
        self.env["delivery.slot.hold"]._sweep()
        self.order.action_confirm()
        self.assertEqual(self.slot.hold_ids.mapped("state"), ["confirmed", "expired"])

    def test_confirming_is_refused_when_the_place_is_gone(self):
        self.order.hold_slot(self.slot.id)
        self._expire()
        self.env["delivery.slot.hold"]._sweep()
        for key in "abc":
            self._hold(key)
        with self.assertRaisesRegex(UserError, "JD-SLT-028"):
            self.order.action_confirm()

    def test_another_slot_gives_the_first_back(self):
        later = self._create_slot(self.now + timedelta(days=2), capacity_drops=1)
        self.order.hold_slot(self.slot.id)
        self.order.hold_slot(later.id)
        self.assertEqual((self.slot.claimed_drops, later.claimed_drops), (0, 1))

    def test_cancel_gives_the_booking_back(self):
        self.order.hold_slot(self.slot.id)
        self.order.action_confirm()
        self.order._action_cancel()
        self.assertEqual(self.slot.claimed_drops, 0)
        self.assertFalse(self.order.delivery_slot_id)

    def test_booking_of_a_confirmed_order_is_not_released_apart(self):
        self.order.hold_slot(self.slot.id)
        self.order.action_confirm()
        with self.assertRaisesRegex(UserError, "JD-SLT-033"):
            self.env["delivery.slot"].release(self.order.slot_hold_key)
        self.assertEqual(self.slot.booked_drops, 1)

    def test_nor_by_someone_who_does_not_see_the_order(self):
        seller = self._create_user("jit_seller", "sales_team.group_sale_salesman")
        self.order.user_id = self.manager
        self.order.hold_slot(self.slot.id)
        self.order.action_confirm()
        with self.assertRaisesRegex(UserError, "JD-SLT-010"):
            self.slot.hold_ids.with_user(seller).action_release()
        self.assertEqual(self.slot.booked_drops, 1)

    def test_sweeper_books_for_a_worker_that_died_after_the_commit(self):
        self.order.hold_slot(self.slot.id)
        self.order.action_confirm()
        self.env.cr.execute("UPDATE delivery_slot_hold SET state = 'held', expires_at = '2020-01-01'")
        self.env.invalidate_all()
        self.assertEqual(self.env["delivery.slot.hold"]._sweep(), 0)
        self.assertEqual((self.slot.booked_drops, self.slot.claimed_drops), (1, 1))

    def test_sweeper_gives_back_for_a_worker_that_died_after_the_cancel(self):
        self.order.hold_slot(self.slot.id)
        self.order.action_confirm()
        self.order.write({"slot_hold_key": False, "delivery_slot_id": False})
        self.env.cr.execute("UPDATE delivery_slot_hold SET confirmed_at = '2020-01-01'")
        self.env.flush_all()
        self.env["delivery.slot.hold"]._sweep()
        self.assertEqual((self.slot.claimed_drops, self.slot.hold_ids.state), (0, "released"))
