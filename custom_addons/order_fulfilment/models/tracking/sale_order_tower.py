import time

from odoo import api, fields, models

TOWER_CHANNEL = "order_fulfilment.tower"
# Telling opens a connection to PostgreSQL. A tower looks again 2 s after it is told (tower_views.js), so what
# happens within 1 s after it is seen as well.
TOLD_EVERY_S = 1.0
_last_told = {}  # database: when this process told its towers last
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

    @api.depends("promise_deadline")  # a new promise, too, changes the tower
    def _compute_fulfilment_status(self):
        super()._compute_fulfilment_status()
        self._announce_change()

    def _announce_change(self):
        """Tell open towers to look again: once per transaction and without saying what changed."""
        waiting = self.env.cr.precommit.data
        if self.ids and not waiting.get(TOWER_CHANNEL):
            waiting[TOWER_CHANNEL] = True
            self.env.cr.precommit.add(self.env["sale.order"]._tell_towers)

    @api.model
    def _tell_towers(self):
        """Tell open towers, unless they were told a moment ago and will look again anyway."""
        database = self.env.cr.dbname
        if time.monotonic() - _last_told.get(database, float("-inf")) < TOLD_EVERY_S:
            return
        self.env["bus.bus"]._sendone(TOWER_CHANNEL, f"{TOWER_CHANNEL}/changed", {})
        self.env.cr.postcommit.add(lambda: _last_told.update({database: time.monotonic()}))
