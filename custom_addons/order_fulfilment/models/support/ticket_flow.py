from odoo import models
from odoo.exceptions import UserError

from ...tools import ticket_flow


class AfterSalesTicket(models.Model):
    """How a ticket goes from stage to stage; every channel passes here."""

    _inherit = "after.sales.ticket"

    def _check_transition(self, stage):
        """Refuse a step that the table does not have, for a person as for a program."""
        for ticket in self:
            if not ticket_flow.is_allowed(ticket.stage_id.code, stage.code):
                raise UserError(
                    self.env._(
                        "[OF-TKT-001] Ticket %(ticket)s is “%(before)s” and cannot become “%(after)s”.",
                        ticket=ticket.name,
                        before=ticket.stage_id.name,
                        after=stage.name,
                    )
                )

    def _log_stages(self, before):
        """Note the changes since ``before`` ({ticket: code}). Hook: what follows from a change."""
        events = self.env["after.sales.ticket.event"]
        for ticket in self:
            if before[ticket] != ticket.stage_id.code:
                events._log(ticket, "stage", before=before[ticket], after=ticket.stage_id.code)

    def _move_to(self, code, **values):
        """Bring the tickets to a step, with ``values`` written along; those that are there already stay."""
        stage = self.env["after.sales.stage"]._get(code)
        return self.write({"stage_id": stage.id, **values})
