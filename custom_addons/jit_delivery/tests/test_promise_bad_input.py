from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import JitCase


@tagged("post_install", "-at_install")
class TestPromiseBadInput(JitCase):
    """What cannot be is answered, with what, where and until when it was searched; nothing is written."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.env["delivery.slot"].search([]).active = False
        self.nothing_open = self.env["resource.calendar"].create(
            {"name": "Never", "tz": "Europe/Berlin", "attendance_ids": [Command.clear()]}
        )
        self._stock(self.chain, 10)
        self.order = self._create_order([(self.chain, 4)])

    def _refused(self, pattern):
        with self.assertRaisesRegex(UserError, pattern):
            self.order.promise_delivery()
        self.assertFalse(self.order.slot_hold_key or self.order.delivery_window_stop)

    def test_customer_calendar_without_any_hours(self):
        self.customer.receiving_calendar_id = self.nothing_open
        self._refused("JD-PRM-005.*until 2027-05-30: the customer does not receive at that time")
        self.assertEqual(self.order.get_delivery_windows(), [])

    def test_working_hours_without_any_hours(self):
        self.warehouse.write({"working_calendar_id": self.nothing_open.id, "pick_minutes": 5})
        self._refused("JD-PRM-005.*until 2027-05-30: picking and packing find no free working time")

    def test_cutoff_on_no_weekday(self):
        days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), False)
        self.env["delivery.cutoff"].create({"name": "Never", "warehouse_id": self.warehouse.id, **days})
        self._refused("JD-PRM-005.*until 2027-05-30: no departure follows")

    def test_slots_that_are_all_over(self):
        self._create_slot(self._utc("2027-03-01 07:00:00"), capacity_drops=1)
        self._hold("taken", slot=self.env["delivery.slot"].search([("start", "=", "2027-03-01 07:00:00")]))
        self._refused("JD-PRM-005.*full")

    def test_address_without_time_zone(self):
        self.customer.delivery_window_ids = [Command.create({"weekday": "1"})]
        self.customer.tz = False
        self._refused("JD-WIN-003")

    def test_count_and_time_that_are_none(self):
        for count in (0, 51, "5", None):
            with self.assertRaisesRegex(UserError, "JD-PRM-002"):
                self.order.get_delivery_windows(count)
        with self.assertRaisesRegex(UserError, "JD-SLT-024"):
            self.order.promise_delivery(False, "tomorrow")

    @mute_logger("odoo.sql_db")
    def test_times_that_are_no_numbers(self):
        carrier = self.env["delivery.carrier"].search([], limit=1)
        for value in (float("nan"), float("inf"), 1e300, -1.0):
            for record, name in ((self.warehouse, "pick_minutes"), (carrier, "transit_hours")):
                with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                    record[name] = value
                    record.flush_recordset()
                record.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "JD-CUT-001.*60 days"):
            self.env["delivery.cutoff"].create(
                {"name": "Later", "warehouse_id": self.warehouse.id, "departure_days": 10**9}
            )

    def test_slots_that_are_to_come_again_are_waited_for(self):
        self.env["delivery.slot.template"].create({"name": "Morning", "warehouse_id": self.warehouse.id})
        self._refused("JD-PRM-005.*no slot with room follows")

    def test_slot_that_is_not_there(self):
        for slot_id in (987654321, "9 o'clock"):
            with self.assertRaisesRegex(UserError, "JD-SLT-026"):
                self.order.promise_delivery(slot_id)

    def test_window_in_the_hour_that_does_not_exist(self):
        slots = self._generated("2027-03-27 12:00:00", 2.25, 2.75)
        self.assertEqual(
            slots.mapped("start"), [self._utc("2027-03-29 00:15:00")]
        )  # Monday's; none on Sunday

    def test_window_in_the_hour_that_exists_twice(self):
        starts = self._generated("2027-10-30 12:00:00", 2.25, 2.75).mapped("start")
        self.assertEqual([str(start) for start in starts[:2]], ["2027-10-31 00:15:00", "2027-10-31 01:15:00"])

    def _generated(self, now, hour_from, hour_to):
        self.startPatcher(freeze_time(now))
        template = self.env["delivery.slot.template"].create(
            {
                "name": "Night",
                "warehouse_id": self.warehouse.id,
                "hour_from": hour_from,
                "hour_to": hour_to,
                "horizon_days": 2,
                "saturday": True,
                "sunday": True,
            }
        )
        template._generate()
        return template.slot_ids.sorted("start")

    def test_customer_in_another_zone_over_the_change_of_the_clock(self):
        self.customer.tz = "America/New_York"
        self.customer.delivery_window_ids = [
            Command.create({"weekday": day, "hour_from": 8, "hour_to": 10}) for day in ("5", "6", "0")
        ]
        self.startPatcher(freeze_time("2027-03-13 06:00:00"))
        found = self.order.get_delivery_windows(3)
        self.assertEqual(
            [offer["start"][5:16] for offer in found], ["03-13 13:00", "03-14 12:00", "03-15 12:00"]
        )
        self.assertEqual({offer["local"][11:22] for offer in found}, {"08:00–10:00"})
