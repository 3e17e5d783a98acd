"""Random working calendars, told twice: as intervals, and minute by minute by the clock on the wall."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

UTC = ZoneInfo("UTC")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Europe/Lisbon", "UTC")
# Weeks around the changes of the clock in Europe, America and Australia, and some without.
MONDAYS = (date(2026, 3, 2), date(2026, 3, 16), date(2026, 9, 21), date(2026, 10, 19), date(2026, 6, 1))
DAYS = 56
SHIFTS = (
    [(8.0, 12.0), (13.0, 17.0)],
    [(7.5, 12.25), (12.75, 16.5)],
    [(0.0, 24.0)],
    [(14.0, 24.0)],
    [(4.0, 10.0)],
    [(9.0, 9.5), (11.0, 15.75)],
)


@dataclass
class WallCalendar:
    """``shifts`` by (even or odd week, weekday); ``leaves`` as pairs of UTC minutes since the first day."""

    zone: ZoneInfo
    monday: date
    shifts: dict[tuple[int, int], list[tuple[float, float]]]
    leaves: list[tuple[int, int]] = field(default_factory=list)

    @property
    def origin(self) -> int:
        return int(datetime.combine(self.monday, time(), UTC).timestamp())

    def shifts_of(self, day: date) -> list[tuple[float, float]]:
        return self.shifts.get((day.toordinal() // 7 % 2, day.weekday()), [])

    def intervals(self) -> list[tuple[int, int]]:
        """Working time in UTC seconds, leaves cut out."""
        found = []
        for number in range(-1, DAYS + 1):
            day = self.monday + timedelta(days=number)
            for start, stop in self.shifts_of(day):
                found += self._without_leaves(self._utc(day, start), self._utc(day, stop))
        return found

    def _utc(self, day: date, hour: float) -> int:
        midnight = datetime.combine(day + timedelta(days=hour == 24), time(), self.zone)
        return int(midnight.replace(hour=int(hour) % 24, minute=int(hour % 1 * 60)).timestamp())

    def _without_leaves(self, start: int, stop: int) -> list[tuple[int, int]]:
        pieces = [(start, stop)]
        for leave in self.leaves:
            low, high = (self.origin + 60 * minute for minute in leave)
            pieces = [
                piece
                for a, b in pieces
                for piece in ((a, min(b, low)), (max(a, high), b))
                if piece[0] < piece[1]
            ]
        return pieces

    def minutes(self) -> np.ndarray:
        """For every minute since the first day, UTC: is it worked? Asked of the clock on the wall."""
        worked = np.zeros(DAYS * 1440, dtype=bool)
        for minute in range(len(worked)):
            wall = datetime.fromtimestamp(self.origin + 60 * minute, self.zone)
            hour = wall.hour + wall.minute / 60
            worked[minute] = any(start <= hour < stop for start, stop in self.shifts_of(wall.date()))
        for start, stop in self.leaves:
            worked[start:stop] = False
        return worked


def random_calendar(rng: random.Random) -> WallCalendar:
    """Lunch breaks, weekends, two-week patterns, shifts over midnight, all-day service, holidays."""
    weeks = [rng.choice(SHIFTS) for _week in range(2)] if rng.random() < 0.4 else [rng.choice(SHIFTS)] * 2
    days = range(7) if rng.random() < 0.2 else sorted(rng.sample(range(7), rng.randint(3, 6)))
    shifts = {(week, day): weeks[week] for week in (0, 1) for day in days}
    leaves = []
    for _leave in range(rng.randint(0, 4)):
        start = rng.randrange(DAYS * 1440 - 3000)
        leaves.append((start, start + rng.choice((240, 1440, 2880))))
    return WallCalendar(ZoneInfo(rng.choice(ZONES)), rng.choice(MONDAYS), shifts, leaves)
