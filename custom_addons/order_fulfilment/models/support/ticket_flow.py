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
            if stage.code == "merged" and not ticket.merged_into_id:
                raise UserError(
                    self.env._(
                        "[OF-TKT-002] Ticket %s: say which ticket it is merged into; use “Merge”.",
                        ticket.name,
                    )
                )

    def _log_stages(self, before):
        """Note the changes since ``before`` ({ticket: code}). Hook: what follows from a change."""
        rows = [
            {
                "ticket_id": ticket.id,
                "kind": "stage",
                "before": before[ticket],
                "after": ticket.stage_id.code,
            }
            for ticket in self
            if before[ticket] != ticket.stage_id.code
        ]
        self.env["after.sales.ticket.event"]._add(rows)
        self._sync_orders()

    def _move_to(self, code, **values):
        """Bring the tickets to a step, with ``values`` written along; those that are there already stay."""
        stage = self.env["after.sales.stage"]._get(code)
        return self.write({"stage_id": stage.id, **values})

    # ------------------------------------------------------------ verbs

    def action_take(self):
        """Own the tickets and begin."""
        self.check_access("write")
        for ticket in self:
            ticket._move_to("in_progress", user_id=self.env.uid)
        return True

    def action_ask_customer(self):
        """The customer has to answer now; the clock stands still."""
        return self._move_to("waiting_customer")

    def action_solve(self):
        """The cure is given. A cause makes the next one avoidable, so the technician is asked for it."""
        for ticket in self:
            if not ticket.cause_id:
                raise UserError(
                    self.env._(
                        "[OF-TKT-003] Ticket %s: choose the cause under “Solution” first; choose “Unknown” "
                        "if you do not know it.",
                        ticket.name,
                    )
                )
        return self._move_to("solved")

    def action_close(self):
        return self._move_to("closed")

    def action_cancel(self):
        return self._move_to("cancelled")

    def action_reopen(self):
        """Open solved, closed and cancelled tickets again."""
        return self._move_to("in_progress")

    # ------------------------------------------------------------ owner

    def write(self, vals):
        owners = {ticket: ticket.user_id for ticket in self} if "user_id" in vals else {}
        done = super().write(vals)
        changed = self.filtered(lambda ticket: ticket in owners and owners[ticket] != ticket.user_id)
        changed._note_owner(owners)
        return done

    def _note_owner(self, before):
        """Note the change since ``before`` ({ticket: owner}); who owns a new ticket has it assigned."""
        rows = [
            {
                "ticket_id": ticket.id,
                "kind": "owner",
                "before": before[ticket].name or "",
                "after": ticket.user_id.name or "",
            }
            for ticket in self
        ]
        self.env["after.sales.ticket.event"]._add(rows)
        owned = self.filtered(lambda ticket: ticket.stage_id.code == "new" and ticket.user_id)
        left = self.filtered(lambda ticket: ticket.stage_id.code == "assigned" and not ticket.user_id)
        for code, tickets in (("assigned", owned), ("new", left)):
            if tickets:
                tickets._move_to(code)

    def _after_create(self):
        result = super()._after_create()
        for ticket in self.filtered(lambda ticket: ticket.user_id and ticket.stage_id.code == "new"):
            ticket._move_to("assigned")
        self._sync_orders()
        return result

    # ------------------------------------------------------------ orders with an open ticket

    def _sync_orders(self, also=None):
        """Keep ``sale.order.has_open_ticket``.

        Two tickets of an order that end at once would each see the other open. The order's row is therefore
        touched even when its flag stays: the second transaction then fails to serialize and is run again.
        """
        orders = self.sudo().sale_order_id | (also or self.env["sale.order"]).sudo()
        if not orders:
            return
        self.flush_model(["is_open", "sale_order_id"])
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = write_date WHERE id IN %s", [tuple(orders.ids)]
        )
        domain = [("sale_order_id", "in", orders.ids), ("is_open", "=", True)]
        busy = self.sudo().with_context(active_test=False).search(domain).sale_order_id
        for order in orders:
            if order.has_open_ticket != (order in busy):
                order.has_open_ticket = order in busy
