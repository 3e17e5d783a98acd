import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import record_id
from ...tools.slot_load import DIMENSIONS, Load
from . import claim
from .delivery_slot_arguments import HoldNotLiveError

ORDER_HOLD_MINUTES = 60
COMMIT_MINUTES = 15  # longer than any request lives


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_quantity_to_deliver(self):
        """Return what is still to be delivered, in the product's own unit; at least 0."""
        quantity = self.product_uom_qty - (self.qty_delivered if self.state == "sale" else 0)
        return self.product_uom_id._compute_quantity(max(quantity, 0), self.product_id.uom_id, round=False)


class SaleOrder(models.Model):
    """An order keeps one place in a slot: held on the quotation, booked when it is confirmed."""

    _inherit = "sale.order"

    delivery_slot_id = fields.Many2one(
        "delivery.slot", "Delivery slot", readonly=True, copy=False, index="btree_not_null"
    )
    slot_hold_key = fields.Char(readonly=True, copy=False, index="btree_not_null")

    def _get_slot_load(self):
        """Return the amounts (see ``read_load``) that delivering this order takes of a slot."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: line.product_id.type == "consu" and line.product_uom_qty > 0
        )
        kg = m3 = 0.0
        for line in lines:
            quantity = line._get_quantity_to_deliver()
            kg += quantity * line.product_id.weight
            m3 += quantity * line.product_id.volume
        return {"drops": 1, "kg": round(kg, 3), "m3": round(m3, 3)}

    def _hold_slot(self, slot, overbook_reason="", minutes=ORDER_HOLD_MINUTES):
        """Claim ``slot`` for this order and let go of the one it had; answers the hold as plain values.

        The new place is given back if the request fails, the old one only once it is committed. What was
        booked in a slot that has begun was used.
        """
        self.ensure_one()
        self.check_access("write")
        old_key, key = self.slot_hold_key, uuid.uuid4().hex
        has_begun = self.state == "sale" and self.delivery_slot_id.start <= fields.Datetime.now()
        load = slot._read_load(self._get_slot_load())
        answer = slot._claim(load, key, minutes, order=self, overbook_reason=overbook_reason)
        self._give_back_after(claim.after_rollback, key)
        self.sudo().write({"delivery_slot_id": slot.id, "slot_hold_key": key})
        if old_key and not has_begun:
            self._give_back_after(claim.after_commit, old_key)
        if self.state == "sale":
            self._book_after_commit()
        return answer

    def _extend_hold(self):
        """Return what this order's live hold takes, and keep it for a request's time; None if it is gone."""
        with claim.claim_cursor(self.env) as cr:
            return claim.extend(cr, self.company_id.id, self.slot_hold_key or "", COMMIT_MINUTES)

    def _get_held_load(self):
        """Return what this order's live hold took of its slot when the request began, or None."""
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
        """Let the hold take what the order takes now. Raises SlotIsFullError if there is no room for more.

        What is more is taken at once, what is less is given back once the request is committed.
        """
        old, new = self._extend_hold(), self.env["delivery.slot"]._read_load(self._get_slot_load())
        if old is None or old.exact() == new.exact() or self.delivery_slot_id.start <= fields.Datetime.now():
            return
        most = Load(*map(max, old.exact(), new.exact()))
        try:
            with claim.claim_cursor(self.env) as cr:
                claim.resize(cr, self.company_id.id, self.slot_hold_key, most)
        except (claim.SlotFullError, claim.SlotGoneError) as error:
            raise self.delivery_slot_id._get_no_room_error(error) from error
        self._size_after(claim.after_rollback, self.env.cr.postrollback.data, old)
        self._size_after(claim.after_commit, self.env.cr.postcommit.data, new)

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
        """Turn this order's hold into a booking once the order itself is committed."""
        env, company_id, key = self.env, self.company_id.id, self.slot_hold_key

        def book():
            with claim.claim_cursor(env) as cr:
                row = claim.read(cr, company_id, key, lock=True)
                if row:
                    claim.confirm(cr, row["id"])

        claim.after_commit(env, book)

    def _action_confirm(self):
        """Confirming keeps the hold; an expired one is claimed anew, or the order is refused."""
        result = super()._action_confirm()
        for order in self.filtered("slot_hold_key"):
            order._keep_slot()
        return result

    def _keep_slot(self):
        if self._extend_hold():
            self._resize_hold()  # lines may have changed since
        else:
            self._hold_slot(self.delivery_slot_id)
        self._book_after_commit()

    def _action_cancel(self):
        result = super()._action_cancel()
        for order in self.filtered("slot_hold_key"):
            order._let_slot_go()
        return result

    def _let_slot_go(self):
        key = self.slot_hold_key
        self.sudo().write({"delivery_slot_id": False, "slot_hold_key": False})
        self._give_back_after(claim.after_commit, key)

    @api.ondelete(at_uninstall=False)
    def _unlink_give_slot_back(self):
        for order in self.filtered("slot_hold_key"):
            order._let_slot_go()

    # ------------------------------------------------------------ for clients

    def hold_slot(self, slot_id, overbook_reason=""):
        """Hold a slot for this order; answers the hold. See ``docs/api``."""
        slots = self.env["delivery.slot"]
        slots._check_may_book()
        self._check_one_to_promise()
        reason = slots._read_text("overbook_reason", overbook_reason)
        return self._hold_slot(self._find_own_slot(slot_id), reason)

    def _check_ids(self):
        """Refuse ids of clients that are no numbers: Odoo takes them for records not yet saved."""
        for order_id in self._ids:
            if not record_id(order_id):
                raise UserError(self.env._("[JD-PRM-009] There is no order with id %s.", str(order_id)[:40]))

    def _check_one_to_promise(self):
        """Refuse several orders at once, and those that nothing will be delivered for any more."""
        self._check_ids()
        if len(self) != 1:
            raise UserError(self.env._("[JD-PRM-007] Name exactly one order, not %s.", len(self)))
        self.check_access("read")
        if self.state == "cancel":
            raise UserError(
                self.env._("[JD-PRM-008] Order %s is cancelled: nothing is delivered.", self.name)
            )

    def _find_own_slot(self, slot_id):
        """Return the slot of this order's company with that id; foreign and missing ones are alike."""
        slot = self.env["delivery.slot"]._find_slot(slot_id)
        if slot.company_id != self.company_id:
            raise UserError(self.env._("[JD-SLT-026] There is no slot with id %s.", str(slot_id)[:40]))
        return slot

    def release_slot(self):
        """Give this order's place back; answers True."""
        self.env["delivery.slot"]._check_may_book()
        self._check_ids()
        self.check_access("write")
        for order in self:
            if order.state == "sale":
                raise HoldNotLiveError(
                    self.env._(
                        "[JD-SLT-033] Order %s is confirmed: choose another slot or cancel it.", order.name
                    )
                )
            if order.slot_hold_key:
                order._let_slot_go()
        return True
