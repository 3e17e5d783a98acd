"""Wall-clock time of a named zone to UTC and back, exact over every change of the clock.

All instants in ``tools/`` are naive datetimes in UTC, as Odoo stores them; all wall times are naive datetimes
too and always travel together with the name of their zone. The zone data are those of ``pytz``, because the
rest of Odoo shows times with it: two tables of different age would put our promise and Odoo's screen an hour
apart.
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import pytz

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# No place on earth is further from UTC than this, so a wall time lies within it of the same figures in UTC.
MAX_OFFSET = timedelta(hours=26)
_PROBE = timedelta(hours=6)  # no zone changes its clock twice within six hours


class UnknownZoneError(ValueError):
    """The name is empty or no zone of the tz database."""


@cache
def zone_info(name):
    """Return the zone called ``name``, read from the same table as the rest of Odoo uses."""
    if not name or name not in pytz.all_timezones_set:
        raise UnknownZoneError(name or "")
    with pytz.open_resource(name) as table:
        return ZoneInfo.from_file(table, key=name)


def offset_at(name, instant):
    """Return what the clocks of zone ``name`` are ahead of UTC at ``instant`` (a timedelta)."""
    zone = zone_info(name)
    aware = instant.replace(tzinfo=zone)
    return zone.fromutc(aware).replace(tzinfo=None) - instant


def to_wall(name, instant):
    """Return the time that a clock in zone ``name`` shows at ``instant``."""
    return instant + offset_at(name, instant)


def _change_between(name, low, high):
    """Return the first minute in (low, high] whose offset is not that of ``low``; one change lies there."""
    before = offset_at(name, low)
    while high - low > MINUTE:
        middle = low + (high - low) // MINUTE // 2 * MINUTE
        if offset_at(name, middle) == before:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=4096)
def _changes(name, year):
    """Return the instants of ``year`` (UTC) at which zone ``name`` changes its clock."""
    found, probe, end = [], datetime(year, 1, 1), datetime(year + 1, 1, 1)
    offset = offset_at(name, probe)
    while probe < end:
        following = probe + _PROBE
        offset_following = offset_at(name, following)
        if offset_following != offset:
            found.append(_change_between(name, probe, following))
        probe, offset = following, offset_following
    return tuple(found)


def segments(name, start, end):
    """Return [(start, end, offset)] covering [start, end) in UTC, one for each stretch of constant offset."""
    changes = [c for year in range(start.year, end.year + 1) for c in _changes(name, year)]
    bounds = [start, *changes[bisect_right(changes, start) :]]
    bounds = [bound for bound in bounds if bound < end] + [end]
    return [(low, high, offset_at(name, low)) for low, high in zip(bounds, bounds[1:], strict=False)]


def wall_interval_to_utc(name, start, end):
    """Return the stretches of UTC during which a clock in zone ``name`` shows a time in [start, end).

    Usually one. A wall interval inside an hour that does not exist gives none; one that the clock passes
    twice gives two, unless they touch.
    """
    found = []
    for low, high, offset in segments(name, start - MAX_OFFSET, end + MAX_OFFSET):
        first, last = max(low, start - offset), min(high, end - offset)
        if first >= last:
            continue
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def wall_reached(name, wall):
    """Return the first instant at which a clock in zone ``name`` has reached ``wall``.

    In an hour that exists twice that is its first passing; in one that does not exist, the moment the clock
    jumps over it. Whoever keeps to it is in time whichever way a reader takes the doubled hour.
    """
    for low, high, offset in segments(name, wall - MAX_OFFSET, wall + MAX_OFFSET):
        if wall - offset < high:
            return max(low, wall - offset)
    raise AssertionError("the offset of a zone is below MAX_OFFSET")
