from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestSlotTemplates(JitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["delivery.slot.template"].search([]).active = False  # of the demo data
        cls.template = cls.env["delivery.slot.template"].create(
            {
                "name": "Morning",
                "warehouse_id": cls.warehouse.id,
                "hour_from": 8,
                "hour_to": 10,
                "horizon_days": 7,
            }
        )

    def test_slots_keep_their_wall_time_over_the_change_of_the_clock(self):
        with freeze_time("2027-03-25 12:00:00"):
            slots = self.template._generate()
        self.assertEqual(
            [str(slot.start) for slot in slots],
            [
                "2027-03-26 07:00:00",
                "2027-03-29 06:00:00",
                "2027-03-30 06:00:00",
                "2027-03-31 06:00:00",
                "2027-04-01 06:00:00",
            ],
        )
        self.assertEqual({slot.capacity_drops for slot in slots}, {10})

    def test_generating_again_makes_nothing(self):
        with freeze_time("2027-03-25 12:00:00"):
            self.template._generate()
            self.assertFalse(self.template._generate())

    def test_window_that_ends_before_it_starts_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "JD-SLT-007"):
            self.template.hour_to = 7

    def test_dispatcher_may_not_change_templates(self):
        with self.assertRaises(AccessError):
            self.template.with_user(self.dispatcher).write({"capacity_drops": 99})

    def test_no_capacity_of_nan_infinity_or_text(self):
        for value in (float("nan"), float("inf"), -1, 1e300, "x", True):
            for records in (self.template, self.slot):
                with self.assertRaisesRegex(ValidationError, "JD-SLT-009"):
                    records.write({"capacity_kg": value})
                with self.assertRaisesRegex(ValidationError, "JD-SLT-009"):
                    records.create({"warehouse_id": self.warehouse.id, "capacity_drops": value})
        with self.assertRaisesRegex(ValidationError, "JD-SLT-007.*hours are a number"):
            self.template.hour_from = float("nan")

    @freeze_time("2027-03-25 12:00:00")
    def test_other_hours_replace_the_slots_nobody_booked(self):
        slots = self.template._generate()
        self._hold("booked", slots[0])
        self.template.hour_to = 9
        new = self.template._generate()
        self.assertEqual((slots.exists(), slots[0].is_closed), (slots[0], True))
        self.assertEqual([slot.start.day for slot in new], [29, 30, 31, 1])
        self.assertFalse(self.template._generate())

    @freeze_time("2027-03-25 12:00:00")
    def test_new_holiday_takes_its_slots_back(self):
        self.template.calendar_id = self.env["resource.calendar"].create({"name": "Yard"})
        slots = self.template._generate()
        holiday = {"date_from": "2027-03-29 00:00:00", "date_to": "2027-03-29 22:00:00"}
        self.template.calendar_id.leave_ids = [Command.create(holiday)]
        self.assertFalse(self.template._generate())
        self.assertEqual(slots - slots.exists(), slots[1])

    @freeze_time("2027-03-25 12:00:00")
    def test_archived_or_deleted_template_offers_nothing_any_more(self):
        for end in (lambda template: template.action_archive(), lambda template: template.unlink()):
            template = self.template.copy({"active": True, "hour_to": 11})
            slots = template._generate()
            self._hold(f"booked {template.id}", slots[0])
            end(template)
            self.assertEqual((slots.exists(), slots[0].is_closed), (slots[0], True))

    @freeze_time("2027-03-25 12:00:00")
    def test_slot_moved_by_hand_stays(self):
        slot = self.template._generate()[0]
        slot.write({"start": "2027-03-26 10:00:00", "stop": "2027-03-26 12:00:00"})
        self.assertFalse(self.template._generate())  # not at its old time a second time either
        self.assertEqual((slot.exists(), slot.template_id.ids), (slot, []))
