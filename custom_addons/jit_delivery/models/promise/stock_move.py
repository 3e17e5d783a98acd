from odoo import fields, models

from ...tools.zones import to_wall


class StockMove(models.Model):
    """Moves know the window they are for: one transfer for each local date and window."""

    _inherit = "stock.move"

    delivery_window_start = fields.Datetime("Window from", readonly=True)
    delivery_window_stop = fields.Datetime("Window until", readonly=True)

    def _get_window_key(self):
        """Return the local date and the window of a delivery, or () without a window."""
        if not self.delivery_window_start:
            return ()
        zone = (
            self.partner_id.tz or self.warehouse_id._get_zone()
            if self.warehouse_id
            else self.partner_id.tz or "UTC"
        )
        local_date = to_wall(zone, self.delivery_window_start).date()
        return (local_date, self.delivery_window_start, self.delivery_window_stop)

    def _key_assign_picking(self):
        return (*super()._key_assign_picking(), *self._get_window_key())

    def _search_picking_for_assignation_domain(self):
        domain = super()._search_picking_for_assignation_domain()
        if self.delivery_window_start:
            domain += [
                ("move_ids.delivery_window_start", "=", self.delivery_window_start),
                ("move_ids.delivery_window_stop", "=", self.delivery_window_stop),
            ]
        return domain


class StockRule(models.Model):
    """The window travels down the chain, whether a step is pulled or pushed."""

    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "delivery_window_start", "delivery_window_stop"]

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        values = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        order = move_to_copy.sale_line_id.order_id or move_to_copy.reference_ids.sale_ids[:1]
        if order.load_date and move_to_copy.delivery_window_start:
            values["date"] = order._get_step_date(self.picking_type_id)
        return {
            **values,
            "delivery_window_start": move_to_copy.delivery_window_start,
            "delivery_window_stop": move_to_copy.delivery_window_stop,
        }
