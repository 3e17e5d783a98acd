"""Calendar days of a place, in UTC."""

from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of_local_day(moment: datetime, tz: str) -> datetime:
    """Last second of the day that `moment` (naive UTC) falls on at `tz`, as naive UTC.

    The next midnight is taken as wall time there, so that days of 23 and 25 hours end where they end.
    """
    if moment.year >= MAXYEAR:  # there is no next midnight to come from: a date that means "never"
        return moment.replace(hour=23, minute=59, second=59, microsecond=0)
    zone = ZoneInfo(tz)
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min, tzinfo=zone)
    return midnight.astimezone(UTC).replace(tzinfo=None) - timedelta(seconds=1)


def end_of_named_day(day: date, tz: str) -> datetime:
    """Last microsecond of the calendar day `day` at `tz`, as naive UTC: all that happened on it is before."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(tz))
    return midnight.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)
