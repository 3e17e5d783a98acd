from odoo import api, fields, models

from ...tools.sla import used
from ...tools.ticket_flow import Facts
from .work_hours import WorkHours, to_seconds


class AfterSalesTicket(models.Model):
    """Times of a ticket in the team's working hours, and whether the first contact was enough."""

    _inherit = "after.sales.ticket"

    answer_hours = fields.Float(
        "Working hours to answer",
        compute="_compute_hours",
        store=True,
        aggregator="avg",
        help="From opening to our first answer, in the team's working time; time in which the customer was "
        "asked does not count.",
    )
    solve_hours = fields.Float(
        "Working hours to solve",
        compute="_compute_hours",
        store=True,
        aggregator="avg",
        help="From opening to the last time it was solved, in the team's working time without waiting for "
        "the customer.",
    )
    is_first_contact = fields.Boolean(
        "Solved at first contact",
        compute="_compute_is_first_contact",
        store=True,
        help="Solved, never opened again, and the customer did not have to write a second time.",
    )

    @api.depends("first_answered_at", "solved_at", "event_ids", "team_id")
    def _compute_hours(self):
        hours = WorkHours(self.env)
        facts = self._get_facts(self._origin.ids)
        for ticket in self:
            known = facts.get(ticket._origin.id) or Facts()
            ticket.answer_hours = ticket._count_hours(hours, known, known.answered_at)
            ticket.solve_hours = ticket._count_hours(hours, known, known.solved_at)

    def _count_hours(self, hours, facts, until):
        """Working hours from opening to ``until``; 0 while that is not known."""
        if not until or not facts.opened_at:
            return 0.0
        start, stop = to_seconds(facts.opened_at), to_seconds(until)
        calendar = self.sudo().team_id.resource_calendar_id or self.company_id.resource_calendar_id
        work = hours.get(calendar, self.company_id, start, stop)
        pauses = [(to_seconds(begin), to_seconds(end)) for begin, end in facts.pauses]
        return used(work, start, stop, pauses) / 3600

    @api.depends("solved_at", "reopen_count", "reply_count")
    def _compute_is_first_contact(self):
        for ticket in self:
            ticket.is_first_contact = (
                bool(ticket.solved_at) and not ticket.reopen_count and not ticket.reply_count
            )
