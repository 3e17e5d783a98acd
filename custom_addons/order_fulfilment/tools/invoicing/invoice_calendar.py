"""When a customer's drops are gathered into an invoice: the last cut-off of a calendar, by local wall "
"time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FREQUENCIES = ("daily", "weekly", "twice_monthly", "monthly")


def last_cutoff(
    now: datetime,
    tz: str,
    frequency: str,
    *,
    weekday: int = 0,
    days: tuple[int, ...] = (31,),
    hour: float = 0.0,
) -> datetime:
    """The latest cut-off not after `now`, both naive UTC.

    :param weekday: for "weekly", Monday is 0
    :param days: days of the month for the monthly ones; a day that the month has not is its last
    :param hour: wall time of the cut-off at `tz`; 24.0 is the end of the day
    """
    zone = ZoneInfo(tz)
    today = now.replace(tzinfo=UTC).astimezone(zone).date()
    # The longest gap between cut-offs is two months less a day.
    for back in range(63):
        day = today - timedelta(days=back)
        if not _is_cutoff_day(day, frequency, weekday, days):
            continue
        cutoff = _at(day, hour, zone)
        if cutoff <= now:
            return cutoff
    raise ValueError(f"No cut-off of frequency {frequency!r} in two months before {now}")


def _is_cutoff_day(day: date, frequency: str, weekday: int, days: tuple[int, ...]) -> bool:
    if frequency == "daily":
        return True
    if frequency == "weekly":
        return day.weekday() == weekday
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day.day in {min(wanted, last.day) for wanted in days}


def _at(day: date, hour: float, zone: ZoneInfo) -> datetime:
    minutes = round(hour * 60)
    wall = datetime.combine(day + timedelta(days=minutes // 1440), time(minutes % 1440 // 60, minutes % 60))
    return wall.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
