from odoo import api, fields, models

from .tower_news import look_for_risks, tell_towers

# Goods of these are with the customer, who does not own them before they are invoiced.
GONE = ("part_shipped", "shipped", "delivered", "proven")
# Nobody has to look after these any more, unless a ticket says so.
CLOSED = ("invoiced", "paid", "returned", "cancelled")


class SaleOrder(models.Model):
    """What the control tower must know of an order, stored so that a look at 100,000 of them is one query."""

    _inherit = "sale.order"

    is_followed = fields.Boolean(compute="_compute_is_followed", store=True, copy=False)
    is_short = fields.Boolean("Short", compute="_compute_is_short", store=True, copy=False)
    is_proof_due = fields.Boolean("Waits for proof", compute="_compute_is_proof_due", store=True, copy=False)
    has_open_ticket = fields.Boolean(
        "Ticket open", readonly=True, copy=False, help="Kept by after-sales support, where that is in use."
    )

    _followed = models.Index("(promise_deadline) WHERE is_followed")

    @api.depends("state", "fulfilment_status", "has_open_ticket")
    def _compute_is_followed(self):
        """In the tower's sight.

        Quotations are, so that what the gate holds shows; Odoo expires the others. So are orders that were
        cancelled when goods had left: these must come back, or the order be taken up again and invoiced.
        """
        for order in self:
            is_open = order.state == "sale" and order.fulfilment_status not in CLOSED
            is_gone = order.state == "cancel" and order.fulfilment_status in GONE
            order.is_followed = (
                is_open or is_gone or order.has_open_ticket or order.state in ("draft", "sent")
            )

    @api.depends("order_line.move_ids.state")
    def _compute_is_short(self):
        """Some goods could not be reserved. Later steps only wait for the one before them."""
        for order in self:
            order.is_short = any(
                move.state in ("confirmed", "partially_available") and not move.origin_returned_move_id
                for move in order.order_line.move_ids
            )

    @api.depends("order_line.fulfilment_ledger", "partner_invoice_id.invoice_trigger")
    def _compute_is_proof_due(self):
        for order in self:
            order.is_proof_due = order.partner_invoice_id.invoice_trigger == "proof" and any(
                ledger.standing["shipped"] + ledger.standing["delivered"] > 0
                for ledger in order._get_counting_ledgers()
            )

    def _write_multi(self, vals_list):
        """Whatever a tower shows of an order, however it came to change, makes open towers look again."""
        super()._write_multi(vals_list)
        changed = set().union(*vals_list)
        if not changed.isdisjoint(self.env["fulfilment.tower"]._get_order_fields()):
            tell_towers(self.env)
        if "promise_deadline" in changed:
            look_for_risks(self.env)

    def unlink(self):
        if self:
            tell_towers(self.env)
        return super().unlink()
