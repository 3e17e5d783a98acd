from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestSlotTemplates(JitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
