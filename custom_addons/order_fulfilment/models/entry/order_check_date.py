from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.tools import format_date

from ...tools.entry.verdict import Finding


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _requested_days(self, orders):
        """Yield (order, day the customer asked for, in the time zone the goods go to)."""
        for order in orders:
            moment = order._gate_requested_date()
            if moment:
                yield order, self._local_day(order, moment)

    def _local_day(self, order, moment):
        zone = pytz.timezone(order._gate_timezone())
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _check_date_past(self, orders):
        for order, day in self._requested_days(orders):
            if day < self._today(order):
                yield Finding(
                    order.id,
                    self.env._(
                        "The requested date %s is past: ask for a new one.", format_date(self.env, day)
                    ),
                    (day,),
                    fix=self.env._("Use %s", format_date(self.env, self._earliest_day(order))),
                )

    def _fix_date_past(self, order, line):
        order.commitment_date = max(
            order._gate_earliest_date() or fields.Datetime.now(), fields.Datetime.now()
        )

    def _earliest_day(self, order):
        moment = max(order._gate_earliest_date() or fields.Datetime.now(), fields.Datetime.now())
        return self._local_day(order, moment)

    def _check_date_too_early(self, orders):
        for order, day in self._requested_days(orders):
            earliest = self._earliest_day(order)
            if self._today(order) <= day < earliest:
                yield Finding(
                    order.id,
                    self.env._(
                        "The requested date %(day)s is before %(earliest)s, the earliest we can promise.",
                        day=format_date(self.env, day),
                        earliest=format_date(self.env, earliest),
                    ),
                    (day, earliest),
                    fix=self.env._("Use %s", format_date(self.env, earliest)),
                )

    def _fix_date_too_early(self, order, line):
        self._fix_date_past(order, line)

    def _check_date_not_receiving(self, orders):
        asked = list(self._requested_days(orders))
        open_days = self._receiving_days(asked)
        for order, day in asked:
            partner = order.partner_shipping_id
            if partner.id in open_days and day not in open_days[partner.id]:
                later = sorted(known for known in open_days[partner.id] if known > day)
                yield Finding(
                    order.id,
                    self.env._(
                        "%(name)s does not receive goods on %(weekday)s, %(day)s.",
                        name=partner.display_name,
                        weekday=format_date(self.env, day, date_format="EEEE"),
                        day=format_date(self.env, day),
                    ),
                    (partner.id, partner.receiving_calendar_id.id, day),
                    fix=self.env._("Use %s", format_date(self.env, later[0])) if later else "",
                )

    def _fix_date_not_receiving(self, order, line):
        [(_order, day)] = self._requested_days(order)
        open_days = self._receiving_days([(order, day)])[order.partner_shipping_id.id]
        gap = min(known for known in open_days if known > day) - day
        order.commitment_date = order._gate_requested_date() + gap

    def _receiving_days(self, asked):
        """Return {address id: days on which it receives}, from the first asked day to four weeks after the
        last.

        Addresses without a calendar are left out: they receive any day. One look-up per calendar.
        """
        asked = [(order, day) for order, day in asked if order.partner_shipping_id.receiving_calendar_id]
        if not asked:
            return {}
        first, last = min(day for _order, day in asked), max(day for _order, day in asked)
        days = {}
        for calendar in {order.partner_shipping_id.receiving_calendar_id for order, _day in asked}:
            zone = pytz.timezone(calendar.tz or "UTC")
            start = zone.localize(datetime.combine(first, time.min))
            end = zone.localize(datetime.combine(last + timedelta(days=29), time.min))
            intervals = calendar._work_intervals_batch(start, end, compute_leaves=True)[False]
            days[calendar.id] = {begin.astimezone(zone).date() for begin, _stop, _record in intervals}
        return {
            order.partner_shipping_id.id: days[order.partner_shipping_id.receiving_calendar_id.id]
            for order, _day in asked
        }
