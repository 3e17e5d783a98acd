from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from ...tools.ledger import Event, exact
from ...tools.tracking.payments import paid_steps

# On that day nearly everywhere; midnight is the day before in the west.
NOON = timedelta(hours=12)


class AccountMove(models.Model):
    """When an invoice or credit note was settled, for the ledger of the order lines that it charges."""

    _inherit = "account.move"

    fulfilment_settlements = fields.Json(
        compute="_compute_fulfilment_settlements",
        compute_sudo=True,
        exportable=False,
        help="Pairs of day and amount, in the document's currency, that paid it or were set off against it.",
    )

    @api.depends(
        "amount_residual", "line_ids.matched_credit_ids.max_date", "line_ids.matched_debit_ids.max_date"
    )
    def _compute_fulfilment_settlements(self):
        """A settlement counts from the later day of its two sides, as in Odoo's aged receivables: money on
        account settles an invoice on the invoice's day. Exchange differences carry no amount in the
        document's currency; an early payment discount is part of the payment that took it.
        """
        settlements = defaultdict(list)
        domain = [("move_id", "in", self.ids), ("display_type", "=", "payment_term")]
        for line in self.env["account.move.line"].search(domain):
            sign = -line.move_id.direction_sign
            partials = [(part, sign * part.debit_amount_currency) for part in line.matched_credit_ids]
            partials += [(part, -sign * part.credit_amount_currency) for part in line.matched_debit_ids]
            settlements[line.move_id.id] += [
                (fields.Date.to_string(part.max_date), amount) for part, amount in partials if amount
            ]
        for move in self:
            move.fulfilment_settlements = sorted(settlements[move.id])

    def _get_paid_events(self, quantity, step):
        """What of ``quantity`` charged here is paid, in whole ``step``s, with the days on which it was."""
        self.ensure_one()
        total, residual = exact(self.amount_total), exact(self.amount_residual)
        if total and abs(residual) >= abs(total):
            return []  # nothing to look up, as for most invoices just posted
        settlements = [
            (fields.Datetime.to_datetime(day) + NOON, exact(amount))
            for day, amount in self.fulfilment_settlements or ()  # an empty list is stored as False
        ]
        invoiced = fields.Datetime.to_datetime(self.invoice_date) + NOON
        steps = paid_steps(quantity, total, residual, settlements, step)
        return [Event("paid", paid, time or invoiced, self.name) for time, paid in steps]
