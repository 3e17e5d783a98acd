from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import record_id
from .delivery_drop import DROP_FIELDS
from .delivery_slot_arguments import HoldNotLiveError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    drop_id = fields.Many2one(
        "sale.order.drop", "Delivery", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    def _get_derived_names(self):
        return super()._get_derived_names() | {"drop_id"}

    def _get_drop(self):
        """Return the delivery that this line comes with: a part of its order, or the order."""
        return self.drop_id.sudo() or self.order_id  # sudo: whoever handles the line needs its times

    def _is_called_off(self):
        """Say whether it has transfers and none is open: Odoo brings nothing more until the line changes."""
        states = set(self.sudo().move_ids.mapped("state"))  # salespeople see all of their own line
        return bool(states) and states <= {"done", "cancel"}

    def _get_quantity_to_deliver(self):
        """Return what is still to be delivered, in the product's own unit; at least 0.

        Nothing of a confirmed line whose transfers are all done or called off.
        """
        if self.state == "sale" and self._is_called_off():
            return 0.0
        quantity = self.product_uom_qty - (self.qty_delivered if self.state == "sale" else 0)
        return self.product_uom_id._compute_quantity(max(quantity, 0), self.product_id.uom_id, round=False)


class SaleOrder(models.Model):
    """An order keeps its places in slots: held on the quotation, booked when it is confirmed."""

    _name = "sale.order"
    _inherit = ["sale.order", "delivery.drop"]

    drop_ids = fields.One2many(
        "sale.order.drop",
        "order_id",
        "Deliveries",
        readonly=True,
        copy=False,
        help="If promised as available.",
    )

    def _get_derived_names(self):
        """Promising, holding and booking write these; a client calls them and writes none itself."""
        return super()._get_derived_names() | DROP_FIELDS

    def _get_order(self):
        return self

    def _get_drop_lines(self):
        return self.order_line

    def _get_slot_drops(self):
        """Return the deliveries of this order, each with its place in a slot: the order, or parts of it."""
        return self.drop_ids or self

    def _keeps_hold(self, key):
        """Say whether this order is confirmed on the hold with ``key``."""
        return self.state == "sale" and key in self._get_slot_drops().mapped("slot_hold_key")

    def _action_confirm(self):
        """Confirming keeps the hold; an expired one is claimed anew, or the order is refused."""
        result = super()._action_confirm()
        for order in self:
            for drop in order._get_slot_drops().filtered("slot_hold_key"):
                drop._keep_slot()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._let_slots_go()
        return result

    def _let_slots_go(self):
        for order in self:
            for drop in order._get_slot_drops().filtered("delivery_slot_id"):
                drop._let_slot_go()

    @api.ondelete(at_uninstall=False)
    def _unlink_give_slot_back(self):
        self._let_slots_go()

    # ------------------------------------------------------------ for clients

    def hold_slot(self, slot_id, overbook_reason=""):
        """Hold a slot for this order; answers the hold. See ``docs/api``."""
        slots = self.env["delivery.slot"]
        slots._check_may_book()
        self._check_one_to_promise()
        reason = slots._read_text("overbook_reason", overbook_reason)
        slot = self._find_own_slot(slot_id)
        answer = self._hold_slot(slot, reason)
        if self.delivery_window_stop:  # the place and the promise are of one window
            self.promise_delivery(slot.id)
        return answer

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
        self._let_slots_go()
        return True
