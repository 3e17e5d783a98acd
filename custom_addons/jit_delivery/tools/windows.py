"""When a place receives: weekly windows, closed days, openings and holidays, as intervals in UTC.

Definition, minute by minute: a place is open at an instant if the clock on its wall then shows a time inside
a window. From this follows what happens when the clocks change:

- A window inside an hour that does not exist is empty that day; one that begins or ends in it is shorter.
- In an hour that exists twice, a window counts both times: 01:00-04:00 lasts four hours, and 02:15-02:45 is
  open twice for half an hour.
- A window over midnight belongs to the day on which it begins. A closed day removes the windows that begin on
  it, and cuts at 00:00 those that reach into it.
- A holiday is a stretch of UTC (as Odoo's calendar leaves are) and is cut out.
- A one-off opening is the most particular statement there is: it holds on closed days and holidays too.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from .zones import DAY, MINUTE, to_wall, wall_interval_to_utc, zone_info

MINUTES_OF_DAY = 24 * 60
DEFAULT_HORIZON_DAYS = 90


class Interval(NamedTuple):
    """Half-open stretch of time [start, end), naive UTC."""

    start: datetime
    end: datetime


class WindowError(ValueError):
    """A window that makes no sense; ``reason`` is one of the REASON_ constants."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


REASON_WEEKDAY = "weekday must be 0 (Monday) to 6 (Sunday)"
REASON_START = "a window begins between 00:00 and 23:59"
REASON_ORDER = "a window ends after it begins (over midnight: count on, 06:00 the next day is minute 1800)"
REASON_LENGTH = "a window lasts 24 hours at most"
REASON_NUMBER = "hours are a number, such as 8.5 for 08:30"
REASON_WEEK = "the week of a two-week pattern is 0 or 1"


def check_minutes(start, end):
    """Refuse a window of ``start`` to ``end`` minutes after midnight that cannot be."""
    if not 0 <= start < MINUTES_OF_DAY:
        raise WindowError(REASON_START)
    if end <= start:
        raise WindowError(REASON_ORDER)
    if end - start > MINUTES_OF_DAY:
        raise WindowError(REASON_LENGTH)


@dataclass(frozen=True)
class WeeklyWindow:
    """A window that comes every week, or every second.

    ``start`` and ``end`` count minutes from midnight of the day it begins on: 24:00 is 1440, and 06:00 of the
    next day 1800. ``week`` is the type of week of Odoo's two-week calendars (:func:`week_type`), or None.
    """

    weekday: int
    start: int
    end: int
    week: int | None = None

    def __post_init__(self):
        if not 0 <= self.weekday <= 6:
            raise WindowError(REASON_WEEKDAY)
        if self.week not in (None, 0, 1):
            raise WindowError(REASON_WEEK)
        check_minutes(self.start, self.end)

    def begins_on(self, day):
        return day.weekday() == self.weekday and self.week in (None, week_type(day))


@dataclass(frozen=True)
class Opening:
    """A window on one date only; minutes as in :class:`WeeklyWindow`."""

    day: date
    start: int
    end: int

    def __post_init__(self):
        check_minutes(self.start, self.end)


@dataclass(frozen=True)
class Hours:
    """All that says when one place is open. ``holidays`` are UTC intervals, everything else wall time."""

    zone: str
    weekly: tuple[WeeklyWindow, ...] = ()
    closed: frozenset[date] = frozenset()
    openings: tuple[Opening, ...] = ()
    holidays: tuple[Interval, ...] = field(default=())

    def __post_init__(self):
        zone_info(self.zone)  # refuses an unknown zone here, not in the middle of a promise


class NothingOpen(NamedTuple):
    """No window was found between ``start`` and ``end``, the horizon that was searched."""

    start: datetime
    end: datetime


def week_type(day):
    """Return 0 or 1, alternating from Monday to Monday, as Odoo's two-week calendars count."""
    return (day.toordinal() - 1) // 7 % 2


def merge(intervals):
    """Return the union of ``intervals``, sorted; those that touch or overlap are joined."""
    joined = []
    for interval in sorted(intervals):
        if joined and interval[0] <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval[1]))
        elif interval[0] < interval[1]:
            joined.append(Interval(*interval))
    return joined


def subtract(intervals, holes):
    """Return ``intervals`` without the parts that lie in ``holes`` (sorted and disjoint)."""
    left = []
    for start, end in intervals:
        at = start
        for hole_start, hole_end in holes:
            if hole_end <= at or hole_start >= end:
                continue
            if hole_start > at:
                left.append(Interval(at, hole_start))
            at = max(at, hole_end)
        if at < end:
            left.append(Interval(at, end))
    return left


def intersect(first, second):
    """Return the common parts of two sorted lists of disjoint intervals."""
    common, i, j = [], 0, 0
    while i < len(first) and j < len(second):
        start, end = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if start < end:
            common.append(Interval(start, end))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return common


def _wall(day, minutes):
    return datetime.combine(day, time()) + minutes * MINUTE


def _to_utc(zone, day, start, end):
    return [Interval(*stretch) for stretch in wall_interval_to_utc(zone, _wall(day, start), _wall(day, end))]


def _of_window(hours, day, window):
    """Return the UTC intervals of ``window`` beginning on ``day``, which is not closed."""
    end = min(window.end, MINUTES_OF_DAY) if day + DAY in hours.closed else window.end
    return _to_utc(hours.zone, day, window.start, end)


def occurrences(hours, start, end):
    """Return every window of ``hours`` that meets [start, end), sorted, uncut at its ends.

    Windows that touch or overlap stay apart: each is one a customer may ask for. A window cut in two by a
    holiday or by a doubled hour gives two.
    """
    day, last = to_wall(hours.zone, start).date() - 2 * DAY, to_wall(hours.zone, end).date() + DAY
    holidays = merge(hours.holidays)
    found = [i for o in hours.openings if day <= o.day <= last for i in _to_utc(hours.zone, *_key(o))]
    while day <= last:
        if day not in hours.closed:
            of_day = [w for w in hours.weekly if w.begins_on(day)]
            for window in of_day:
                found += subtract(_of_window(hours, day, window), holidays)
        day += DAY
    return sorted({interval for interval in found if interval.end > start and interval.start < end})


def _key(opening):
    return opening.day, opening.start, opening.end


def open_intervals(hours, start, end):
    """Return when the place is open in [start, end): disjoint, sorted, cut to the ends asked for."""
    return intersect(merge(occurrences(hours, start, end)), [Interval(start, end)])


def next_window(hours, after, minutes=1, horizon_days=DEFAULT_HORIZON_DAYS):
    """Return the first open interval of at least ``minutes`` from ``after`` on, or :class:`NothingOpen`.

    Searches a week at a time and never beyond ``horizon_days``, so that a calendar without hours answers.
    """
    horizon = after + timedelta(days=horizon_days)
    searched = after
    while searched < horizon:
        upto = min(searched + 7 * DAY, horizon)
        for interval in open_intervals(hours, after, upto):
            if interval.end - interval.start >= minutes * MINUTE:
                return interval
        searched = upto
    return NothingOpen(after, horizon)


def local_key(zone, instant):
    """Return the local date of ``instant`` in ``zone``: what deliveries are grouped by."""
    return to_wall(zone, instant).date()
