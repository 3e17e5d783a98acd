import random

import pytest
from of_tools.service_figures import HOUR, Lines, figures, lead_time, window_seconds

NOW = 1_000_000.0


def count(latest, delivered, orders=None, **options):
    columns = {name: options.pop(name) for name in ("earliest", "in_full") if name in options}
    return figures(Lines(orders or list(range(len(latest))), latest, delivered, **columns), NOW, **options)


def test_on_time_late_and_open():
    found = count([100, 100, 100, NOW + 5, None], [90, 101, None, None, 50])
    assert (found.counted, found.on_time, found.late, found.otif) == (3, 1, 2, 1)


def test_tolerances():
    assert count([100], [100 + HOUR]).late == 1
    assert count([100], [100 + HOUR], late=HOUR).late == 0
    assert count([100], [10], earliest=[50]).early == 1
    assert count([100], [10], earliest=[50], early=40).early == 0


def test_open_line_counts_from_the_moment_it_is_overdue():
    assert count([NOW], [None]).counted == 0
    assert count([NOW - 1], [None]).late == 1
    assert count([NOW - 1], [None], late=1).counted == 0


def test_order_holds_only_if_all_its_lines_do():
    found = count([100, 100, 100], [90, 110, 90], orders=["a", "a", "b"])
    assert (found.orders, found.orders_otif, found.order_otif_rate) == (2, 1, 0.5)
    assert found.otif_rate == pytest.approx(2 / 3)


def test_product_of_rates_is_another_figure():
    found = count([100] * 4, [90, 90, 110, 110], in_full=[True, False, True, False])
    assert (found.otif_rate, found.on_time_rate, found.in_full_rate) == (0.25, 0.5, 0.5)
    assert found.product_of_rates == 0.25
    same = count([100] * 2, [90, 110], in_full=[True, False])
    assert (same.otif_rate, same.product_of_rates) == (0.5, 0.25)


def test_nothing_counted_has_no_rate():
    assert count([], []).otif_rate is None


def test_lead_time():
    assert lead_time([0, 0, 0], [86400, 3 * 86400, None]) == (2.0, 1.0)


def test_a_date_is_the_local_day():
    start, end = window_seconds("2026-03-29", "Europe/Berlin")
    assert end - start + 1 == 23 * HOUR
    assert window_seconds("2026-11-24T10:00:00", "Europe/Berlin") == (1795514400.0, 1795514400.0)


def test_equal_to_a_slow_count_on_random_lines():
    rng = random.Random(3)
    rows = [
        (
            rng.randint(0, 300),
            rng.choice([None, rng.uniform(0, 2e6)]),
            rng.choice([None, rng.uniform(0, 2e6)]),
        )
        for _row in range(2000)
    ]
    found = count([row[1] for row in rows], [row[2] for row in rows], orders=[row[0] for row in rows])
    counted = [row for row in rows if row[1] is not None and (row[2] is not None or row[1] < NOW)]
    good = [row for row in counted if row[2] is not None and row[2] <= row[1]]
    bad_orders = {row[0] for row in counted if row not in good}
    assert (found.counted, found.otif) == (len(counted), len(good))
    assert found.orders_otif == len({row[0] for row in counted} - bad_orders)
