from odoo import api, fields, models

from ..slots.delivery_slot_rpc import SlotIsFullError

# Handed over in the context by a change that keeps the window itself: an object, so that no RPC caller can.
CHANGING = object()


class SaleOrderLine(models.Model):
    """Lines of confirmed orders that change take slot, moves and manufacturing orders with them."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._after_lines_changed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"product_uom_qty", "product_uom_id"} & set(vals):
            self._after_lines_changed()
        return result

    def _after_lines_changed(self):
        if self.env.context.get("lines_changing") is CHANGING:
            return
        changed = self.filtered(lambda line: line.state == "sale" and line.product_id.type == "consu")
        for order in changed.order_id.filtered("delivery_window_stop"):
            order._follow_lines_or_promise_anew()

    def _prepare_procurement_values(self):
        """Deliver into the promised window: it is the deadline, and loading is the planned time."""
        values = super()._prepare_procurement_values()
        drop = self._get_drop()
        if drop.delivery_window_stop:
            values.update(
                {
                    "date_planned": drop.load_date,
                    "date_deadline": drop.delivery_window_stop,
                    "delivery_window_start": drop.delivery_window_start,
                    "delivery_window_stop": drop.delivery_window_stop,
                }
            )
        return values


class SaleOrder(models.Model):
    """The times of the chain on the moves and manufacturing orders, in one, two or three steps."""

    _inherit = "sale.order"

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self.filtered("load_date"):
            order._schedule_chain()
        return result

    def _follow_lines_or_promise_anew(self):
        """Keep the window in force if goods, capacity and slot allow it for the new lines, else promise anew.

        Raises if no window is possible: nothing is left without a promise that stands.
        """
        if self.delivery_window_stop <= fields.Datetime.now():
            return None
        reasons, chains = self._weigh_window()
        if not reasons:
            try:
                return self._follow_lines(chains)
            except SlotIsFullError:
                self.invalidate_recordset()
        return self._promise_anew()

    def _follow_lines(self, chains):
        """Bring slots, the times of the chain and all open moves in line with the lines.

        ``chains``: {delivery: its times}, as ``_weigh_window`` answers.
        """
        self.drop_ids._end_empty()
        for drop in self._get_slot_drops().filtered("delivery_slot_id"):
            if drop.slot_hold_key:
                drop._resize_hold()
            elif drop in chains:  # it was called off, and is wanted again
                drop._hold_slot(drop.delivery_slot_id)
        for drop, times in chains.items():
            drop.sudo().write(times)  # readers of the order may change its lines
        if chains:
            self._schedule_chain()

    def _log_decrease_ordered_quantity(self, documents, cancel=False):
        """Ask nobody for manual actions on assemblies that make less, or nothing, already."""
        left = {
            (document, user): changes
            for (document, user), changes in documents.items()
            if not (document._name == "mrp.production" and document.sudo()._follows_by_itself())
        }
        return super()._log_decrease_ordered_quantity(left, cancel)

    def _give_idle_places_back(self):
        """Give back what deliveries take of slots for transfers that were called off before they began."""
        for order in self.filtered(lambda order: order.state == "sale"):
            for drop in order._get_slot_drops().filtered("slot_hold_key"):
                if drop._has_begun():
                    continue
                if drop._is_called_off():
                    drop._let_place_go()
                    continue
                try:
                    drop._resize_hold()
                except SlotIsFullError:  # it grows: who changes the line promises anew
                    continue

    def _promise_anew(self):
        """Promise what the promise in force does not hold for any more."""
        return self._promise_drops_anew() if self.drop_ids else self.promise_delivery()

    def _schedule_chain(self, planned_next=None):
        """Bring open moves and manufacturing orders in line with the promise, each delivery by itself."""
        self._link_to_assembly()  # of all deliveries, before any is weighed against what is made for it
        if not self.drop_ids:
            super()._schedule_chain(planned_next)
        planned_next = self.drop_ids and self._get_chain_productions()
        for drop in self.drop_ids.sorted("load_date", reverse=True):  # what two need is made for the first
            drop._schedule_chain(planned_next)
            planned_next -= drop._get_chain_productions()
        self._get_slot_drops()._reserve_by_need()

    def renew_promise(self):
        """Promise anew where the promise in force no longer holds; leave the others. See ``docs/api``."""
        self.env["delivery.slot"]._check_may_book()
        self._check_ids()
        self.check_access("write")
        answers = []
        for order in self:
            order._check_one_to_promise()
            reasons, _chains = order._weigh_window()
            if reasons:
                order._promise_anew()
            answers.append({"order_id": order.id, "is_kept": not reasons, **order._get_promise_values()})
        return answers
