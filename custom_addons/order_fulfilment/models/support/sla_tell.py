from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

MAX_ROWS = 50  # of tickets in one message
TICKET_ROW = '<li><a href="/odoo/action-order_fulfilment.after_sales_ticket_action/%s">%s</a>: %s, %s %%</li>'


class AfterSalesEscalation(models.Model):
    """Telling people of the steps that were done: one message to each about all his tickets, for fifty mails
    would not be read. Who was told is kept in the same transaction: killed on the way, it tells each once.
    """

    _inherit = "after.sales.escalation"

    owner_id = fields.Many2one("res.users", "Owner then", readonly=True)
    to_tell = fields.Boolean(readonly=True, help="Done, but people were not told yet.")

    _untold = models.Index("(id) WHERE to_tell")

    @api.model
    def _tell_all(self):
        told, untold = self._get_untold()
        people = self.env["res.users"].browse(told).exists().filtered("active")
        for number, user in enumerate(people, start=1):
            self._tell(user, self.browse(told[user.id]))
            if not self.env["ir.cron"]._commit_progress(remaining=len(people) - number + 1):
                return
        if untold:
            done = "UPDATE after_sales_escalation SET to_tell = false WHERE id = ANY(%s) RETURNING id"
            self.env.execute_query(SQL(done, untold))
            self.invalidate_model(["to_tell"], flush=False)
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _get_untold(self):
        """({user id: ids of the steps to tell him of, as they were done}, ids of all steps in question)"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT e.id, step.notify, e.owner_id, ticket.user_id, team.user_id, step.user_id,
                          ARRAY(SELECT res_users_id FROM after_sales_escalation_notified known
                                 WHERE known.after_sales_escalation_id = e.id)
                     FROM after_sales_escalation e
                     JOIN after_sales_sla_step step ON step.id = e.step_id
                     JOIN after_sales_ticket ticket ON ticket.id = e.ticket_id
                     LEFT JOIN after_sales_team team ON team.id = ticket.team_id
                    WHERE e.to_tell ORDER BY e.id"""
            )
        )
        told = defaultdict(list)
        for case, notify, *people, known in rows:
            for user in self._get_named(notify, *people) - {None, *known}:
                told[user].append(case)
        return told, [row[0] for row in rows]

    @api.model
    def _get_named(self, notify, before, owner, leader, person):
        """Who is told: the owner is he who had the ticket then, and he who has it now."""
        owners = {before, owner} - {None} or {leader}
        return {"owner": owners, "leader": {leader}, "both": {*owners, leader}, "user": {person}}[notify]

    def _tell(self, user, cases):
        env = self.with_context(lang=user.lang).env
        rows = [
            Markup(TICKET_ROW)
            % (case.ticket_id.id, case.ticket_id.display_name, case.sla_id.name, case.step_id.percent)
            for case in cases[:MAX_ROWS].with_env(env).with_prefetch()
        ]
        if len(cases) > MAX_ROWS:
            rows.append(Markup("<li>%s</li>") % env._("and %s more", len(cases) - MAX_ROWS))
        env["mail.thread"].with_context(mail_notify_force_send=False).message_notify(
            partner_ids=user.partner_id.ids,
            subject=env._("%s tickets in danger of missing their target, or past it", len(cases)),
            body=Markup("<ul>%s</ul>") % Markup("").join(rows),
        )
        self.env.execute_query(
            SQL(
                """INSERT INTO after_sales_escalation_notified (after_sales_escalation_id, res_users_id)
                   SELECT unnest(%s), %s ON CONFLICT DO NOTHING RETURNING res_users_id""",
                cases.ids,
                user.id,
            )
        )
        self.invalidate_model(["notified_ids"], flush=False)
