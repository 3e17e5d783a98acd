"""Working time of Odoo's calendars for the rules in ``tools/sla.py``."""

from datetime import datetime, timedelta

from pytz import timezone, utc

from ...tools.sla import WorkTime

EPOCH, SECOND = datetime(1970, 1, 1), timedelta(seconds=1)
FIRST_DAYS, MORE_DAYS, MAX_DAYS = 42, 400, 1600


def to_seconds(moment):
    """Naive UTC datetime → seconds since 1970; nothing stays nothing."""
    return (moment - EPOCH) // SECOND if moment else None


def to_moment(seconds):
    return EPOCH + timedelta(seconds=seconds) if seconds is not None else False


class WorkHours:
    """Reads each calendar once per transaction and further only where a deadline needs it."""

    def __init__(self, env):
        self.env = env
        self._known = {}

    def get(self, calendar, company, start, stop):
        """Working time from the week of ``start`` to at least ``stop`` (seconds)."""
        key = (calendar.id, company.id)
        known = self._known.get(key)
        if not known or start < known[0] or stop > known[1]:
            low = min(start, known[0] - MORE_DAYS * 86400) if known and start < known[0] else start
            low, high = (min(low, known[0]), max(stop, known[1])) if known else (low, stop)
            self._known[key] = known = (low, high, self._read(calendar, company, low, high))
        return known[2]

    def reaching(self, calendar, company, start, now, seconds):
        """Working time with at least ``seconds`` of work after ``start`` and ``now``, if the next years have
        that much.
        """
        late = max(start, now)
        for days in (FIRST_DAYS, MORE_DAYS, MAX_DAYS):
            work = self.get(calendar, company, start, late + days * 86400)
            if work.add(late, seconds) is not None:
                break
        return work

    def _read(self, calendar, company, start, stop):
        """From Monday on: Odoo fills the weeks of a flexible calendar from the day it is asked for."""
        if not calendar:
            return WorkTime([])
        calendar = calendar.sudo().with_context(tz=None, employee_timezone=None)
        zone = timezone(calendar.tz or "UTC")
        first = to_moment(start).replace(tzinfo=utc).astimezone(zone)
        monday = (first - timedelta(days=first.weekday())).date()
        low = zone.localize(datetime.combine(monday, datetime.min.time()))
        high = to_moment(stop).replace(tzinfo=utc)
        # Holidays of the company and of this calendar; nobody's own leave.
        leaves = [("time_type", "=", "leave"), ("company_id", "in", [False, company.id])]
        intervals = calendar._work_intervals_batch(low, high, domain=leaves)[False]
        return WorkTime((_seconds(begin), _seconds(end)) for begin, end, _meta in intervals)


def _seconds(moment):
    """Odoo ends a day a microsecond before midnight."""
    return int(round(moment.timestamp()))
