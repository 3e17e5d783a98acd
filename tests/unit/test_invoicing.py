from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from of_tools.invoicing.drops import Drop, allocate, completed_kits, newest_first
from of_tools.invoicing.invoice_calendar import last_cutoff

MONDAY = datetime(2026, 11, 23, 12)


@pytest.mark.parametrize(
    ("frequency", "options", "expected"),
    [
        ("daily", {"hour": 12.0}, datetime(2026, 11, 23, 11)),
        ("daily", {"hour": 18.0}, datetime(2026, 11, 22, 17)),
        ("daily", {"hour": 24.0}, datetime(2026, 11, 22, 23)),
        ("weekly", {"weekday": 4}, datetime(2026, 11, 19, 23)),
        ("twice_monthly", {"days": (15, 31), "hour": 24.0}, datetime(2026, 11, 15, 23)),
        ("monthly", {"days": (31,), "hour": 24.0}, datetime(2026, 10, 31, 23)),
        ("monthly", {"days": (23,), "hour": 12.5}, datetime(2026, 11, 23, 11, 30)),
    ],
)
def test_last_cutoff(frequency, options, expected):
    assert last_cutoff(MONDAY, "Europe/Berlin", frequency, **options) == expected


def test_cutoff_is_wall_time_on_both_sides_of_a_clock_change():
    summer = last_cutoff(datetime(2026, 10, 24, 20), "Europe/Berlin", "daily", hour=18.0)
    winter = last_cutoff(datetime(2026, 10, 26, 20), "Europe/Berlin", "daily", hour=18.0)
    assert (summer.hour, winter.hour) == (16, 17)


def test_last_day_of_february():
    assert last_cutoff(datetime(2027, 3, 5), "UTC", "monthly", days=(31,)) == datetime(2027, 2, 28)


def drop(key, shipped, accepted=None, invoiced=0):
    accepted = shipped if accepted is None else accepted
    return Drop(key, datetime(2026, 11, key), Decimal(shipped), Decimal(accepted), Decimal(invoiced))


def quantities(unlinked, *drops):
    return {item.key: int(quantity) for item, quantity in allocate(Decimal(unlinked), drops)}


@pytest.mark.parametrize(
    ("unlinked", "drops", "expected"),
    [
        (0, [drop(1, 5), drop(2, 3)], {1: 5, 2: 3}),
        (0, [drop(1, 5, invoiced=5), drop(2, 3)], {2: 3}),
        (0, [drop(1, 5, accepted=3)], {1: 3}),
        (0, [drop(1, 5, accepted=3, invoiced=5)], {1: -2}),
        (0, [drop(1, 5, invoiced=5), drop(2, 3, invoiced=3)], {}),
        (6, [drop(1, 5), drop(2, 3)], {2: 2}),
        (5, [drop(1, 5, accepted=3), drop(2, 3)], {1: -2, 2: 3}),
        (8, [drop(2, 3), drop(1, 5)], {}),
    ],
)
def test_allocate(unlinked, drops, expected):
    assert quantities(unlinked, *drops) == expected


def test_credited_without_naming_a_drop_goes_to_the_drop_that_was_charged_too_much():
    drops = [drop(1, shipped=10, accepted=7, invoiced=10), drop(2, shipped=5, accepted=5)]
    found = [(item.key, quantity) for item, quantity in allocate(Decimal(-3), drops)]
    assert found == [(2, Decimal(5))]


def test_what_rounding_leaves_goes_to_the_next_drop():
    third = Decimal(1) / 3
    drops = [Drop(day, datetime(2026, 11, day), third, third, Decimal(0)) for day in (1, 2, 3)]
    step = Decimal("0.01")
    charged = [quantity for _drop, quantity in allocate(Decimal(0), drops, step)]
    assert charged == [Decimal("0.33"), Decimal("0.34"), Decimal("0.33")]
    settled = [replace(drop, invoiced=quantity) for drop, quantity in zip(drops, charged, strict=True)]
    assert allocate(Decimal(0), settled, step) == []


def test_a_drop_completes_kits_with_parts_that_went_before():
    shipments = [{"frame": Decimal(3)}, {"wheel": Decimal(5)}, {"frame": Decimal(1), "wheel": Decimal(3)}]
    assert completed_kits(shipments, {"frame": Decimal(1), "wheel": Decimal(2)}) == [0, 2, 2]
    assert completed_kits(shipments, {}) == [0, 0, 0]


def test_charged_are_the_newest_drops_as_far_as_they_are_free():
    assert newest_first(Decimal(4), [Decimal(3), Decimal(2)]) == [2, 2]
    assert newest_first(Decimal(2), [Decimal(3), Decimal(2)]) == [0, 2]
    assert newest_first(Decimal(6), [Decimal(3), Decimal(2)]) == [3, 3]
