from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestReceivingWindows(JitCase):
    def _windows(self, start, end):
        found = self.customer._get_receiving_windows(self._utc(start), self._utc(end))
        return [(str(i.start), str(i.end)) for i in found]

    def _add(self, **values):
        return self.env["delivery.window"].create({"partner_id": self.customer.id, **values})

    def test_address_without_hours_receives_at_any_time(self):
        self.assertIsNone(self.customer._get_receiving_windows(self.now, self.now))

    def test_windows_in_the_time_of_the_address(self):
        self._add(weekday="6", hour_from=22, hour_to=6, ends_next_day=True)
        self.assertEqual(
            self._windows("2027-03-27 00:00", "2027-03-29 12:00"),
            [("2027-03-28 20:00:00", "2027-03-29 04:00:00")],
        )

    def test_closed_day_and_opening(self):
        self._add(weekday="0", hour_from=8, hour_to=12)
        self.customer.delivery_window_exception_ids = [
            Command.create({"date": "2027-01-04"}),
            Command.create({"date": "2027-01-05", "is_open": True, "hour_from": 9, "hour_to": 10}),
        ]
        self.assertEqual(
            self._windows("2027-01-03 00:00", "2027-01-10 00:00"),
            [("2027-01-05 08:00:00", "2027-01-05 09:00:00")],
        )

    def test_calendar_gives_hours_and_holidays(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Ramp",
                "tz": "Europe/Berlin",
                "attendance_ids": [
                    Command.clear(),
                    Command.create({"name": "Mon", "dayofweek": "0", "hour_from": 8, "hour_to": 24}),
                ],
            }
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": "2027-01-10 23:00:00",
                "date_to": "2027-01-11 22:59:59",
            }
        )
        self.customer.receiving_calendar_id = calendar
        self.assertEqual(
            self._windows("2027-01-03 00:00", "2027-01-14 00:00"),
            [("2027-01-04 07:00:00", "2027-01-04 23:00:00")],
        )

    def test_frequency_agreement_replaces_the_weekly_windows(self):
        self._add(weekday="0", hour_from=8, hour_to=18)
        self.customer.delivery_frequency_ids = [Command.create({"times": "6:00, 10:00, 14", "tolerance": 20})]
        found = self._windows("2027-01-04 00:00", "2027-01-11 00:00")
        self.assertEqual(len(found), 15)
        self.assertEqual(found[0], ("2027-01-04 05:00:00", "2027-01-04 05:20:00"))

    def test_unreadable_frequency_is_refused(self):
        for times in ("6:00, 25:00", "noon", ""):
            with self.assertRaisesRegex(ValidationError, "JD-WIN-00[45]"):
                self.env["delivery.frequency"].create({"partner_id": self.customer.id, "times": times})

    def test_address_without_time_zone_is_refused(self):
        self._add(weekday="0")
        self.customer.tz = False
        with self.assertRaisesRegex(UserError, "JD-WIN-003"):
            self._windows("2027-01-03 00:00", "2027-01-14 00:00")

    def test_window_that_ends_before_it_starts_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "JD-WIN-001"):
            self._add(weekday="0", hour_from=12, hour_to=8)

    def test_salesperson_reads_but_does_not_change(self):
        window = self._add(weekday="0").with_user(self.user)
        self.assertEqual(window.hour_to, 12)
        with self.assertRaises(AccessError):
            window.hour_to = 13
