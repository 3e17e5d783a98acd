from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.tools import format_date

from ...tools.entry.verdict import Finding

FIRST_MOMENT, LAST_MOMENT = datetime(1900, 1, 1), datetime(2999, 12, 31)
LOOK_AHEAD = timedelta(days=29)  # for the next day on which the address receives


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _requested_days(self, orders):
        """Yield (order, day the customer asked for, in the time zone the goods go to)."""
        for order in orders:
            moment = order._gate_requested_date()
            if moment:  # a slip of the pen in the year must not lead out of the calendar
                yield order, self._local_day(order, min(max(moment, FIRST_MOMENT), LAST_MOMENT))

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
                    # not the earliest day itself: it moves on every night, and with other people's orders
                    (day, order.content_key),
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
        """Return {address id: days on which it receives}, from each asked day to four weeks after it.

        Addresses without a calendar are left out: they receive any day. One look-up per calendar and stretch
        of days.
        """
        by_calendar = defaultdict(set)
        for order, day in asked:
            by_calendar[order.partner_shipping_id.receiving_calendar_id].add(day)
        by_calendar.pop(self.env["resource.calendar"], None)
        days = {
            calendar: self._open_days(calendar, asked_days) for calendar, asked_days in by_calendar.items()
        }
        return {
            order.partner_shipping_id.id: days[calendar]
            for order, _day in asked
            if (calendar := order.partner_shipping_id.receiving_calendar_id)
        }

    def _open_days(self, calendar, asked_days):
        """Return the days on which ``calendar`` is open, from each asked day to four weeks after it.

        Days that are close together are looked up together; those in between are left out where they are not:
        one order for the year 2999 must not ask for a thousand years.
        """
        zone = pytz.timezone(calendar.tz or "UTC")
        stretches = []
        for day in sorted(asked_days):
            if stretches and day <= stretches[-1][1]:
                stretches[-1][1] = day + LOOK_AHEAD
            else:
                stretches.append([day, day + LOOK_AHEAD])
        found = set()
        for first, last in stretches:
            start, end = (zone.localize(datetime.combine(day, time.min)) for day in (first, last))
            intervals = calendar._work_intervals_batch(start, end, compute_leaves=True)[False]
            found |= {begin.astimezone(zone).date() for begin, _stop, _record in intervals}
        return found
