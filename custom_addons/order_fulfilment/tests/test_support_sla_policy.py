from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_support_sla import NINE, SlaCase


@tagged("post_install", "-at_install")
class TestSlaPolicyChanges(SlaCase):
    """Policies that are made, changed or archived while tickets are open."""

    def _verdicts(self, ticket):
        return {status.sla_id: status.state for status in ticket.sla_status_ids}

    def test_a_new_policy_reaches_the_open_ticket_once(self):
        ticket, over = self._open(), self._open()
        with self._at(0.5):
            over._move_to("solved")
        with self._at(1):
            policy = self._policy("solve", 4)
        self.assertFalse(ticket.sla_status_ids)
        for hours in (1, 2):
            self._run_job(hours)
        self.assertEqual(self._verdicts(ticket), {policy: "running"})
        self.assertEqual(ticket.sla_deadline, datetime(2026, 11, 23, 13, 0))
        self.assertFalse(over.sla_status_ids)
        self.assertEqual(policy.spread_to, 0)

    def test_a_policy_in_use_stays_in_its_company(self):
        policy, unused = self._policy("solve", 8), self._policy("solve", 16, sequence=20)
        ticket = self._open()
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(UserError, "OF-SLA-004"):
            policy.company_id = other
        self.assertEqual((policy.company_id, ticket.sla_status_ids.sla_id), (self.company, policy))
        unused.company_id = other
        self.assertEqual(unused.company_id, other)

    def test_the_same_verdicts_whichever_came_first(self):
        first = self._open()
        with self._at(1):
            self._policy("solve", 40)
            special = self._policy("solve", 8, partner_id=self.customer.id, sequence=1)
            self._policy("answer", 2, team_id=self.team.id)
        self._run_job(1)
        second = self._open()
        shown = [
            [(s.sla_id, s.state, s.deadline, s.hours) for s in ticket.sla_status_ids.sorted("kind")]
            for ticket in (first, second)
        ]
        self.assertEqual(*shown)
        self.assertIn(special, first.sla_status_ids.sla_id)

    def test_archived_and_narrowed_policies_leave_what_is_not_decided(self):
        missed = self._policy("answer", 1)
        solve = self._policy("solve", 8)
        general = self._policy("solve", 16, sequence=20)
        ticket = self._open()
        self._run_job(3)
        with self._at(3):
            missed.active = False
            solve.priority = "3"
        self._run_job(3)
        self.assertEqual(self._verdicts(ticket), {missed: "missed", general: "running"})

    def test_batches(self):
        from ..models.support import sla_spread

        tickets = [self._open() for _ticket in range(5)]
        with self._at(1):
            self._policy("solve", 4)
        before, sla_spread.BATCH = sla_spread.BATCH, 2
        self.addCleanup(setattr, sla_spread, "BATCH", before)
        self._run_job(1)
        self.assertEqual([len(ticket.sla_status_ids) for ticket in tickets], [1] * 5)

    def test_what_is_decided_keeps_the_target_it_was_judged_by(self):
        policy = self._policy("solve", 4)
        done, still_open = self._open(), self._open()
        with self._at(3):
            done._move_to("solved")
        with self._at(4):
            policy.hours = 1
        self._run_job(4)
        with self._at(5):
            done.sla_status_ids._judge()
        self.assertEqual((done.sla_state, done.sla_status_ids.hours), ("kept", 4))
        self.assertEqual((still_open.sla_state, still_open.sla_status_ids.hours), ("missed", 1))
        with self._at(24):
            done.action_reopen()
        self.assertEqual((done.sla_state, done.sla_status_ids.hours), ("missed", 1))

    def test_a_missed_target_that_the_job_has_not_seen_is_not_lost(self):
        policy = self._policy("solve", 4, priority="2")
        ticket = self._open(priority="2")
        with self._at(6):
            ticket.priority = "0"
        self.assertEqual(self._verdicts(ticket), {policy: "missed"})

    def test_a_step_that_was_due_before_the_ticket_moved_is_done(self):
        """Due at one o'clock; the ticket changes its stage at two, the job runs at three."""
        self._policy("solve", 4, [(100, {"notify": "leader", "reassign": "leader"})])
        ticket = self._open(user_id=self.technician.id)
        with self._at(6):
            ticket._move_to("in_progress")
        for hours in (7, 8):
            self._run_job(hours)
        self.assertEqual(ticket.user_id, self.leader)
        self.assertEqual(ticket.event_ids.mapped("kind").count("escalated"), 1)

    def test_a_calendar_in_use_cannot_be_deleted(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.calendar.unlink()
        self.assertTrue(self.team.resource_calendar_id)

    def test_hours_moved_to_another_calendar_count_for_both(self):
        self._policy("solve", 4)
        ticket = self._open()
        with self._at(0.5):
            monday = self.calendar.attendance_ids.filtered(lambda hours: hours.dayofweek == "0")
            monday.calendar_id = self.calendar.copy({"attendance_ids": False})
        self._run_job(0.5)
        self.assertEqual(ticket.sla_deadline, NINE + timedelta(hours=24 + 3))

    def test_absurd_numbers(self):
        policy = self._policy("solve", 4)
        ticket = self._open()
        for record, vals in (
            (policy, {"hours": float("inf")}),
            (policy, {"hours": float("nan")}),
            (policy, {"hours": 0}),
            (ticket, {"counter_reading": -1}),
            (ticket, {"counter_reading": float("nan")}),
        ):
            refused = self.assertRaises(IntegrityError)
            with self.subTest(vals), refused, mute_logger("odoo.sql_db"), self.cr.savepoint():
                record.write(vals)
        self.assertEqual((policy.hours, ticket.counter_reading), (4, 0))
