from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import sla as rules
from .ticket_sla import UNDECIDED

BATCH = 500
ALL = 2**31 - 1
# What of a policy decides which tickets it is for, and against which others.
SCOPE = {
    "active", "sequence", "company_id", "kind", "partner_id", "product_id", "product_category_id",
    "category_id", "team_id", "priority",
}  # fmt: skip


class AfterSalesSla(models.Model):
    """New and changed policies reach the tickets that are open: by the job, for these may be fifty thousand.

    What is decided stays; what is not follows the policies in force, so that the verdicts of an open ticket
    are the same whichever came first, ticket or policy.
    """

    _inherit = "after.sales.sla"

    spread_to = fields.Integer(
        readonly=True, copy=False, help="Open tickets up to this id do not know of the last change yet."
    )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._spread()
        return policies

    def write(self, vals):
        self._check_stays_in_company(vals)
        if SCOPE & vals.keys():
            vals = {**vals, "spread_to": ALL}
        done = super().write(vals)
        if vals.get("spread_to") == ALL:
            self._wake_job()
        return done

    def _check_stays_in_company(self, vals):
        """Tickets of one company have no targets of another: those it has would hang between the two."""
        moving = self.filtered(
            lambda policy: policy.company_id.id != vals.get("company_id", policy.company_id.id)
        )
        if moving and self.env["after.sales.sla.status"].sudo().search_count(
            [("sla_id", "in", moving.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "[OF-SLA-004] “%s” is in use on tickets of its company. Archive it and make another "
                    "policy in the other company.",
                    moving[0].name,
                )
            )

    def _spread(self):
        self.write({"spread_to": ALL})

    @api.model
    def _wake_job(self):
        if job := self.env.ref("order_fulfilment.ir_cron_support_sla", raise_if_not_found=False):
            job.sudo()._trigger()

    @api.model
    def _spread_changes(self):
        """Have open tickets choose anew, the newest first; killed on the way, it goes on where it was.

        Answer whether all of them did; the job's time may be over before.
        """
        changed = self.search([("spread_to", "!=", 0), ("active", "in", [True, False])])
        for company, policies in changed.grouped("company_id").items():
            while any(policies.mapped("spread_to")):
                rows = policies._take_tickets(company)
                self.env["after.sales.ticket"].browse(self._get_differing(company, rows))._choose_targets()
                policies.spread_to = rows[-1][0] - 1 if rows else 0
                self.env.flush_all()
                if not self.env["ir.cron"]._commit_progress(len(rows), remaining=1):
                    return False
                self.env.invalidate_all()
        return True

    def _take_tickets(self, company):
        """The next open tickets: (id, what decides on its targets …, {policy id: state} it has)."""
        self.env.flush_all()
        asked = self.env["ir.config_parameter"].sudo().get_param("order_fulfilment.sla_batch", BATCH)
        return self.env.execute_query(
            SQL(
                """SELECT t.id, t.commercial_partner_id, t.product_id, category.parent_path, t.category_id,
                          t.team_id, t.priority,
                          (SELECT coalesce(jsonb_object_agg(s.sla_id, s.state), '{}')
                             FROM after_sales_sla_status s WHERE s.ticket_id = t.id)
                     FROM after_sales_ticket t
                     LEFT JOIN product_product product ON product.id = t.product_id
                     LEFT JOIN product_template model ON model.id = product.product_tmpl_id
                     LEFT JOIN product_category category ON category.id = model.categ_id
                    WHERE t.company_id = %s AND t.is_open AND t.id <= %s ORDER BY t.id DESC LIMIT %s""",
                company.id,
                max(self.mapped("spread_to")),
                max(1, min(int(asked), BATCH)),
            )
        )

    @api.model
    def _get_differing(self, company, rows):
        """Ids of the tickets whose targets are not those that apply; mostly none or all of them."""
        policies = [policy._as_rule() for policy in self._get_in_force(company)]
        chosen, differing = {}, []
        for ticket, partner, product, path, category, team, priority, states in rows:
            above = tuple(int(part) for part in (path or "").split("/") if part)
            subject = rules.narrow(rules.Subject(partner, product, above, category, team, priority), policies)
            if subject not in chosen:
                chosen[subject] = {policy.id for policy in rules.choose(policies, subject)}
            have = {int(policy): state for policy, state in states.items()}
            kept = {policy for policy, state in have.items() if state not in UNDECIDED}
            if chosen[subject] - have.keys() or have.keys() - kept - chosen[subject]:
                differing.append(ticket)
        return differing

    @api.model
    def _get_in_force(self, company):
        return self.sudo().search([("company_id", "=", company.id), ("active", "=", True)])
