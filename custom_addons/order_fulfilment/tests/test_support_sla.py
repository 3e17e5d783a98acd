from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .support_common import SupportCase

# A Monday; Berlin is one hour ahead of UTC.
NINE = datetime(2026, 11, 23, 8, 0)


class SlaCase(SupportCase):
    """Tickets opened on Monday at nine, and a job that runs some hours later."""

    def _at(self, hours):
        return freeze_time(NINE + timedelta(hours=hours))

    def _open(self, **values):
        with self._at(0):
            ticket = self._ticket(**values)
            self.env.flush_all()
        return ticket

    def _run_job(self, hours):
        progress = patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=1.0)
        with self._at(hours), progress:
            self.env["after.sales.sla.status"]._cron_run()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestSupportSla(SlaCase):
    def test_deadline_over_lunch(self):
        self._policy("solve", 4)
        ticket = self._open()
        self.assertEqual(ticket.sla_deadline, datetime(2026, 11, 23, 13, 0))
        self.assertEqual(ticket.sla_state, "running")

    def test_holiday_moves_the_deadline(self):
        self._policy("solve", 10)
        ticket = self._open()
        self.assertEqual(ticket.sla_deadline, datetime(2026, 11, 24, 10, 0))
        with self._at(1):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "calendar_id": self.calendar.id,
                    "company_id": self.company.id,
                    "date_from": datetime(2026, 11, 24, 0, 0),
                    "date_to": datetime(2026, 11, 24, 23, 0),
                }
            )
        self._run_job(1)
        self.assertEqual(ticket.sla_deadline, datetime(2026, 11, 25, 10, 0))

    def test_asking_the_customer_stops_the_clock(self):
        self._policy("solve", 4)
        ticket = self._open()
        with self._at(1):
            ticket.action_ask_customer()
        self.assertEqual(ticket.sla_state, "paused")
        self._run_job(30)
        self.assertEqual(ticket.sla_state, "paused")
        with self._at(48):
            ticket._note_reply()
        self.assertEqual(ticket.stage_code, "in_progress")
        self.assertEqual(ticket.sla_deadline, NINE + timedelta(hours=48 + 3))

    def test_verdict_is_kept_or_missed_once(self):
        self._policy("answer", 1)
        self._policy("solve", 4)
        ticket = self._open()
        with self._at(0.5):
            ticket._note_answer()
        self._run_job(12)
        states = dict(
            zip(ticket.sla_status_ids.mapped("kind"), ticket.sla_status_ids.mapped("state"), strict=True)
        )
        self.assertEqual(states, {"answer": "kept", "solve": "missed"})
        self.assertEqual(ticket.sla_state, "missed")

    def test_solved_late_and_judged_again(self):
        self._policy("solve", 1)
        ticket = self._open()
        with self._at(3):
            ticket._move_to("solved")
        status = ticket.sla_status_ids
        before = status.read(["state", "deadline", "reached_at", "used_hours"])
        self.assertEqual(before[0]["state"], "missed")
        status.state = "kept"  # as if somebody had tampered with it
        with self._at(500):
            status._judge()
        self.assertEqual(status.read(["state", "deadline", "reached_at", "used_hours"]), before)

    def test_reopened_goes_on_with_what_was_left(self):
        self._policy("solve", 4)
        ticket = self._open()
        with self._at(1):
            ticket._move_to("solved")
        self.assertEqual(ticket.sla_state, "kept")
        with self._at(24):
            ticket.action_reopen()
        self.assertEqual((ticket.reopen_count, ticket.solved_at, ticket.sla_state), (1, False, "running"))
        self.assertEqual(ticket.sla_deadline, NINE + timedelta(hours=24 + 3))

    def test_the_most_special_policy_counts(self):
        self._policy("solve", 40)
        special = self._policy("solve", 8, partner_id=self.customer.id)
        self.assertEqual(self._open().sla_status_ids.sla_id, special)
        other = self.env["res.partner"].create({"name": "Other"})
        self.assertEqual(self._open(partner_id=other.id).sla_status_ids.sla_id.hours, 40)

    def test_raised_by_hand_gets_another_policy(self):
        self._policy("solve", 40)
        urgent = self._policy("solve", 2, priority="3")
        ticket = self._open()
        with self._at(1):
            ticket.priority = "3"
        self.assertEqual(ticket.sla_status_ids.sla_id, urgent)

    def test_steps_are_done_once(self):
        steps = [
            (75, {"notify": "both"}),
            (100, {"notify": "leader", "reassign": "leader", "raise_priority": True}),
        ]
        self._policy("solve", 4, steps)
        ticket = self._open(user_id=self.technician.id)
        self._run_job(2)
        self.assertFalse(self._escalations(ticket))
        for hours in (3.5, 3.6, 6, 7, 30):
            self._run_job(hours)
        self.assertEqual(self._escalations(ticket).mapped("step_id.percent"), [100, 75])
        self.assertEqual((ticket.user_id, ticket.priority), (self.leader, "2"))
        kinds = ticket.event_ids.mapped("kind")
        self.assertEqual((kinds.count("warned"), kinds.count("escalated")), (1, 1))

    def test_two_steps_in_one_turn_and_everybody_is_told_once(self):
        """The owner who lost the ticket and the leader who got it hear of both steps, in one message each."""
        steps = [(75, {"notify": "both"}), (100, {"notify": "owner", "reassign": "leader"})]
        self._policy("solve", 4, steps)
        ticket = self._open(user_id=self.technician.id)
        for hours in (30, 31):
            self._run_job(hours)
        self.assertEqual(ticket.user_id, self.leader)
        escalations = self._escalations(ticket)
        self.assertEqual(escalations.notified_ids, self.technician | self.leader)
        self.assertFalse(any(escalations.mapped("to_tell")))
        told = self.env["mail.message"].search([("subject", "ilike", "2 tickets in danger")])
        self.assertEqual(told.notified_partner_ids, (self.technician | self.leader).partner_id)
        self.assertEqual(len(told), 2)

    def test_other_hours_of_the_team_move_the_deadline(self):
        self._policy("solve", 4)
        ticket = self._open()
        with self._at(0.5):
            self.calendar.attendance_ids.filtered(lambda hours: hours.dayofweek == "0").unlink()
        self._run_job(0.5)
        self.assertEqual(ticket.sla_deadline, datetime(2026, 11, 24, 11, 0))
        always = {"name": "Flexible", "tz": "Europe/Berlin", "flexible_hours": True, "hours_per_day": 8}
        with self._at(0.5):
            self.team.resource_calendar_id = self.env["resource.calendar"].create(always)
        self._run_job(0.5)
        self.assertEqual(ticket.sla_deadline, datetime(2026, 11, 23, 12, 0))

    def _escalations(self, ticket):
        return self.env["after.sales.escalation"].search([("ticket_id", "=", ticket.id)])

    def test_calendar_without_hours_is_refused(self):
        empty = self.env["resource.calendar"].create({"name": "Empty", "attendance_ids": [(5,)]})
        empty.attendance_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "OF-SLA-001.*no working hours"):
            self.team.resource_calendar_id = empty

    def test_calendar_that_lost_its_hours(self):
        self._policy("solve", 4)
        ticket = self._open()
        self.calendar.attendance_ids.unlink()
        with self._at(1):
            self.env["after.sales.sla.status"]._look_again_at(self.calendar)
        self._run_job(1)
        self.assertEqual((ticket.sla_state, ticket.sla_deadline), ("no_hours", False))

    def test_flexible_calendar(self):
        self.calendar.write({"flexible_hours": True, "hours_per_day": 8, "full_time_required_hours": 40})
        self._policy("solve", 4)
        ticket = self._open()
        # Eight hours around noon, Monday to Friday.
        self.assertEqual(ticket.sla_deadline, datetime(2026, 11, 23, 12, 0))

    def test_cancelled_ends_the_target(self):
        self._policy("solve", 4)
        ticket = self._open()
        with self._at(1):
            ticket.action_cancel()
        self.assertEqual((ticket.sla_state, ticket.sla_status_ids.is_open), ("dropped", False))
