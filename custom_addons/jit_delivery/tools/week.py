"""Which windows of a week fall on the same time, whatever their day begins and ends on."""

from .windows import MINUTES_OF_DAY, WeeklyWindow

MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY


def overlap(windows: tuple[WeeklyWindow, ...], others: tuple[WeeklyWindow, ...]) -> bool:
    """Say whether a minute of the week is in both; a window that reaches into Monday is in Monday too."""
    return any(_meet(_span(one), _span(other)) for one in windows for other in others)


def _span(window):
    day = window.weekday * MINUTES_OF_DAY
    return day + window.start, day + window.end


def _meet(span, other):
    return any(
        span[0] + week < other[1] and other[0] < span[1] + week
        for week in (-MINUTES_OF_WEEK, 0, MINUTES_OF_WEEK)
    )
