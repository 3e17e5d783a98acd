from odoo import api, fields, models

from ...tools.promise import promise_together
from ...tools.promise_drops import promise_as_available


class SaleOrderLine(models.Model):
    """A line is asked for in the window of its order, and promised in that of its delivery."""

    _inherit = "sale.order.line"

    asked_window_start = fields.Datetime(related="order_id.asked_window_start", string="Asked for from")
    asked_window_stop = fields.Datetime(related="order_id.asked_window_stop", string="Asked for until")
    delivery_window_start = fields.Datetime(
        "Window from", compute="_compute_delivery_window", compute_sudo=True
    )
    delivery_window_stop = fields.Datetime(
        "Window until", compute="_compute_delivery_window", compute_sudo=True
    )

    @api.depends(
        *[f"{drop}.delivery_window_{end}" for drop in ("drop_id", "order_id") for end in ("start", "stop")]
    )
    def _compute_delivery_window(self):
        for line in self:
            drop = line._get_drop()
            line.delivery_window_start = drop.delivery_window_start
            line.delivery_window_stop = drop.delivery_window_stop


class SaleOrder(models.Model):
    """What could be delivered when: all together, or each line as soon as it is available."""

    _inherit = "sale.order"

    def get_line_windows(self, not_before=False):
        """Return the earliest delivery of all lines together, and those as available. See ``docs/api``."""
        self.env["delivery.slot"]._check_may_book()
        self._check_one_to_promise()
        world, route, lines = self.env["delivery.promise"]._get_facts(self)
        self._check_request(lines, not_before)
        asked = self._to_instant(not_before)
        together = promise_together(world, route, lines, asked)
        drops = promise_as_available(world, route, lines, asked, self._get_local_day)
        return {
            "together": self._drop_to_values(together),
            "as_available": [self._drop_to_values(drop) for drop in drops],
        }

    def _drop_to_values(self, promise):
        window = promise.window
        return {
            "line_ids": [line.key for line in promise.lines],
            "is_possible": bool(window),
            "slot_id": promise.slot or False,
            "start": fields.Datetime.to_string(window.start) if window else "",
            "stop": fields.Datetime.to_string(window.end) if window else "",
            "local": self._window_to_text(window) if window else "",
            "reasons": [self._reason_to_text(reason) for reason in promise.reasons],
        }

    def _get_as_available_text(self, not_before=False):
        """Return the deliveries in words, "" where all come at once or must."""
        if self.picking_policy == "one":
            return ""
        drops = self.get_line_windows(not_before)["as_available"]
        if len(drops) < 2:
            return ""
        names = {line.id: line.product_id.display_name for line in self.order_line}
        return "\n".join(
            "{}: {}".format(
                drop["local"] or "; ".join(drop["reasons"]), ", ".join(names[id_] for id_ in drop["line_ids"])
            )
            for drop in drops
        )
