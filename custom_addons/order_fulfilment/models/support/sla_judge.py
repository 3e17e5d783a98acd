from dataclasses import dataclass
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import sla as rules
from .work_hours import WorkHours, to_moment, to_seconds

VERDICT = ("state", "is_open", "deadline", "reached_at", "used_hours", "check_at", "hours")
# The worst of what is decided shows on the ticket.
WORST_FIRST = ("missed", "no_hours", "running", "paused", "kept", "dropped")


@dataclass(frozen=True)
class Plan:
    """What of a policy the rules need, read once for all tickets of a team."""

    calendar: models.BaseModel
    company: models.BaseModel
    kind: str
    seconds: int
    steps: tuple[tuple[int, int], ...]
    longest: int


@dataclass(slots=True)
class Row:
    """A target as it stands in the database, with what of its ticket the job needs. Plain values: a hundred
    thousand records of the ORM would take longer than all the judging.
    """

    id: int
    ticket: int
    policy: int
    company: int
    team: int | None
    owner: int | None
    created: datetime
    before: tuple

    def get_seconds(self, plan, case):
        """The target: of a verdict that stands the one it was judged by, else the policy's of today."""
        _state, was_open, *_rest, hours = self.before
        is_decided = case.reached is not None or case.dropped is not None
        return round(hours * 3600) if is_decided and not was_open and hours else plan.seconds


class AfterSalesSlaStatus(models.Model):
    """Judging: the events of many tickets against their targets, in a handful of queries."""

    _inherit = "after.sales.sla.status"

    def _judge(self):
        """Write what the events say now. Steps that are due and nobody has done are left to the job."""
        due = self._judge_by(WorkHours(self.env), fields.Datetime.now())
        if due:
            done = (
                self.env["after.sales.escalation"]
                .sudo()
                .search_fetch(
                    [("ticket_id", "in", [row.ticket for row, _step in due])], ["ticket_id", "step_id"]
                )
            )
            known = {(item.ticket_id.id, item.step_id.id) for item in done}
            self.browse({row.id for row, step in due if (row.ticket, step) not in known})._look_again()

    def _judge_by(self, hours, now):
        """Write what the events say by ``now``; return [(Row, step id)] of the steps that are due."""
        now = to_seconds(now)
        rows = self._read_rows()
        facts = self.env["after.sales.ticket"]._get_facts({row.ticket for row in rows})
        plans, changed, due = {}, [], []
        for row in rows:
            key = (row.policy, row.team)
            plan = plans[key] if key in plans else plans.setdefault(key, self._get_plan(row))
            case = self._get_case(row, plan, facts[row.ticket])
            seconds = row.get_seconds(plan, case)
            longest = max(plan.longest, seconds)
            work = hours.reaching(plan.calendar, plan.company, case.opened, now, longest)
            found = rules.look(work, case, seconds, plan.steps, now)
            values = self._prepare_verdict(found, case, seconds)
            if values != row.before:
                changed.append((row.id, *values))
            due += [(row, step) for step in found.due]
        self._write_verdicts(changed)
        return due

    def _read_rows(self):
        if not self.ids:
            return []
        self.flush_model()
        self.env["after.sales.ticket"].flush_model(["team_id", "user_id"])
        found = self.env.execute_query(
            SQL(
                """SELECT s.id, s.ticket_id, s.sla_id, s.company_id, t.team_id, t.user_id, t.create_date,
                          s.state, s.is_open, s.deadline, s.reached_at, s.used_hours, s.check_at,
                          s.hours
                     FROM after_sales_sla_status s JOIN after_sales_ticket t ON t.id = s.ticket_id
                    WHERE s.id = ANY(%s)""",
                self.ids,
            )
        )
        return [Row(*values[:7], before=values[7:]) for values in found]

    @api.model
    def _get_plan(self, row):
        policy = self.env["after.sales.sla"].browse(row.policy)
        steps = tuple((step.id, step._seconds) for step in policy.step_ids)
        return Plan(
            calendar=policy._get_calendar(self.env["after.sales.team"].browse(row.team)),
            company=policy.company_id,
            kind=policy.kind,
            seconds=policy._seconds,
            steps=steps,
            longest=max([policy._seconds, *(seconds for _step, seconds in steps)]),
        )

    @api.model
    def _get_case(self, row, plan, facts):
        reached = facts.answered_at if plan.kind == "answer" else facts.solved_at
        ended = facts.closed_at if facts.stage in ("cancelled", "merged") else None
        return rules.Case(
            opened=to_seconds(facts.opened_at or row.created),
            pauses=[(to_seconds(start), to_seconds(stop)) for start, stop in facts.pauses],
            reached=to_seconds(reached),
            dropped=to_seconds(ended) if reached is None else None,
        )

    @api.model
    def _prepare_verdict(self, found, case, seconds):
        """Values in the order of VERDICT, as the database keeps them."""
        return (
            found.verdict.state,
            case.reached is None and case.dropped is None,
            to_moment(found.verdict.deadline) or None,
            to_moment(case.reached) or None,
            round(found.verdict.used / 3600, 6),
            to_moment(found.next_at) or None,
            seconds / 3600,
        )

    def _write_verdicts(self, changed):
        """All changed verdicts in one statement, and what their tickets show in a second one."""
        if not changed:
            return
        tickets = self.env.execute_query(
            SQL(
                """UPDATE after_sales_sla_status AS status
                      SET state = v.state, is_open = v.is_open, deadline = v.deadline,
                          reached_at = v.reached_at, used_hours = v.used_hours, check_at = v.check_at,
                          hours = v.hours
                     FROM unnest(%s, %s::varchar[], %s::boolean[], %s::timestamp[], %s::timestamp[],
                                 %s::numeric[], %s::timestamp[], %s::float[])
                          AS v(id, state, is_open, deadline, reached_at, used_hours, check_at, hours)
                    WHERE status.id = v.id RETURNING status.ticket_id""",
                *map(list, zip(*changed, strict=True)),
            )
        )
        self.browse([values[0] for values in changed]).invalidate_recordset(VERDICT, flush=False)
        self.env["after.sales.ticket"].browse({ticket for (ticket,) in tickets})._show_verdicts()


class AfterSalesTicket(models.Model):
    _inherit = "after.sales.ticket"

    def _show_verdicts(self):
        """What ``_compute_sla`` says, for many tickets in one statement."""
        shown = ["sla_state", "sla_deadline"]
        self.flush_model(shown)
        self.env.execute_query(
            SQL(
                """UPDATE after_sales_ticket ticket SET sla_state = found.state, sla_deadline = found.deadline
                     FROM (SELECT ticket_id, min(deadline) FILTER (WHERE is_open) AS deadline,
                                  (%(order)s::varchar[])[min(array_position(%(order)s::varchar[], state))]
                                  AS state
                             FROM after_sales_sla_status WHERE ticket_id = ANY(%(ids)s) GROUP BY 1) found
                    WHERE ticket.id = found.ticket_id
                      AND (ticket.sla_state, ticket.sla_deadline)
                          IS DISTINCT FROM (found.state, found.deadline)
                RETURNING ticket.id""",
                order=list(WORST_FIRST),
                ids=self.ids,
            )
        )
        self.invalidate_recordset(shown, flush=False)
        self.modified(shown)
