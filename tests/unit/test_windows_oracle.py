"""Windows against the minute-by-minute oracle.

A small sample by default. ``WINDOWS_ORACLE=full`` compares every zone of the tz database on every day of
2025-2032 on which its clocks change, and 100,000 random cases (about ten minutes).
"""

import os
import random
from datetime import date, datetime, time, timedelta

import pytest
import pytz
from jit_tools.windows import Hours, Interval, Opening, WeeklyWindow, open_intervals
from jit_tools.zones import wall_reached
from windows_oracle import change_days, cutoff_reached, open_minutes

FULL = os.environ.get("WINDOWS_ORACLE") == "full"
ZONES = list(pytz.all_timezones)
RANDOM_CASES = 100_000 if FULL else 150
SHARDS = 20
MINUTE = timedelta(minutes=1)
EVERY_DAY = [(0, 150), (90, 240), (135, 165), (150, 155), (1380, 1440), (1410, 1530), (1439, 1560)]


def minutes_of(intervals):
    return {
        interval.start + step * MINUTE
        for interval in intervals
        for step in range((interval.end - interval.start) // MINUTE)
    }


def midnight(day):
    return datetime.combine(day, time())


def changes():
    found = [(zone, day) for zone in ZONES for day in change_days(zone, 2025, 2032)]
    return found if FULL else random.Random(1).sample(found, 40)


def assert_equal(hours, start, end):
    assert minutes_of(open_intervals(hours, start, end)) == open_minutes(hours, start, end), (hours, start)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_change_of_the_clock(shard):
    weekly = tuple(WeeklyWindow(day, a, b) for day in range(7) for a, b in EVERY_DAY)
    for zone, day in changes()[shard::SHARDS]:
        for chosen in (weekly[0::7], weekly[1::7], weekly[2::7], weekly[3::7], weekly[5::7]):
            start = midnight(day) - timedelta(hours=4)
            assert_equal(Hours(zone, chosen), start, start + timedelta(hours=32))


def random_hours(rng, zone, day):
    def span():
        start = rng.randrange(1440)
        return start, rng.randint(start + 1, start + rng.choice((5, 45, 240, 1440)))

    near = [day + timedelta(days=n) for n in range(-2, 3)]
    return Hours(
        zone,
        tuple(
            WeeklyWindow(rng.randrange(7), *span(), rng.choice((None, None, 0, 1)))
            for _ in range(rng.randrange(9))
        ),
        frozenset(rng.sample(near, rng.randrange(2))),
        tuple(Opening(rng.choice(near), *span()) for _ in range(rng.randrange(2))),
        tuple(
            Interval(at, at + rng.randrange(1, 2000) * MINUTE)
            for at in [midnight(day) + rng.randrange(-1440, 1440) * MINUTE for _ in range(rng.randrange(3))]
        ),
    )


def random_day(rng, zone):
    changed = change_days(zone, 2025, 2032)
    if changed and rng.random() < 0.7:
        return rng.choice(changed)
    return date(2025, 1, 1) + timedelta(days=rng.randrange(8 * 365))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_hours(shard):
    rng = random.Random(shard)
    for _ in range(RANDOM_CASES // SHARDS):
        zone = rng.choice(ZONES)
        day = random_day(rng, zone)
        start = midnight(day) + rng.randrange(-600, 600) * MINUTE
        assert_equal(random_hours(rng, zone, day), start, start + rng.randrange(60, 1440) * MINUTE)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_cutoff_instants(shard):
    rng = random.Random(1000 + shard)
    for zone, day in changes()[shard::SHARDS]:
        wall = midnight(day) + rng.randrange(-120, 1560) * MINUTE
        span = timedelta(hours=30)
        assert wall_reached(zone, wall) == cutoff_reached(zone, wall, wall - span, wall + span), (zone, wall)
