from dataclasses import dataclass

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import sla as rules
from .work_hours import WorkHours, to_moment, to_seconds

VERDICT = ("state", "is_open", "deadline", "reached_at", "used_hours", "check_at")


@dataclass(frozen=True)
class Plan:
    """What of a policy the rules need, read once for all tickets of a team."""

    calendar: models.BaseModel
    company: models.BaseModel
    seconds: int
    steps: tuple[tuple[int, int], ...]

    @property
    def longest(self):
        return max([self.seconds, *(seconds for _step, seconds in self.steps)])


class AfterSalesSlaStatus(models.Model):
    """Judging: the events of many tickets against their targets, in a handful of queries."""

    _inherit = "after.sales.sla.status"

    def _judge(self, hours=None, now=None):
        """Write what the events say by ``now``; return [(status, step)] of the steps that are due."""
        hours = hours or WorkHours(self.env)
        now = to_seconds(now or fields.Datetime.now())
        facts = self.ticket_id._get_facts()
        plans, changed, due = {}, {}, []
        steps = self.env["after.sales.sla.step"]
        for status in self:
            key = (status.sla_id, status.ticket_id.team_id)
            plan = plans[key] if key in plans else plans.setdefault(key, status._get_plan())
            case = status._get_case(facts[status.ticket_id.id])
            work = hours.reaching(plan.calendar, plan.company, case.opened, now, plan.longest)
            found = rules.look(work, case, plan.seconds, plan.steps, now)
            values = self._prepare_verdict(found, case)
            if values != tuple(status[name] for name in VERDICT):
                changed[status] = values
            due += [(status, steps.browse(step)) for step in found.due]
        self._write_verdicts(changed)
        return due

    def _get_plan(self):
        policy = self.sla_id
        return Plan(
            calendar=policy._get_calendar(self.ticket_id.team_id),
            company=policy.company_id,
            seconds=policy._seconds,
            steps=tuple((step.id, step._seconds) for step in policy.step_ids),
        )

    @api.model
    def _prepare_verdict(self, found, case):
        """Values in the order of VERDICT."""
        return (
            found.verdict.state,
            case.reached is None and case.dropped is None,
            to_moment(found.verdict.deadline),
            to_moment(case.reached),
            round(found.verdict.used / 3600, 6),
            to_moment(found.next_at),
        )

    def _write_verdicts(self, changed):
        """All changed verdicts in one statement: there may be a hundred thousand of them."""
        if not changed:
            return
        self.flush_model()
        columns = [[values[number] or None for values in changed.values()] for number in range(len(VERDICT))]
        columns[1] = [bool(value) for value in columns[1]]
        columns[4] = [value or 0.0 for value in columns[4]]
        self.env.execute_query(
            SQL(
                """UPDATE after_sales_sla_status AS status
                      SET state = v.state, is_open = v.is_open, deadline = v.deadline,
                          reached_at = v.reached_at, used_hours = v.used_hours, check_at = v.check_at
                     FROM unnest(%s, %s::varchar[], %s::boolean[], %s::timestamp[], %s::timestamp[],
                                 %s::numeric[], %s::timestamp[])
                          AS v(id, state, is_open, deadline, reached_at, used_hours, check_at)
                    WHERE status.id = v.id RETURNING status.id""",
                [status.id for status in changed],
                *columns,
            )
        )
        statuses = self.browse().union(*changed)
        statuses.invalidate_recordset(VERDICT)
        statuses.modified(VERDICT)

    def _get_case(self, facts):
        pauses = [(to_seconds(start), to_seconds(stop)) for start, stop in facts.pauses]
        reached = facts.answered_at if self.kind == "answer" else facts.solved_at
        ended = facts.closed_at if facts.stage in ("cancelled", "merged") else None
        return rules.Case(
            opened=to_seconds(facts.opened_at or self.ticket_id.create_date),
            pauses=pauses,
            reached=to_seconds(reached),
            dropped=to_seconds(ended) if reached is None else None,
        )
