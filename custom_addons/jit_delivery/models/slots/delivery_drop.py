import uuid

from odoo import fields, models

from ...tools.slot_load import DIMENSIONS, Load
from . import claim

ORDER_HOLD_MINUTES = 60
COMMIT_MINUTES = 15  # longer than any request lives
DROP_FIELDS = frozenset(
    {
        *("delivery_slot_id", "slot_hold_key", "delivery_window_start", "delivery_window_stop"),
        *("load_date", "pack_start_date", "pick_start_date", "promise_explanation"),
    }
)


class DeliveryDrop(models.AbstractModel):
    """One delivery and its place in a slot: an order, or a part of it that comes by itself.

    Who inherits has ``company_id``, and answers ``_get_order()`` and ``_get_drop_lines()``.
    """

    _name = "delivery.drop"
    _description = "Delivery"

    delivery_slot_id = fields.Many2one(
        "delivery.slot", "Delivery slot", readonly=True, copy=False, index="btree_not_null"
    )
    slot_hold_key = fields.Char(readonly=True, copy=False, index="btree_not_null")

    def _get_slot_load(self):
        """Return the amounts (see ``read_load``) that this delivery takes of a slot."""
        self.ensure_one()
        lines = self._get_drop_lines().filtered(
            lambda line: line.product_id.type == "consu" and line.product_uom_qty > 0
        )
        kg = m3 = 0.0
        for line in lines:
            quantity = line._get_quantity_to_deliver()
            kg += quantity * line.product_id.weight
            m3 += quantity * line.product_id.volume
        return {"drops": 1, "kg": round(kg, 3), "m3": round(m3, 3)}

    def _hold_slot(self, slot, overbook_reason="", minutes=ORDER_HOLD_MINUTES):
        """Claim ``slot`` for this delivery and let go of the one it had; answers the hold as plain values.

        The new place is given back if the request fails, the old one only once it is committed. What was
        booked in a slot that has begun was used.
        """
        self.ensure_one()
        self._get_order().check_access("write")
        old_key, key = self.slot_hold_key, uuid.uuid4().hex
        has_begun = self._has_begun()
        load = slot._read_load(self._get_slot_load())
        answer = slot._claim(load, key, minutes, order=self._get_order(), overbook_reason=overbook_reason)
        self._give_back_after(claim.after_rollback, key)
        self.sudo().write({"delivery_slot_id": slot.id, "slot_hold_key": key})
        if old_key and not has_begun:
            self._give_back_after(claim.after_commit, old_key)
        if self._get_order().state == "sale":
            self._book_after_commit()
        return answer

    def _has_begun(self):
        """Say whether the slot of a confirmed order has begun: its place was used."""
        slot = self.delivery_slot_id
        return bool(slot) and self._get_order().state == "sale" and slot.start <= fields.Datetime.now()

    def _claim_slot(self, slot):
        """Have a live hold in ``slot`` for what there is to deliver now: the one at hand, or a new one."""
        if not (slot == self.delivery_slot_id and self._resize_hold()):
            self._hold_slot(slot)

    def _keep_slot(self):
        """Book the place when the order is confirmed; an expired hold is claimed anew, or it is refused."""
        self._claim_slot(self.delivery_slot_id)
        self._book_after_commit()

    def _take_over(self, others, slot):
        """Take the hold that one of ``others``, deliveries of the same order, has in ``slot``, if any."""
        other = others.filtered(lambda drop: drop.slot_hold_key and drop.delivery_slot_id == slot)[:1]
        if other and slot != self.delivery_slot_id:
            key = other.slot_hold_key
            other.sudo().write({"delivery_slot_id": False, "slot_hold_key": False})
            if self.slot_hold_key and not self._has_begun():
                self._let_slot_go()
            self.sudo().write({"delivery_slot_id": slot.id, "slot_hold_key": key})

    def _let_slot_go(self):
        self._let_place_go()
        self.sudo().delivery_slot_id = False

    def _let_place_go(self):
        """Give the place back, and remember in which slot it was: the delivery may be wanted again."""
        key = self.slot_hold_key
        self.sudo().slot_hold_key = False
        if key:
            self._give_back_after(claim.after_commit, key)

    def _extend_hold(self):
        """Return what this delivery's live hold takes, kept for a request's time; None if it is gone."""
        with claim.claim_cursor(self.env) as cr:
            return claim.extend(cr, self.company_id.id, self.slot_hold_key or "", COMMIT_MINUTES)

    def _get_held_load(self):
        """Return what this delivery's live hold took of its slot when the request began, or None."""
        hold = (
            self.env["delivery.slot.hold"]
            .sudo()  # salespeople of any company see their own order's
            .search([("company_id", "=", self.company_id.id), ("key", "=", self.slot_hold_key or "")])
        )
        is_live = hold.state == "confirmed" or (
            hold.state == "held" and hold.expires_at > fields.Datetime.now()
        )
        return Load(*[hold[name] for name in DIMENSIONS]) if is_live else None

    def _resize_hold(self):
        """Let the hold take what the delivery takes now; answers whether it is live.

        Raises SlotIsFullError if there is no room for more. What is more is taken at once, what is less is
        given back once the request is committed.
        """
        old, new = self._extend_hold(), self.env["delivery.slot"]._read_load(self._get_slot_load())
        if old is None or old.exact() == new.exact() or self.delivery_slot_id.start <= fields.Datetime.now():
            return old is not None
        most = Load(*map(max, old.exact(), new.exact()))
        try:
            with claim.claim_cursor(self.env) as cr:
                claim.resize(cr, self.company_id.id, self.slot_hold_key, most)
        except (claim.SlotFullError, claim.SlotGoneError) as error:
            raise self.delivery_slot_id._get_no_room_error(error) from error
        self._size_after(claim.after_rollback, self.env.cr.postrollback.data, old)
        self._size_after(claim.after_commit, self.env.cr.postcommit.data, new)
        return True

    def _size_after(self, when, data, load):
        """Give the hold that size then; of several sizes in one request the first is gone back to, and the
        last is kept. Nothing of ``self`` is read by then.
        """
        env, key = self.env, (self.company_id.id, self.slot_hold_key)
        sizes = data.setdefault("delivery_slot_sizes", {})
        is_first = key not in sizes
        if is_first or when is claim.after_commit:
            sizes[key] = load

        def size():
            with claim.claim_cursor(env) as cr:
                claim.resize(cr, *key, sizes.pop(key))

        if is_first:
            when(env, size)

    def _give_back_after(self, when, key):
        """Release hold ``key`` after commit or rollback; nothing of ``self`` is read by then."""
        env, company_id = self.env, self.company_id.id

        def give_back():
            with claim.claim_cursor(env) as cr:
                row = claim.read(cr, company_id, key)
                claim.give_back(cr, [row["id"]] if row else [], "released")

        when(env, give_back)

    def _book_after_commit(self):
        """Turn the hold into a booking once the order itself is committed."""
        env, company_id, key = self.env, self.company_id.id, self.slot_hold_key

        def book():
            with claim.claim_cursor(env) as cr:
                row = claim.read(cr, company_id, key, lock=True)
                if row:
                    claim.confirm(cr, row["id"])

        claim.after_commit(env, book)
