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
        order = self.order_id
        if order.delivery_window_stop:
            values.update(
                {
                    "date_planned": order.load_date,
                    "date_deadline": order.delivery_window_stop,
                    "delivery_window_start": order.delivery_window_start,
                    "delivery_window_stop": order.delivery_window_stop,
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
        reasons, chain = self._weigh_window()
        if not reasons:
            try:
                return self._follow_lines(chain)
            except SlotIsFullError:
                self.invalidate_recordset()
        return self.promise_delivery()

    def _follow_lines(self, chain):
        """Bring the slot, the times of the chain and all open moves in line with the lines."""
        if self.slot_hold_key:
            self._resize_hold()
        if chain:
            self.sudo().write(chain)  # readers of the order may change its lines
            self._schedule_chain()

    def renew_promise(self):
        """Promise anew where the promise in force no longer holds; leave the others. See ``docs/api``."""
        self.env["delivery.slot"]._check_may_book()
        self._check_ids()
        self.check_access("write")
        answers = []
        for order in self:
            reasons, _chain = order._weigh_window()
            if reasons:
                order.promise_delivery()
            answers.append({"order_id": order.id, "is_kept": not reasons, **order._get_promise_values()})
        return answers

    def _get_step_date(self, picking_type):
        """Return when the step of ``picking_type`` begins: loading, packing or picking."""
        warehouse = picking_type.warehouse_id
        if picking_type == warehouse.pack_type_id:
            return self.pack_start_date
        if picking_type == warehouse.pick_type_id:
            return self.pick_start_date
        return self.load_date

    def _get_chain_moves(self):
        """Return the open moves that bring this order's goods to the customer, first step to last."""
        direct = self.sudo().order_line.move_ids  # salespeople plan moves they may not write
        moves = direct | direct.browse(direct._rollup_move_origs())
        return moves.filtered(
            lambda m: (
                m.state not in ("done", "cancel")
                and m.picking_type_id.code in ("outgoing", "internal")
                and not m.origin_returned_move_id
                and m.location_id.usage != "customer"
            )
        )

    def _schedule_chain(self):
        """Bring open moves and manufacturing orders in line with the promise."""
        window = {
            "delivery_window_start": self.delivery_window_start,
            "delivery_window_stop": self.delivery_window_stop,
            "date_deadline": self.delivery_window_stop,
        }
        moves = self._get_chain_moves().with_context(
            date_deadline_propagate_ids=set(self._get_chain_moves().ids)
        )
        for picking_type, steps in moves.grouped("picking_type_id").items():
            steps.write({**window, "date": self._get_step_date(picking_type)})
        self._schedule_assembly()

    def _get_chain_productions(self):
        """Return the manufacturing orders of this order that are not begun, end items and what is in them."""
        direct = self.sudo().order_line.move_ids
        level = (direct | direct.browse(direct._rollup_move_origs())).production_id
        found = level.browse()
        while level:
            found |= level
            level = level._get_sub_assemblies() - found
        return found.filtered(lambda p: p.state in ("draft", "confirmed"))

    def _schedule_assembly(self):
        """Bring manufacturing orders in line: end items are finished when picking begins, parts before."""
        productions = self._get_chain_productions()
        if not productions:
            return
        promise, finish = self.env["delivery.promise"], self.pick_start_date
        recipes = {p: promise._get_production_recipe(p) for p in productions}
        free = promise._get_resources(recipes.values(), self.warehouse_id, finish, self)
        parts = productions._get_sub_assemblies()
        todo = [(production, finish) for production in productions - parts]
        while todo:
            production, end = todo.pop(0)
            start, end = production._get_back_scheduled(recipes[production], end, free)
            loaded = {"load_date": self.load_date, "delivery_slot_id": self.delivery_slot_id.id}
            production.write({"date_start": start, **loaded})
            production.date_finished = end  # by itself: a new start makes Odoo compute an end of its own
            parts = production._get_sub_assemblies() & productions
            todo += [(part, start) for part in parts]
