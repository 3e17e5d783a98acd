from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import JitCase


@tagged("post_install", "-at_install")
class TestSlotClaims(JitCase):
    def test_hold_takes_and_release_gives_back(self):
        answer = self._hold("a", kg=40)
        self.assertEqual(answer["state"], "held")
        self.assertEqual((self.slot.claimed_drops, self.slot.claimed_kg, self.slot.free_drops), (1, 40, 2))
        self.assertEqual(self.env["delivery.slot"].release("a")["state"], "released")
        self.assertEqual((self.slot.claimed_drops, self.slot.claimed_kg), (0, 0))

    def test_full_slot_refuses_and_takes_nothing(self):
        for key in "abc":
            self._hold(key)
        with self.assertRaisesRegex(UserError, r"JD-SLT-028.*drops"):
            self._hold("d")
        self.assertEqual(self.slot.claimed_drops, 3)
        self.assertEqual(self.slot.hold_ids.mapped("key"), ["c", "b", "a"])

    def test_kilograms_bind_before_drops(self):
        self._hold("a", kg=99.9)
        with self.assertRaisesRegex(UserError, r"JD-SLT-028.*\(kg\)"):
            self._hold("b", kg=0.2)
        self._hold("c", kg=0.1)
        self.assertEqual(self.slot.claimed_kg, 100)

    def test_same_key_answers_the_first_hold(self):
        self.assertEqual(self._hold("a", kg=5), self._hold("a", kg=5))
        self.assertEqual(self.slot.claimed_kg, 5)

    def test_same_key_for_something_else_is_refused(self):
        self._hold("a", kg=5)
        with self.assertRaisesRegex(UserError, "JD-SLT-031"):
            self._hold("a", kg=6)
        self.assertEqual(self.slot.claimed_kg, 5)

    def test_confirm_twice_answers_the_same(self):
        self._hold("a")
        slots = self.env["delivery.slot"].with_user(self.dispatcher)
        self.assertEqual(slots.confirm("a"), slots.confirm("a"))
        self.assertEqual((self.slot.booked_drops, self.slot.held_drops), (1, 0))

    def test_booking_at_once_turns_the_hold_of_that_key_into_a_booking(self):
        self._hold("a")
        slots = self.env["delivery.slot"].with_user(self.dispatcher)
        for _again in range(2):
            self.assertEqual(slots.hold(self.slot.id, "a", {}, is_confirmed=True)["state"], "confirmed")
        self.assertEqual((self.slot.claimed_drops, self.slot.booked_drops), (1, 1))

    def test_release_twice_gives_back_once(self):
        self._hold("a")
        self._hold("b")
        self.env["delivery.slot"].release("a")
        self.env["delivery.slot"].release("a")
        self.assertEqual(self.slot.claimed_drops, 1)

    def _expire(self, key):
        self.env.cr.execute(
            "UPDATE delivery_slot_hold SET expires_at = '2020-01-01' WHERE key = %s",
            [key],
        )
        self.env.invalidate_all()

    def test_expired_hold_cannot_be_confirmed(self):
        self._hold("a")
        self._expire("a")
        with self.assertRaisesRegex(UserError, "JD-SLT-034"):
            self.env["delivery.slot"].confirm("a")
        self.assertEqual(self.slot.hold_ids.state, "held")

    def test_sweeper_ends_only_what_expired(self):
        self._hold("a", kg=10)
        self._hold("b", kg=20)
        self._expire("a")
        self.assertEqual(self.env["delivery.slot.hold"]._sweep(), 1)
        self.assertEqual((self.slot.claimed_drops, self.slot.claimed_kg), (1, 20))
        self.assertEqual(self.slot.hold_ids.mapped("state"), ["held", "expired"])

    def test_room_of_an_expired_hold_is_free_before_the_sweeper_comes(self):
        for key in "abc":
            self._hold(key)
        self._expire("a")
        self.assertTrue(self._offer_of(self.slot)["is_free"])
        self.assertEqual(self._hold("d")["state"], "held")
        self.assertEqual(self.slot.claimed_drops, 3)
        self.assertEqual(self.slot.hold_ids.mapped("state"), ["held", "held", "held", "expired"])

    def test_a_key_held_too_long_ago_is_not_answered_as_held(self):
        first = self._hold("a")
        self._expire("a")
        self.assertEqual((first["state"], self._hold("a")["state"]), ("held", "expired"))
        with self.assertRaisesRegex(UserError, "JD-SLT-034"):
            self.env["delivery.slot"].hold(self.slot.id, "a", {}, is_confirmed=True)

    def test_counters_are_not_written_by_hand(self):
        self._hold("a")
        for vals in ({"claimed_drops": 0}, {"overbooked_kg": 5.0}):
            with self.assertRaisesRegex(UserError, "JD-SLT-008"):
                self.slot.with_user(self.jit_manager).write(vals)
        with self.assertRaisesRegex(UserError, "JD-SLT-008"):
            self._create_slot(claimed_drops=1)

    def test_slot_in_the_past_is_refused(self):
        past = self._create_slot(self.now - timedelta(hours=1))
        with self.assertRaisesRegex(UserError, "JD-SLT-030"):
            self._hold("a", slot=past)

    def test_unknown_dimension_and_negative_amount_are_refused(self):
        for load in ({"boxes": 1}, {"kg": -1}, {"kg": float("nan")}, {"kg": "5"}):
            with self.assertRaisesRegex(UserError, "JD-SLT-021"):
                self._hold("a", **load)
        self.assertFalse(self.slot.hold_ids)

    def test_only_managers_overbook_and_with_a_reason(self):
        for key in "abc":
            self._hold(key)
        slots = self.env["delivery.slot"]
        with self.assertRaises(AccessError):
            slots.with_user(self.dispatcher).hold(self.slot.id, "d", {}, 15, "Rush")
        slots.with_user(self.jit_manager).hold(self.slot.id, "d", {}, 15, "Rush")
        self.assertEqual(
            (self.slot.claimed_drops, self.slot.overbooked_drops, self.slot.free_drops), (3, 1, -1)
        )

    def test_overbooked_place_still_fills_the_slot(self):
        for key in "abc":
            self._hold(key)
        self.env["delivery.slot"].with_user(self.jit_manager).hold(self.slot.id, "d", {}, 15, "Rush")
        self.env["delivery.slot"].release("a")
        with self.assertRaisesRegex(UserError, "JD-SLT-028"):
            self._hold("e")

    def test_capacity_below_bookings_is_refused(self):
        self._hold("a")
        self._hold("b")
        with self.assertRaisesRegex(ValidationError, "JD-SLT-003"):
            self.slot.capacity_drops = 1

    @mute_logger("odoo.sql_db")
    def test_database_refuses_overbooking(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE delivery_slot SET claimed_drops = 4 WHERE id = %s", [self.slot.id])

    def test_booked_slot_keeps_its_time_and_is_not_deleted(self):
        self._hold("a")
        with self.assertRaisesRegex(UserError, "JD-SLT-004"):
            self.slot.start = self.now + timedelta(days=3)
        with self.assertRaisesRegex(UserError, "JD-SLT-005"):
            self.slot.unlink()
        with self.assertRaisesRegex(UserError, "JD-SLT-005"):
            self.slot.active = False

    def test_outsiders_may_not_book_nor_touch_rows(self):
        outsider = self._create_user("of_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self._hold("a", user=outsider)
        self._hold("a")
        with self.assertRaises(AccessError):
            self.slot.hold_ids.with_user(self.dispatcher).write({"state": "released"})

    def test_load_chart_sums_to_the_capacity(self):
        self._hold("a", kg=30)
        self._hold("b", kg=20)
        self.env["delivery.slot"].confirm("b")
        rows = self.env["delivery.slot.load"].search([("slot_id", "=", self.slot.id)], order="kind")
        self.assertEqual(rows.mapped("drops"), [1, 1, 1])
        self.assertEqual(rows.mapped("kg"), [20, 30, 50])

    def _offer_of(self, slot):
        span = [str((self.now + timedelta(days=days)).replace(microsecond=0)) for days in (0, 3)]
        slots = self.env["delivery.slot"].with_user(self.dispatcher)
        offers = slots.get_windows(self.customer.id, *span, None, self.warehouse.id)
        return next(offer for offer in offers if offer["slot_id"] == slot.id)

    def test_windows_say_why_not(self):
        self.slot.is_closed = True
        other = self._create_slot(self.now + timedelta(days=2), capacity_drops=1)
        self.assertEqual(self._offer_of(self.slot)["reasons"], ["The slot is closed for booking"])
        self.assertTrue(self._offer_of(other)["is_free"])
