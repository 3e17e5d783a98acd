"""A second, slow opinion on receiving windows: asks the wall clock minute by minute, with pytz."""

from datetime import timedelta

import pytz

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def _window_contains(window, hours, wall, day, minute):
    """Say whether ``window``, begun on ``day``, covers ``wall``, ``minute`` minutes after its midnight."""
    return (
        window.start <= minute < window.end
        and day.weekday() == window.weekday
        and (window.week is None or ((day.toordinal() - 1) // 7) % 2 == window.week)
        and day not in hours.closed
        and wall.date() not in hours.closed
    )


def is_open(hours, wall, instant):
    today = wall.date()
    minute = wall.hour * 60 + wall.minute
    for opening in hours.openings:
        into = (today - opening.day).days * 1440 + minute
        if opening.start <= into < opening.end:
            return True
    if any(start <= instant < end for start, end in hours.holidays):
        return False
    return any(
        _window_contains(window, hours, wall, today - back * DAY, minute + back * 1440)
        for window in hours.weekly
        for back in (0, 1)
    )


def open_minutes(hours, start, end):
    """Return the minutes of [start, end) at which the place is open."""
    zone, found, instant = pytz.timezone(hours.zone), set(), start
    while instant < end:
        wall = zone.fromutc(instant).replace(tzinfo=None)
        if is_open(hours, wall, instant):
            found.add(instant)
        instant += MINUTE
    return found


def cutoff_reached(zone_name, wall, start, end):
    """Return the first minute of [start, end) at which the clock shows ``wall`` or later."""
    zone, instant = pytz.timezone(zone_name), start
    while instant < end:
        if zone.fromutc(instant).replace(tzinfo=None) >= wall:
            return instant
        instant += MINUTE
    return None


def change_days(zone_name, first_year, last_year):
    """Return the UTC dates on which the zone changes its clock, from pytz's own table."""
    zone = pytz.timezone(zone_name)
    times = getattr(zone, "_utc_transition_times", ())
    return sorted({t.date() for t in times if first_year <= t.year <= last_year})
