from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import sla as rules
from ...tools import ticket_flow
from .after_sales_sla_status import STATES
from .sla_judge import WORST_FIRST

UNDECIDED = ("running", "paused", "no_hours")
# What of a ticket decides which targets it has.
DECIDING = {"team_id", "priority", "category_id", "partner_id", "product_id"}

# Says that a step of the policy itself raises the priority: that must not exchange the policy. An object, so
# that no client can send it in a context.
ESCALATING = object()


class AfterSalesTicket(models.Model):
    """The targets of a ticket: chosen when it is opened or changes its nature, judged from its events."""

    _inherit = "after.sales.ticket"

    sla_status_ids = fields.One2many(
        "after.sales.sla.status", "ticket_id", "Service levels", readonly=True, copy=False
    )
    sla_state = fields.Selection(STATES, "Service level", compute="_compute_sla", store=True)
    sla_deadline = fields.Datetime("Due", compute="_compute_sla", store=True)

    _due_list = models.Index("(sla_deadline) WHERE is_open")

    @api.depends("sla_status_ids.state", "sla_status_ids.deadline", "sla_status_ids.is_open")
    def _compute_sla(self):
        """The worst of what is decided, and the next deadline of what is not."""
        for ticket in self:
            statuses = ticket.sudo().sla_status_ids
            ticket.sla_state = min(statuses.mapped("state"), key=WORST_FIRST.index, default=False)
            ahead = statuses.filtered(lambda status: status.is_open and status.deadline)
            ticket.sla_deadline = min(ahead.mapped("deadline"), default=False)

    @api.model
    def _get_facts(self, ids):
        """{ticket id: what its events add up to}, with one query for all."""
        found = {ticket_id: [] for ticket_id in ids}
        if found:
            self.env["after.sales.ticket.event"].flush_model()
            rows = self.env.execute_query(
                SQL(
                    """SELECT ticket_id, kind, at, coalesce(before, ''), coalesce(after, '')
                         FROM after_sales_ticket_event WHERE ticket_id = ANY(%s) ORDER BY at, id""",
                    list(found),
                )
            )
            for ticket_id, *event in rows:
                found[ticket_id].append(ticket_flow.Event(*event))
        return {ticket_id: ticket_flow.facts(events) for ticket_id, events in found.items()}

    def _after_create(self):
        result = super()._after_create()
        self._choose_targets()
        return result

    def _log_stages(self, before):
        result = super()._log_stages(before)
        self.sudo().sla_status_ids._judge()
        return result

    def write(self, vals):
        open_before = self.filtered("is_open")
        escalating = self.env.context.get("order_fulfilment_escalating") is ESCALATING
        deciding = set() if escalating else DECIDING & vals.keys()
        old = {ticket: [ticket[name] for name in sorted(deciding)] for ticket in open_before}
        done = super().write(vals)
        changed = open_before.filtered(lambda t: old[t] != [t[name] for name in sorted(deciding)])
        if changed:
            note = ", ".join(sorted(deciding))
            self.env["after.sales.ticket.event"]._log(changed, "subject", note=note)
            changed._choose_targets()
        return done

    def _choose_targets(self):
        """Give each open ticket the policies that apply to it now, and judge them.

        A policy that does not apply any more leaves, unless it has been decided: a missed target is not lost
        by lowering the priority afterwards, not even if the job has not seen it yet.
        """
        statuses = self.env["after.sales.sla.status"].sudo()
        doubtful, missing = statuses, []
        for company, tickets in self.sudo().grouped("company_id").items():
            policies = self.env["after.sales.sla"]._get_in_force(company)
            known = [policy._as_rule() for policy in policies]
            for ticket in tickets:
                chosen = {policy.id for policy in rules.choose(known, ticket._get_sla_subject())}
                have = ticket.sla_status_ids
                doubtful += have.filtered(lambda s, c=chosen: s.sla_id.id not in c and s.state in UNDECIDED)
                new = sorted(chosen - set(have.sla_id.ids))
                missing += [{"ticket_id": ticket.id, "sla_id": policy} for policy in new]
        doubtful._judge()
        doubtful.filtered(lambda status: status.state in UNDECIDED).unlink()
        statuses.create(missing)
        self.sudo().sla_status_ids._judge()

    def _get_sla_subject(self):
        category = self.product_id.categ_id
        above = tuple(int(part) for part in (category.parent_path or "").split("/") if part)
        return rules.Subject(
            partner=self.commercial_partner_id.id or None,
            product=self.product_id.id or None,
            product_category=above,
            category=self.category_id.id or None,
            team=self.team_id.id or None,
            priority=self.priority,
        )
