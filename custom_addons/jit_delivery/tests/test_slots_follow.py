from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestSlotsFollowTemplate(JitCase):
    """A changed template reaches the slots that nobody changed by hand, and never goes below bookings."""

    def setUp(self):
        super().setUp()
        self.env["delivery.slot.template"].search([]).active = False  # of the demo data
        self.startPatcher(freeze_time("2027-03-22 06:00:00"))
        self.template = self._template("Morning", capacity_drops=10)
        self.slots = self.template._generate().sorted("start")

    def _template(self, name, **values):
        hours = {"hour_from": 8, "hour_to": 10, "horizon_days": 4}
        vals = {"name": name, "warehouse_id": self.warehouse.id, **hours, **values}
        return self.env["delivery.slot.template"].create(vals)

    def _drops(self):
        return self.slots.mapped("capacity_drops")

    def test_other_capacity_reaches_slots_at_once(self):
        self.template.write({"capacity_drops": 12, "capacity_kg": 500})
        self.assertEqual((self._drops(), self.slots[0].capacity_kg), ([12] * 4, 500))
        self.assertFalse(self.template.kept_note)

    def test_never_below_what_is_booked_and_the_slot_is_named(self):
        self._hold("seven", self.slots[1], drops=7, kg=300)
        self.template.write({"capacity_drops": 5, "capacity_kg": 200})
        self.assertEqual(
            (self._drops(), self.slots.mapped("capacity_kg")), ([5, 7, 5, 5], [200, 300, 200, 200])
        )
        self.assertIn(self.slots[1].name, self.template.kept_note)
        self.assertNotIn(self.slots[0].name, self.template.kept_note)
        self.env["delivery.slot"].with_user(self.dispatcher).release("seven")
        self.template._generate()
        self.assertEqual((self._drops(), self.template.kept_note), ([5] * 4, ""))

    def test_slot_set_by_hand_stays_and_follows_again_if_told(self):
        self.slots[2].with_user(self.dispatcher).capacity_drops = 3
        self.template.capacity_drops = 12
        self.assertEqual(self._drops(), [12, 12, 3, 12])
        self.assertRegex(self.template.kept_note, "set by hand.*" + self.slots[2].name)
        self.slots[2].is_set_by_hand = False
        self.template._generate()
        self.assertEqual(self._drops(), [12] * 4)

    def test_other_dock_reaches_slots_without_bookings(self):
        dock = self.env["stock.location"].create({"name": "Dock", "location_id": self.stock_location.id})
        self._hold("booked", self.slots[0])
        self.template.dock_id = dock
        self.assertEqual([bool(slot.dock_id) for slot in self.slots], [False, True, True, True])
        self.assertIn(self.slots[0].name, self.template.kept_note)

    def test_begun_slots_and_those_of_others_stay(self):
        other = self._create_slot(capacity_drops=3)
        with freeze_time("2027-03-23 07:30:00"):
            self.template.capacity_drops = 4
        self.assertEqual((self._drops(), other.capacity_drops), ([10, 10, 4, 4], 3))

    def test_same_hours_twice_are_refused_overlapping_ones_told(self):
        for days in ({}, {"tuesday": False, "sunday": True}):
            with self.assertRaisesRegex(ValidationError, "JD-SLT-011.*Morning"), self.env.cr.savepoint():
                self._template("Again", **days)
        wide = self._template("Wide", hour_to=12)
        self.assertIn("Morning", wide.overlap_note)
        self.assertIn("Wide", self.template.overlap_note)
        weekend = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), False)
        for name, values in {
            "Next": {"hour_from": 12, "hour_to": 13},
            "Weekend": {**weekend, "saturday": True},
            "Vans": {"vehicle_category_id": self._vehicle_class().id},
        }.items():
            self.assertFalse(self._template(name, **values).overlap_note, name)

    def _vehicle_class(self):
        return self.env["fleet.vehicle.model.category"].create({"name": "Van"})

    def test_a_copy_offers_nothing_until_its_hours_are_its_own(self):
        copy = self.template.copy()
        self.assertEqual((copy.active, copy.name), (False, "Morning (copy)"))
        with self.assertRaisesRegex(ValidationError, "JD-SLT-011"), self.env.cr.savepoint():
            copy.active = True
        copy.write({"hour_from": 14, "hour_to": 16, "active": True})
        self.assertEqual(len(copy._generate()), 4)

    def test_a_copied_slot_is_nobodys_copy(self):
        self.assertFalse(self.slots[0].copy().template_id)
