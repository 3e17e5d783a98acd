from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .support_common import SupportCase
from .test_support_sla import NINE

# The figures once more, straight from events, verdicts and marks.
RECOUNT = """
    WITH counted AS (SELECT id, opened_at, solved_at, reopen_count FROM after_sales_ticket
                      WHERE team_id = %(team)s AND stage_code NOT IN ('merged', 'cancelled')),
         replies AS (SELECT DISTINCT ticket_id FROM after_sales_ticket_event WHERE kind = 'replied'),
         reopenings AS (SELECT ticket_id FROM after_sales_ticket_event
                         WHERE kind = 'stage' AND before IN ('solved', 'closed') AND after = 'in_progress')
    SELECT count(*),
           (SELECT count(*) FROM counted c WHERE solved_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM replies r WHERE r.ticket_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM reopenings r WHERE r.ticket_id = c.id))::float
           / (SELECT count(*) FROM counted WHERE solved_at IS NOT NULL),
           (SELECT count(DISTINCT r.ticket_id) FROM reopenings r JOIN counted c ON c.id = r.ticket_id)::float
           / (SELECT count(DISTINCT e.ticket_id) FROM after_sales_ticket_event e
                JOIN counted c ON c.id = e.ticket_id WHERE e.after = 'solved'),
           (SELECT avg(kept) FROM (
                SELECT min((state = 'kept')::int) AS kept FROM after_sales_sla_status s
                  JOIN counted c ON c.id = s.ticket_id WHERE state IN ('kept', 'missed')
                 GROUP BY ticket_id) every),
           (SELECT avg(rating) FROM rating_rating r JOIN counted c ON c.id = r.res_id
             WHERE r.res_model = 'after.sales.ticket' AND consumed)
      FROM counted
"""
# Working hours to answer and to solve by the minutes on the wall clock, without waiting for the customer.
MINUTES = """
    WITH spent AS (
        SELECT t.first_answered_at, minute FROM after_sales_ticket t,
               generate_series(t.opened_at, t.solved_at - interval '1 minute', interval '1 minute') minute,
               LATERAL (SELECT minute AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Berlin' AS wall) local
         WHERE t.id = %(ticket)s AND extract(isodow FROM wall) < 6
           AND extract(hour FROM wall) IN (8, 9, 10, 11, 13, 14, 15, 16)
           AND (SELECT e.after FROM after_sales_ticket_event e
                 WHERE e.ticket_id = t.id AND e.kind IN ('opened', 'stage') AND e.at <= minute
                 ORDER BY e.at DESC, e.id DESC LIMIT 1) != 'waiting_customer')
    SELECT (count(*) FILTER (WHERE minute < first_answered_at))::float / 60, count(*)::float / 60 FROM spent
"""


@tagged("post_install", "-at_install")
class TestSupportFigures(SupportCase):
    def _at(self, hours):
        return freeze_time(NINE + timedelta(hours=hours))

    def _play(self):
        """Six tickets: solved at once, after a reply, opened again, late, still open, cancelled."""
        self._policy("solve", 2)
        with self._at(0):
            tickets = [self._ticket() for _ticket in range(6)]
            self.env.flush_all()
        with self._at(1):
            tickets[0]._move_to("solved")
            tickets[1]._note_reply()
            tickets[1]._move_to("solved")
            tickets[2]._move_to("solved")
            tickets[5]._move_to("cancelled")
        with self._at(3):
            tickets[2].action_reopen()
            tickets[3]._move_to("solved")
        for ticket, mark in ((tickets[0], 5), (tickets[3], 1)):
            ticket.rating_apply(mark, token=ticket._rating_get_access_token())
        self.env.flush_all()
        return tickets

    def test_hours_equal_a_count_of_minutes(self):
        """Answered on Monday, asked over night, solved on Tuesday: without lunch, night and waiting."""
        with self._at(-0.5):
            ticket = self._ticket()
            self.env.flush_all()
        with self._at(2.25):
            ticket._note_answer()
        with self._at(3.5):
            ticket.action_ask_customer()
        with self._at(25):
            ticket._note_reply()
        with self._at(29.75):
            ticket._move_to("solved")
        self.env.flush_all()
        self.env.cr.execute(MINUTES, {"ticket": ticket.id})
        [counted] = self.env.cr.fetchall()
        lines = self._board()
        self.assertEqual(counted, (2.75, 3.5 + 3.75))
        self.assertAlmostEqual(lines["Hours to answer"].value, counted[0], 5)
        self.assertAlmostEqual(lines["Hours to solve"].value, counted[1], 5)

    def test_backlog_and_local_day(self):
        """A ticket of 23:30 UTC on Sunday was opened on Monday in Berlin."""
        self.env.user.tz = "Europe/Berlin"
        with self._at(-8.5):
            ticket = self._ticket()
            self.env.flush_all()
        board = self.env["after.sales.figures.board"].create(
            {"date_from": "2026-11-23", "date_to": "2026-11-23", "team_id": self.team.id}
        )
        lines = {line.name: line for line in board.line_ids}
        self.assertEqual(lines["Tickets"].value, 1)
        self.env.cr.execute(
            """SELECT extract(epoch FROM now() AT TIME ZONE 'UTC' - opened_at)::float / 86400
                 FROM after_sales_ticket WHERE id = %s""",
            [ticket.id],
        )
        self.assertAlmostEqual(lines["Backlog age (days)"].value, self.env.cr.fetchone()[0], 4)

    def _board(self):
        board = self.env["after.sales.figures.board"].create({"date_from": False, "team_id": self.team.id})
        board.date_to = False
        return {line.name: line for line in board.line_ids}

    def test_equal_to_a_recount(self):
        self._play()
        self.env.cr.execute(RECOUNT, {"team": self.team.id})
        recount = self.env.cr.fetchone()
        names = ("Tickets", "First-contact resolution", "Reopened", "Service level kept", "Satisfaction")
        lines = self._board()
        for name, expected in zip(names, recount, strict=True):
            self.assertAlmostEqual(lines[name].value, float(expected), 5, name)

    def test_values(self):
        self._play()
        lines = self._board()
        self.assertEqual(lines["Tickets"].value, 5)
        self.assertAlmostEqual(lines["First-contact resolution"].value, 2 / 3, 5)
        self.assertAlmostEqual(lines["Reopened"].value, 1 / 4)
        self.assertAlmostEqual(lines["Service level kept"].value, 2 / 3, 5)
        self.assertAlmostEqual(lines["Hours to solve"].value, (1 + 1 + 3) / 3, 5)
        self.assertEqual(lines["Satisfaction"].value, 3)
        self.assertTrue(all(line.definition for name, line in lines.items() if name != "Tickets"))
