from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .ticket_sla import ESCALATING
from .work_hours import WorkHours

BATCH = 5000


class AfterSalesSlaStatus(models.Model):
    """The job that judges targets and does their steps: in batches, each committed whole, each step once."""

    _inherit = "after.sales.sla.status"

    @api.model
    def _cron_run(self):
        """Let changed policies reach the open tickets, judge what is due, soonest first, then tell people.

        Killed on the way, it goes on where it was.
        """
        if not self.env["after.sales.sla"]._spread_changes():
            return
        hours = WorkHours(self.env)
        now = fields.Datetime.now()
        left = self.search_count([("is_open", "=", True), ("check_at", "<=", now)])
        self.env["ir.cron"]._commit_progress(remaining=left)
        size = int(self.env["ir.config_parameter"].sudo().get_param("order_fulfilment.sla_batch", BATCH))
        while batch := self._take_due(now, size):
            batch._do_steps(batch._judge_by(hours, now))
            left = max(0, left - len(batch))
            self.env.flush_all()
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left + 1):
                return
            self.env.invalidate_all()
        self.env["after.sales.escalation"]._tell_all()

    @api.model
    def _take_due(self, now, size):
        """The next targets, theirs and their tickets' rows locked: whoever writes one of these tickets
        meanwhile waits for the batch, so that neither breaks the other. What is being written now is left
        for the next run.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id FROM after_sales_sla_status s JOIN after_sales_ticket t ON t.id = s.ticket_id
                    WHERE s.is_open AND s.check_at <= %s ORDER BY s.check_at, s.id LIMIT %s
                      FOR NO KEY UPDATE SKIP LOCKED""",
                now,
                max(size, 1),
            )
        )
        return self.browse([status for (status,) in rows])

    def _do_steps(self, wanted):
        """Do the steps nobody has done: first claimed under the unique index, then carried out together."""
        steps = self.env["after.sales.sla.step"]
        claimed = [(row, steps.browse(step)) for row, step in self._claim_steps(wanted)]
        if not claimed:
            return
        self._log_steps(claimed)
        acting = defaultdict(list)
        for row, step in claimed:
            if step.reassign or step.raise_priority:
                acting[row.ticket].append(step)
        self.env["after.sales.ticket"].browse(acting)._escalate(acting)

    @api.model
    def _claim_steps(self, wanted):
        """Those of ``wanted`` that were not done yet, now on record as done and still to be told."""
        if not wanted:
            return []
        rows = [(row.ticket, row.policy, step, row.company, row.owner) for row, step in wanted]
        found = self.env.execute_query(
            SQL(
                """INSERT INTO after_sales_escalation
                          (ticket_id, sla_id, step_id, company_id, owner_id, done_at, create_date, to_tell)
                   SELECT t, s, p, c, o, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', true
                     FROM unnest(%s, %s, %s, %s, %s::int[]) AS given(t, s, p, c, o)
                       ON CONFLICT (ticket_id, sla_id, step_id) DO NOTHING
                RETURNING ticket_id, step_id""",
                *map(list, zip(*rows, strict=True)),
            )
        )
        new = set(found)
        return [case for case in wanted if (case[0].ticket, case[1]) in new]

    @api.model
    def _log_steps(self, claimed):
        """Note the steps in the tickets' histories."""
        steps = {step for _row, step in claimed}
        notes = {step: f"{step.sla_id.name}: {step.percent} %" for step in steps}
        kinds = {step: "warned" if step.percent < 100 else "escalated" for step in steps}
        self.env["after.sales.ticket.event"]._add_history(
            [{"ticket_id": row.ticket, "kind": kinds[step], "note": notes[step]} for row, step in claimed]
        )


class AfterSalesTicket(models.Model):
    _inherit = "after.sales.ticket"

    def _escalate(self, steps):
        """What ``steps`` ({ticket id: its steps}) do to the tickets themselves; those that change alike are
        written together. It is noted in their events, so no tracking message besides.
        """
        alike = defaultdict(list)
        for ticket in self:
            values = ticket._prepare_escalation(steps[ticket.id])
            alike[tuple(values.items())].append(ticket.id)
        context = {"tracking_disable": True, "order_fulfilment_escalating": ESCALATING}
        for values, ids in alike.items():
            if values:
                self.browse(ids).with_context(**context).write(dict(values))

    def _prepare_escalation(self, steps):
        owner, priority = self.user_id, int(self.priority)
        for step in steps:
            owner = {"leader": self.team_id.user_id, "user": step.user_id}.get(step.reassign) or owner
            priority = min(priority + step.raise_priority, 3)
        changed = {"user_id": owner.id} if owner != self.user_id else {}
        return changed | ({"priority": str(priority)} if priority != int(self.priority) else {})
