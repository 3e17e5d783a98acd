"""Cut-offs by weekday and delivery frequency agreements, in the wall time of their own zone.

A cut-off is reached at the first instant at which the clock of its zone shows it or has jumped over it (see
:func:`.zones.wall_reached`); an order at that very instant is still in time.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from .windows import DEFAULT_HORIZON_DAYS, MINUTES_OF_DAY, NothingOpen, WeeklyWindow
from .zones import DAY, MINUTE, to_wall, wall_reached, zone_info

MAX_DEPARTURE_DAYS = 60  # a ship that leaves once in two months


@dataclass(frozen=True)
class Cutoff:
    """Goods ordered and at hand by minute ``minute`` of ``weekday`` leave with the departure after it.

    ``departure`` counts minutes from midnight of the same day and may reach into later days; it is not before
    the cut-off.
    """

    weekday: int
    minute: int
    departure: int

    def __post_init__(self):
        if not 0 <= self.weekday <= 6:
            raise ValueError("weekday must be 0 (Monday) to 6 (Sunday)")
        if not 0 <= self.minute <= MINUTES_OF_DAY:
            raise ValueError("a cut-off lies between 00:00 and 24:00")
        if self.departure < self.minute:
            raise ValueError("the departure is not before its cut-off")
        if self.departure > MAX_DEPARTURE_DAYS * MINUTES_OF_DAY:
            raise ValueError(f"the departure is at most {MAX_DEPARTURE_DAYS} days later")


@dataclass(frozen=True)
class CutoffPlan:
    """The cut-offs of one warehouse (for one carrier or route); ``closed`` dates have none."""

    zone: str
    cutoffs: tuple[Cutoff, ...]
    closed: frozenset = frozenset()

    def __post_init__(self):
        zone_info(self.zone)


class Cycle(NamedTuple):
    """One dispatch: the cut-off and the departure it leads to, naive UTC."""

    cutoff: datetime
    departure: datetime


def _instant(zone, day, minute):
    return wall_reached(zone, datetime.combine(day, time()) + minute * MINUTE)


def cycles(plan, start, end):
    """Return the cycles of ``plan`` with a cut-off in [start, end), by cut-off."""
    day, last = to_wall(plan.zone, start).date() - DAY, to_wall(plan.zone, end).date()
    found = set()
    while day <= last:
        if day not in plan.closed:
            for rule in plan.cutoffs:
                if rule.weekday == day.weekday():
                    found.add(
                        Cycle(_instant(plan.zone, day, rule.minute), _instant(plan.zone, day, rule.departure))
                    )
        day += DAY
    return sorted(cycle for cycle in found if start <= cycle.cutoff < end)


def next_cycle(plan, after, horizon_days=DEFAULT_HORIZON_DAYS):
    """Return the first cycle whose cut-off is not before ``after``, or :class:`NothingOpen`."""
    horizon = after + timedelta(days=horizon_days)
    searched = after
    while searched < horizon:
        upto = min(searched + 7 * DAY, horizon)
        found = cycles(plan, searched, upto)
        if found:
            return found[0]
        searched = upto
    return NothingOpen(after, horizon)


class TimesError(ValueError):
    """A list of times that cannot be read; ``word`` is the part that is wrong."""

    def __init__(self, word):
        super().__init__(word)
        self.word = word


def parse_times(text):
    """Return the minutes of "6:00, 10:00, 14:00", sorted, each once. A full hour may stand alone: "6"."""
    minutes = set()
    for word in filter(None, re.split(r"[,;\s]+", text or "")):
        match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?", word)
        if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
            raise TimesError(word)
        minutes.add(int(match[1]) * 60 + int(match[2] or 0))
    return tuple(sorted(minutes))


def frequency_windows(weekdays, minutes, length):
    """Return the weekly windows of a frequency agreement: at each of ``minutes`` on each of ``weekdays``.

    ``length`` is how many minutes after the agreed time the delivery may still arrive.
    """
    return tuple(WeeklyWindow(day, minute, minute + length) for day in weekdays for minute in minutes)
