from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.ticket_flow import Event

KINDS = [
    ("opened", "Opened"),
    ("stage", "Stage changed"),
    ("owner", "Owner changed"),
    ("answered", "Answered"),
    ("replied", "Customer replied"),
    ("subject", "Team, priority, category or customer changed"),
    ("merged", "Merged"),
    ("split", "Split"),
    ("warned", "Target in danger"),
    ("missed", "Target missed"),
    ("escalated", "Escalated"),
    ("note", "Note"),
]


class AfterSalesTicketEvent(models.Model):
    """What happened to a ticket, in order. Rows are only added; times and verdicts are read from them."""

    _name = "after.sales.ticket.event"
    _description = "Ticket Event"
    _order = "at, id"
    _rec_name = "kind"

    ticket_id = fields.Many2one(
        "after.sales.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    at = fields.Datetime("When", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "By", readonly=True, default=lambda self: self.env.uid)
    before = fields.Char(readonly=True)
    after = fields.Char(readonly=True)
    note = fields.Char(readonly=True)

    def _log(self, tickets, kind, **values):
        """Add one event to each ticket. With all rights: nobody may write events by hand."""
        rows = [
            {"ticket_id": ticket.id, "kind": kind, "user_id": self.env.uid, **values} for ticket in tickets
        ]
        return self.sudo().create(rows)

    def _as_rules(self):
        """The events for the pure rules, oldest first."""
        ordered = self.sorted(lambda event: (event.at, event.id))
        return [Event(event.kind, event.at, event.before or "", event.after or "") for event in ordered]

    def write(self, vals):
        raise UserError(self.env._("[OF-TKT-020] What happened to a ticket cannot be changed afterwards."))
