from odoo import api, fields, models

from ...tools.sla import Case, verdict
from .work_hours import WorkHours, to_moment, to_seconds

STATES = [
    ("running", "Running"),
    ("paused", "Customer asked"),
    ("kept", "Kept"),
    ("missed", "Missed"),
    ("dropped", "Ended without"),
    ("no_hours", "No working hours"),
]


class AfterSalesSlaStatus(models.Model):
    """The verdict on one ticket against one policy. Computed from the ticket's events, never typed."""

    _name = "after.sales.sla.status"
    _description = "Service Level of a Ticket"
    _order = "deadline, id"
    _rec_name = "sla_id"

    ticket_id = fields.Many2one(
        "after.sales.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sla_id = fields.Many2one(
        "after.sales.sla", "Policy", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    kind = fields.Selection(related="sla_id.kind", store=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="running", index=True)
    is_open = fields.Boolean(readonly=True, default=True, help="The ticket still works towards this target.")
    deadline = fields.Datetime(readonly=True)
    reached_at = fields.Datetime("Met", readonly=True)
    used_hours = fields.Float("Working hours used", readonly=True)
    check_at = fields.Datetime("Look again", readonly=True)

    _one_verdict = models.UniqueIndex("(ticket_id, sla_id)", "A ticket has one verdict per policy.")
    _due = models.Index("(check_at) WHERE is_open")

    def _look_again(self):
        """Have the job judge these anew at its next turn."""
        self.sudo().write({"check_at": fields.Datetime.now()})

    @api.model
    def _look_again_at(self, calendars):
        """Open targets counted in one of ``calendars``; without any, all."""
        domain = [("is_open", "=", True)]
        if calendars:
            domain += [
                "|",
                ("sla_id.resource_calendar_id", "in", calendars.ids),
                ("sla_id.resource_calendar_id", "=", False),
            ]
        self.sudo().search(domain)._look_again()

    def _judge(self, hours=None, now=None):
        """Write what the events say by ``now``; return {status: steps of the policy that are due}."""
        hours = hours or WorkHours(self.env)
        now = to_seconds(now or fields.Datetime.now())
        facts = self.ticket_id._get_facts()
        due = {}
        for status in self:
            values, due[status] = status._assess(facts[status.ticket_id.id], hours, now)
            changed = {name: value for name, value in values.items() if status[name] != value}
            if changed:
                status.sudo().write(changed)
        return due

    def _assess(self, facts, hours, now):
        """The verdict as field values, and the steps whose share of the target is used up."""
        policy, case = self.sla_id, self._get_case(facts)
        calendar = policy._get_calendar(self.ticket_id.team_id)

        def judged(seconds):
            def rule(work):
                return verdict(work, case, seconds, now)

            return hours.judge(calendar, self.company_id, case.opened, now, rule)

        found = judged(policy._seconds)
        is_open = case.reached is None and case.dropped is None
        values = {
            "state": found.state,
            "is_open": is_open,
            "deadline": to_moment(found.deadline),
            "reached_at": to_moment(case.reached),
            "used_hours": found.used / 3600,
            "check_at": False,
        }
        if not is_open:
            return values, self.env["after.sales.sla.step"]
        steps, next_look = self._split_steps(judged, found, now)
        values["check_at"] = to_moment(next_look)
        return values, steps

    def _split_steps(self, judged, found, now):
        """(steps that are due, when to look again); nothing becomes due while the clock stands."""
        moments = {}
        for step in self.sla_id.step_ids:
            at_step = judged(step._seconds)
            if at_step.state in ("running", "missed"):
                moments[step] = at_step.deadline
        due = [step for step, moment in moments.items() if moment <= now]
        ahead = [moment for moment in moments.values() if moment > now]
        if found.state == "running":
            ahead.append(found.deadline + 1)
        return self.env["after.sales.sla.step"].union(*due), min(ahead, default=None)

    def _get_case(self, facts):
        pauses = [(to_seconds(start), to_seconds(stop)) for start, stop in facts.pauses]
        reached = facts.answered_at if self.kind == "answer" else facts.solved_at
        ended = facts.closed_at if facts.stage in ("cancelled", "merged") else None
        return Case(
            opened=to_seconds(facts.opened_at or self.ticket_id.create_date),
            pauses=pauses,
            reached=to_seconds(reached),
            dropped=to_seconds(ended) if reached is None else None,
        )


class AfterSalesEscalation(models.Model):
    """A step of a policy that was done for a ticket: once, whatever happens to the job."""

    _name = "after.sales.escalation"
    _description = "Escalation of a Ticket"
    _order = "id desc"
    _rec_name = "step_id"

    ticket_id = fields.Many2one(
        "after.sales.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sla_id = fields.Many2one("after.sales.sla", "Policy", required=True, readonly=True, ondelete="restrict")
    step_id = fields.Many2one("after.sales.sla.step", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    done_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    notified_ids = fields.Many2many("res.users", "after_sales_escalation_notified", readonly=True)

    _once = models.UniqueIndex("(ticket_id, sla_id, step_id)", "This step was done for this ticket already.")
