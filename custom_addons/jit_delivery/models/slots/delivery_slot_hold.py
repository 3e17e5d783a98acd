from odoo import api, fields, models
from odoo.exceptions import UserError

from . import claim

# A request that is just being committed is not taken for one that died.
GRACE_MINUTES = 15
SWEEP_BATCH = 500
TRANSITIONS = {
    "held": ("confirmed", "released", "expired"),
    "confirmed": ("released",),
    "released": (),
    "expired": (),
}


class DeliverySlotHold(models.Model):
    """Capacity of a slot, claimed for a while or booked. Only ``claim.py`` writes these rows.

    ``order_ref`` is the id of the sale order without a foreign key: the order may still be uncommitted
    when the claim, in its own transaction, already is.
    """

    _name = "delivery.slot.hold"
    _description = "Delivery Slot Hold"
    _order = "id desc"
    _rec_name = "key"

    slot_id = fields.Many2one("delivery.slot", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    key = fields.Char("Idempotency key", required=True, readonly=True)
    state = fields.Selection(
        [("held", "Held"), ("confirmed", "Booked"), ("released", "Given back"), ("expired", "Expired")],
        required=True,
        readonly=True,
        default="held",
        index=True,
    )
    expires_at = fields.Datetime(required=True, readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    order_ref = fields.Integer("Order id", readonly=True, index=True)
    order_id = fields.Many2one("sale.order", compute="_compute_order_id")
    is_overbooked = fields.Boolean("Beyond capacity", readonly=True)
    reason = fields.Char(readonly=True)
    drops = fields.Float(digits=(16, 3), required=True, readonly=True)
    pallets = fields.Float(digits=(16, 3), required=True, readonly=True)
    kg = fields.Float(digits=(16, 3), required=True, readonly=True)
    m3 = fields.Float(digits=(16, 3), required=True, readonly=True)
    minutes = fields.Float(digits=(16, 3), required=True, readonly=True)

    _key_unique = models.UniqueIndex("(company_id, key)")
    _expiry = models.Index("(expires_at) WHERE state = 'held'")

    @api.depends("order_ref")
    def _compute_order_id(self):
        orders = self.env["sale.order"].search([("id", "in", self.mapped("order_ref"))])
        for hold in self:
            hold.order_id = orders.filtered(lambda order, hold=hold: order.id == hold.order_ref)

    def action_release(self):
        """Button: give the place back. A booking of a confirmed order is changed on the order instead."""
        self.env["delivery.slot"]._check_may_book()
        self.check_access("read")
        for hold in self:
            # sudo: also bookings of orders that are not the user's own
            order = self.env["sale.order"].sudo().browse(hold.order_ref).exists()
            if hold.state == "confirmed" and order._keeps_hold(hold.key):
                raise UserError(
                    self.env._("[JD-SLT-010] Order %s is confirmed: move it to another slot.", order.name)
                )
        with claim.claim_cursor(self.env) as cr:
            claim.give_back(cr, self.ids, "released")
        return True

    @api.model
    def _sweep(self):
        """Job: end what nobody will end (expired holds, bookings of orders that are gone); answers how many.

        First confirms holds whose order got through although its worker died before it could say so.
        """
        ended = 0
        with claim.claim_cursor(self.env) as cr:
            claim.confirm_committed(cr)
        while True:
            with claim.claim_cursor(self.env) as cr:
                batch = claim.find_left_over(cr, GRACE_MINUTES, SWEEP_BATCH)
                self._end(cr, batch)
            ended += len(batch)
            if len(batch) < SWEEP_BATCH:
                return ended

    @api.model
    def _end_left_over(self, slot_id):
        """End what nobody will end in one slot, at once; answers how many."""
        with claim.claim_cursor(self.env) as cr:
            found = claim.find_left_over(cr, GRACE_MINUTES, SWEEP_BATCH, slot_id)
            self._end(cr, found)
        return len(found)

    @api.model
    def _end(self, cr, hold_ids):
        cr.execute(
            "SELECT state, array_agg(id) FROM delivery_slot_hold WHERE id = ANY(%s) GROUP BY state",
            [hold_ids],
        )
        for state, ids in cr.fetchall():
            claim.give_back(cr, ids, "expired" if state == "held" else "released")
