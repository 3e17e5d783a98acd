import logging
from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from .ticket_sla import ESCALATING
from .work_hours import WorkHours

_logger = logging.getLogger(__name__)
BATCH = 1000
MAX_ROWS = 50  # of tickets in one message
TICKET_ROW = '<li><a href="/odoo/action-order_fulfilment.after_sales_ticket_action/%s">%s</a>: %s, %s %%</li>'


class AfterSalesSlaStatus(models.Model):
    """The job that judges targets and does their steps: in batches, each committed whole, each step once."""

    _inherit = "after.sales.sla.status"

    @api.model
    def _cron_run(self):
        """Judge what is due, soonest first. A job killed on the way goes on where it was."""
        hours = WorkHours(self.env)
        now = fields.Datetime.now()
        domain = [("is_open", "=", True), ("check_at", "<=", now)]
        left = self.search_count(domain)
        self.env["ir.cron"]._commit_progress(remaining=left)
        batch_size = int(
            self.env["ir.config_parameter"].sudo().get_param("order_fulfilment.sla_batch", BATCH)
        )
        while batch := self.search(domain, order="check_at, id", limit=batch_size):
            batch._work_off(hours, now)
            left = max(0, left - len(batch))
            self.env.flush_all()
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                return
            self.env.invalidate_all()

    def _work_off(self, hours, now):
        self._do_steps(self._judge(hours, now))

    def _do_steps(self, wanted):
        """Do the steps nobody has done: first claimed under the unique index, then carried out together."""
        claimed = self._claim_steps(wanted)
        if not claimed:
            return
        self._log_steps(claimed)
        told = defaultdict(list)
        for status, step in claimed:
            if step.reassign or step.raise_priority:
                status.ticket_id._escalate(step)
            for user in status._get_told(step):
                told[user].append((status, step))
        for user, cases in told.items():
            self._tell(user, cases)

    def _claim_steps(self, wanted):
        """Those of ``wanted`` that were not done yet, now on record as done."""
        if not wanted:
            return []
        rows = [
            (status.ticket_id.id, status.sla_id.id, step.id, status.company_id.id) for status, step in wanted
        ]
        found = self.env.execute_query(
            SQL(
                """INSERT INTO after_sales_escalation
                          (ticket_id, sla_id, step_id, company_id, done_at, create_date)
                   SELECT t, s, p, c, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                     FROM unnest(%s, %s, %s, %s) AS given(t, s, p, c)
                       ON CONFLICT (ticket_id, sla_id, step_id) DO NOTHING
                RETURNING ticket_id, step_id""",
                *map(list, zip(*rows, strict=True)),
            )
        )
        new = set(found)
        return [case for case in wanted if (case[0].ticket_id.id, case[1].id) in new]

    def _log_steps(self, claimed):
        """Note the steps in the tickets' histories. Straight into the table: no time of a ticket depends on
        them, and the ORM would count all times anew.
        """
        rows = [
            (
                status.ticket_id.id,
                status.company_id.id,
                "warned" if step.percent < 100 else "escalated",
                f"{status.sla_id.name}: {step.percent} %",
            )
            for status, step in claimed
        ]
        self.env.execute_query(
            SQL(
                """INSERT INTO after_sales_ticket_event
                          (ticket_id, company_id, kind, note, at, user_id, create_date)
                   SELECT t, c, k, n, now() AT TIME ZONE 'UTC', %s, now() AT TIME ZONE 'UTC'
                     FROM unnest(%s, %s, %s, %s) AS given(t, c, k, n) RETURNING id""",
                self.env.uid,
                *map(list, zip(*rows, strict=True)),
            )
        )
        self.env["after.sales.ticket"].invalidate_model(["event_ids"], flush=False)

    def _get_told(self, step):
        ticket = self.ticket_id
        leader = ticket.team_id.user_id
        return {
            "owner": ticket.user_id or leader,
            "leader": leader,
            "both": ticket.user_id | leader,
            "user": step.user_id,
        }[step.notify]

    def _tell(self, user, cases):
        """One message to a person about all his tickets; fifty mails would not be read."""
        env = self.with_context(lang=user.lang).env
        rows = [
            Markup(TICKET_ROW)
            % (status.ticket_id.id, status.ticket_id.display_name, status.sla_id.name, step.percent)
            for status, step in cases[:MAX_ROWS]
        ]
        if len(cases) > MAX_ROWS:
            rows.append(Markup("<li>%s</li>") % env._("and %s more", len(cases) - MAX_ROWS))
        env["mail.thread"].with_context(mail_notify_force_send=False).message_notify(
            partner_ids=user.partner_id.ids,
            subject=env._("%s tickets in danger of missing their target, or past it", len(cases)),
            body=Markup("<ul>%s</ul>") % Markup("").join(rows),
        )


class AfterSalesTicket(models.Model):
    _inherit = "after.sales.ticket"

    def _escalate(self, step):
        """What the step does to the ticket itself; noted in its events, so no tracking message besides."""
        ticket = self.with_context(tracking_disable=True, order_fulfilment_escalating=ESCALATING)
        values = {}
        person = {"leader": ticket.team_id.user_id, "user": step.user_id}.get(step.reassign)
        if person and person != ticket.user_id:
            values["user_id"] = person.id
        if step.raise_priority and ticket.priority != "3":
            values["priority"] = str(int(ticket.priority) + 1)
        if values:
            ticket.write(values)
