"""A promised window in few words, in the reader's language and the place's own time: "Tue 24 Nov 10–12"."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date


def window_text(
    start: datetime | None, end: datetime, tz: str, *, whole_day: bool, locale: str = "en_US"
) -> str:
    """Say when; `start` and `end` are naive UTC, `tz` is where the goods are received.

    The date always stands there, since the text is stored and read days later; no year, as orders are short.
    """
    zone = ZoneInfo(tz)
    first = start.replace(tzinfo=UTC).astimezone(zone) if start else None
    last = end.replace(tzinfo=UTC).astimezone(zone)
    day = _day(last, locale)
    if whole_day:
        return day
    if not first:
        return f"{day} {_hour(last, alone=True)}"
    if first.date() != last.date():
        return f"{_day(first, locale)} {_hour(first, alone=True)} – {day} {_hour(last, alone=True)}"
    return f"{day} {_hour(first)}–{_hour(last)}"


def _day(moment: datetime, locale: str) -> str:
    return format_date(moment.date(), "EEE d MMM", locale=locale).replace(".", "")


def _hour(moment: datetime, *, alone: bool = False) -> str:
    """10 or 10:30 inside a window, 10:00 alone (a bare number would read as a day)."""
    return f"{moment:%H:%M}" if moment.minute or alone else f"{moment.hour}"
