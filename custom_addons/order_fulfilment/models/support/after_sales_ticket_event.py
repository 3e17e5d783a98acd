from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

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
# Times and counts follow from these; the others are history only.
COUNTED = ("opened", "stage", "answered", "replied")


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
        """Add one event to each ticket."""
        self._add([{"ticket_id": ticket.id, "kind": kind, **values} for ticket in tickets])

    def _add(self, rows):
        """Add events (``ticket_id``, ``kind``, ``before``, ``after``, ``note``). With all rights: nobody may
        write events by hand.
        """
        self.sudo().create([{"user_id": self.env.uid, **row} for row in rows if row["kind"] in COUNTED])
        self._add_history([row for row in rows if row["kind"] not in COUNTED])

    def _add_history(self, rows):
        """Straight into the table: nothing of a ticket follows from these, and the ORM would count it all
        anew.
        """
        if not rows:
            return
        self.env["after.sales.ticket"].flush_model(["company_id"])
        names = ("ticket_id", "kind", "before", "after", "note")
        self.env.execute_query(
            SQL(
                """INSERT INTO after_sales_ticket_event
                          (ticket_id, company_id, kind, before, after, note, at, user_id, create_date)
                   SELECT g.ticket, t.company_id, g.kind, g.before, g.after, g.note, %s, %s, %s
                     FROM unnest(%s, %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[])
                          WITH ORDINALITY AS g(ticket, kind, before, after, note, number)
                     JOIN after_sales_ticket t ON t.id = g.ticket ORDER BY g.number RETURNING id""",
                fields.Datetime.now(),
                self.env.uid,
                fields.Datetime.now(),
                *([row.get(name) or None for row in rows] for name in names),
            )
        )
        self.env["after.sales.ticket"].invalidate_model(["event_ids"], flush=False)

    def _as_rules(self):
        """The events for the pure rules, oldest first."""
        ordered = self.sorted(lambda event: (event.at, event.id))
        return [Event(event.kind, event.at, event.before or "", event.after or "") for event in ordered]

    def write(self, vals):
        raise UserError(self.env._("[OF-TKT-020] What happened to a ticket cannot be changed afterwards."))
