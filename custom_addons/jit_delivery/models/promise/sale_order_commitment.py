from datetime import datetime, time

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.order_fulfilment.models.tracking.sale_order_promise import RECORDING

from ...tools.zones import MINUTE, to_wall, wall_reached

ASKED = 20  # windows looked at on the day


class SaleOrder(models.Model):
    """A delivery date typed on an order that has a window moves the order to a window of that day."""

    _inherit = "sale.order"

    def write(self, vals):
        typed = vals.get("commitment_date") and self.env.context.get("promise_recorded") is not RECORDING
        before = {order.id: order.commitment_date for order in self} if typed else {}
        result = super().write(vals)
        for order in self.browse(before):
            is_promised = order.state in ("draft", "sent") and order.delivery_window_stop
            if is_promised and order.commitment_date != before[order.id]:
                order._promise_on_commitment_date()
        return result

    def _record_commitment(self):
        """Confirmed orders: slot, moves and manufacturing orders follow, with a new row in the history."""
        if self.delivery_window_stop and self.commitment_date:
            self._promise_on_commitment_date()
        else:
            super()._record_commitment()

    def _promise_on_commitment_date(self):
        """Promise the window that the date lies in, else the first of its day where the customer is.

        Raises if none is possible on that day, and names the next one.
        """
        zone, soon = self._get_place_zone(), fields.Datetime.now() + MINUTE
        day = to_wall(zone, self.commitment_date).date()
        midnight = wall_reached(zone, datetime.combine(day, time()))
        offers = self.get_delivery_windows(ASKED, max(midnight, soon))
        if not offers:  # neither slots nor receiving hours: any time will do
            self.promise_delivery(False, max(self.commitment_date, soon))
            return
        offers = [offer for offer in offers if offer["is_possible"]]
        chosen = self._get_offer_of_day(offers, day)
        if not chosen:
            following = offers[0]["local"] if offers else self.env._("none")
            raise UserError(
                self.env._(
                    "[JD-PRM-012] Order %(order)s is promised by window, and none is possible on %(day)s."
                    " Next: %(next)s. Choose a window.",
                    order=self.name,
                    day=day,
                    next=following,
                )
            )
        self.promise_delivery(chosen["slot_id"], chosen["start"])

    def _get_offer_of_day(self, offers, day):
        """Return the offer that the commitment date lies in, else the first on ``day``, or None."""
        wanted, zone = fields.Datetime.to_string(self.commitment_date), self._get_place_zone()
        of_day = [
            offer
            for offer in offers
            if to_wall(zone, fields.Datetime.to_datetime(offer["start"])).date() == day
        ]
        fitting = [offer for offer in of_day if offer["start"] <= wanted <= offer["stop"]]
        return next(iter(fitting or of_day), None)
