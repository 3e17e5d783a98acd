from odoo import api, fields, models
from odoo.tools import SQL

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
    hours = fields.Float(
        "Within (working hours)",
        readonly=True,
        help="The target it was judged by: of what is decided, it stays when the policy changes.",
    )

    _one_verdict = models.UniqueIndex("(ticket_id, sla_id)", "A ticket has one verdict per policy.")
    _due = models.Index("(check_at) WHERE is_open")

    def _look_again(self):
        """Have the job judge these anew at its next turn."""
        self.flush_recordset(["check_at"])
        soon = "UPDATE after_sales_sla_status SET check_at = %s WHERE id = ANY(%s) RETURNING id"
        self.env.execute_query(SQL(soon, fields.Datetime.now(), self.ids))
        self.invalidate_recordset(["check_at"], flush=False)

    @api.model
    def _look_again_at(self, calendars):
        """Open targets counted in one of ``calendars``; without any, all."""
        everywhere = not calendars
        self.flush_model()
        self.env.execute_query(
            SQL(
                """UPDATE after_sales_sla_status s SET check_at = %s FROM after_sales_sla p
                    WHERE p.id = s.sla_id AND s.is_open AND (s.check_at IS NULL OR s.check_at > %s)
                      AND (%s OR p.resource_calendar_id IS NULL OR p.resource_calendar_id = ANY(%s))
                RETURNING s.id""",
                fields.Datetime.now(),
                fields.Datetime.now(),
                everywhere,
                calendars.ids,
            )
        )
        self.invalidate_model(["check_at"], flush=False)


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
