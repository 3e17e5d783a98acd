from odoo import api, fields, models

BATCH = 1000
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
        if SCOPE & vals.keys():
            vals = {**vals, "spread_to": ALL}
        done = super().write(vals)
        if vals.get("spread_to") == ALL:
            self._wake_job()
        return done

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
                tickets = policies._take_tickets(company)
                tickets._choose_targets()
                policies.spread_to = tickets[-1:].id - 1 if tickets else 0
                self.env.flush_all()
                if not self.env["ir.cron"]._commit_progress(len(tickets), remaining=1):
                    return False
                self.env.invalidate_all()
        return True

    def _take_tickets(self, company):
        domain = [
            ("company_id", "=", company.id),
            ("is_open", "=", True),
            ("id", "<=", max(self.mapped("spread_to"))),
        ]
        return self.env["after.sales.ticket"].search(domain, order="id desc", limit=BATCH)
