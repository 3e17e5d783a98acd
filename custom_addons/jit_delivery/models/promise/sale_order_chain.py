from datetime import timedelta

from odoo import fields, models

from ...tools.working_time import schedule_back


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

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
        for production in self._get_chain_productions():
            production.write(self._get_production_dates(production))

    def _get_chain_productions(self):
        direct = self.sudo().order_line.move_ids
        productions = (direct | direct.browse(direct._rollup_move_origs())).production_id
        return productions.filtered(lambda p: p.state in ("draft", "confirmed"))

    def _get_production_dates(self, production):
        """Return start and finish: finished when picking begins, in working time, not in the past."""
        promise = self.env["delivery.promise"]
        now, finish = fields.Datetime.now(), self.pick_start_date
        recipe = promise._to_recipe(
            production.product_id,
            production.bom_id,
            production.never_product_template_attribute_value_ids,
        )
        free = promise._get_resources([recipe], self.warehouse_id, finish)
        start = finish
        for resource, per_unit, once in reversed(recipe.steps):
            work = timedelta(minutes=round(once + per_unit * production.product_qty))
            found = schedule_back(free.get(resource), start, work, now)
            start = found[0] if found else now
        return {
            "date_start": max(start, now),
            "date_finished": max(finish, now),
            "load_date": self.load_date,
            "delivery_slot_id": self.delivery_slot_id.id,
        }
