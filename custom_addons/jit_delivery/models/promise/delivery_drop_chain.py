from odoo import api, fields, models

from ...tools.windows import Interval


class DeliveryDrop(models.AbstractModel):
    """The window of a delivery, and the times of the chain before it in one, two or three steps."""

    _inherit = "delivery.drop"

    delivery_window_start = fields.Datetime("Window from", readonly=True, copy=False)
    delivery_window_stop = fields.Datetime("Window until", readonly=True, copy=False)
    delivery_window_local = fields.Char("In the customer's time", compute="_compute_delivery_window_local")
    load_date = fields.Datetime("Loading", readonly=True, copy=False, index="btree_not_null")
    pack_start_date = fields.Datetime("Packing begins", readonly=True, copy=False)
    pick_start_date = fields.Datetime("Picking begins", readonly=True, copy=False)
    promise_explanation = fields.Text("Why not earlier", readonly=True, copy=False)

    @api.depends("delivery_window_start", "delivery_window_stop")
    def _compute_delivery_window_local(self):
        for drop in self:
            window = Interval(drop.delivery_window_start, drop.delivery_window_stop)
            drop.delivery_window_local = window.end and drop._get_order()._window_to_text(window)

    def _prepare_window(self, promise, times):
        """Return the values of a promise for this delivery, ``times`` being those before its window."""
        order = self._get_order()
        reasons = "\n".join(order._reason_to_text(reason) for reason in promise.reasons)
        return {
            "delivery_window_start": promise.window.start,
            "delivery_window_stop": promise.window.end,
            "promise_explanation": reasons or self.env._("Nothing stands in the way of an earlier time."),
            **times,
        }

    def _get_promise_values(self):
        """Return the promise as plain values for clients."""
        names = (
            "delivery_window_start",
            "delivery_window_stop",
            "load_date",
            "pack_start_date",
            "pick_start_date",
        )
        return {
            "slot_id": self.delivery_slot_id.id,
            "hold_key": self.slot_hold_key or "",
            "reasons": (self.promise_explanation or "").splitlines(),
            **{name: fields.Datetime.to_string(self[name]) or "" for name in names},
        }

    def _get_step_date(self, picking_type):
        """Return when the step of ``picking_type`` begins: loading, packing or picking."""
        warehouse = picking_type.warehouse_id
        if picking_type == warehouse.pack_type_id:
            return self.pack_start_date
        if picking_type == warehouse.pick_type_id:
            return self.pick_start_date
        return self.load_date

    def _get_chain_moves(self):
        """Return the open moves that bring these goods to the customer, first step to last."""
        direct = self.sudo()._get_drop_lines().move_ids  # salespeople plan moves they may not write
        moves = direct | direct.browse(direct._rollup_move_origs())
        return moves.filtered(
            lambda m: (
                m.state not in ("done", "cancel")
                and m.picking_type_id.code in ("outgoing", "internal")
                and not m.origin_returned_move_id
                and m.location_id.usage != "customer"
            )
        )

    def _is_called_off(self):
        """Say whether nothing is delivered with it: nothing came, and no transfer is left to bring it."""
        return not any(self._get_drop_lines().mapped("qty_delivered")) and not self._get_chain_moves()

    def _schedule_chain(self, planned_next=None):
        """Bring open moves and manufacturing orders in line with the promise, one transfer per window.

        ``planned_next``: manufacturing orders of the same order that take no time where they are now.
        """
        window = {
            "delivery_window_start": self.delivery_window_start,
            "delivery_window_stop": self.delivery_window_stop,
            "date_deadline": self.delivery_window_stop,
        }
        moves = self._get_chain_moves()
        moves = moves.with_context(date_deadline_propagate_ids=set(moves.ids))
        for picking_type, steps in moves.grouped("picking_type_id").items():
            steps.write({**window, "date": self._get_step_date(picking_type)})
        moves._regroup_by_window()
        self._schedule_assembly(planned_next)

    def _get_chain_productions(self):
        """Return the manufacturing orders for these goods that are not begun, end items and parts."""
        direct = self.sudo()._get_drop_lines().move_ids
        level = (direct | direct.browse(direct._rollup_move_origs())).production_id
        found = level.browse()
        while level:
            found |= level
            level = level._get_sub_assemblies() - found
        return found.filtered(lambda p: p.state in ("draft", "confirmed"))

    def _link_to_assembly(self):
        """Let goods and components wait for what is made for them; each link can lead to one more level."""
        self._get_chain_moves()._wait_for_assembly()
        known = self.env["mrp.production"]
        while new := self._get_chain_productions() - known:
            raw = new.move_raw_ids
            (raw | raw.browse(raw._rollup_move_origs()))._wait_for_assembly()
            known |= new

    def _schedule_assembly(self, planned_next=None):
        """Bring manufacturing orders in line: end items are finished when picking begins, parts before."""
        found = self._get_chain_productions()
        found._make_what_is_asked_for()
        productions = found.filtered(lambda production: production.state != "cancel")
        if not productions:
            return
        promise, finish = self.env["delivery.promise"], self.pick_start_date
        recipes = {p: promise._get_production_recipe(p) for p in productions}
        own = productions | (planned_next or productions)
        free = promise._get_resources(recipes.values(), self._get_order().warehouse_id, finish, own)
        parts = productions._get_sub_assemblies()
        items = reversed(self._sort_by_parts(productions - parts))
        todo = [(production, finish, self.delivery_window_stop) for production in items]
        while todo:
            production, end, deadline = todo.pop(0)
            start, end = production._get_back_scheduled(recipes[production], end, free)
            loaded = {"load_date": self.load_date, "delivery_slot_id": self.delivery_slot_id.id}
            # Odoo would bring the deadline it once computed back to all moves of the chain
            production.write({"date_start": start, "date_deadline": deadline, **loaded})
            production.date_finished = end  # by itself: a new start makes Odoo compute an end of its own
            parts = production._get_sub_assemblies() & productions
            todo += [(part, start, start) for part in parts]

    def _reserve_by_need(self):
        """Give the stock that these deliveries have reserved to what is needed first.

        Odoo reserves parts as soon as an assembly is confirmed, also for goods that go out before it begins.
        """
        moves = self.env["stock.move"].sudo()
        for drop in self:
            moves |= drop._get_chain_moves() | drop._get_chain_productions().move_raw_ids
        moves = moves.filtered(lambda move: move.product_id.is_storable and not move.picked)
        short = moves.filtered(
            lambda move: (
                move.state in ("confirmed", "partially_available")
                and move.procure_method == "make_to_stock"
                and move._should_assign_at_confirm()
            )
        )
        for product, waiting in short.grouped("product_id").items():
            first = min(waiting.mapped("date"))
            later = moves.filtered(
                lambda m, product=product, first=first: (
                    m.product_id == product and m.date > first and m.quantity and not m.move_orig_ids
                )
            )
            if later:
                later._do_unreserve()
                (waiting | later).sorted("date")._action_assign()
