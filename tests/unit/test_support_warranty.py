import random
from datetime import date, timedelta

import pytest
from of_tools.support.conservation import Balance, exceeded
from of_tools.support.return_rules import Source, allocate, goods_go_to, is_allowed, is_taken_back
from of_tools.support.warranty import (
    Claim,
    Extension,
    Facts,
    Policy,
    Scope,
    add_months,
    pick,
    verdict,
)

DELIVERED = Facts(delivered_on=date(2024, 1, 31), delivery="OUT/1")
TWO_YEARS = Policy("Two years", 24)


def oracle_until(day, months):
    """Walk the calendar: the same number in the last month, else its last day."""
    year, month = day.year, day.month
    for _step in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def test_months_equal_a_walk_through_the_calendar():
    chance = random.Random(8)
    for _case in range(20_000):
        day = date(1990, 1, 1) + timedelta(days=chance.randrange(25_000))
        months = chance.randrange(0, 240)
        assert add_months(day, months) == oracle_until(day, months)


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
    ],
)
def test_ends_of_months(day, months, until):
    assert add_months(day, months) == until


def test_the_last_day_is_covered_and_the_next_is_not():
    assert verdict(TWO_YEARS, DELIVERED, Claim(date(2026, 1, 31))).state == "covered"
    late = verdict(TWO_YEARS, DELIVERED, Claim(date(2026, 2, 1)))
    assert (late.state, late.code, late.until) == ("not_covered", "expired", date(2026, 1, 31))


def test_an_extension_loses_no_days():
    facts = Facts(date(2024, 1, 31), extensions=(Extension("Care", 1),))
    found = verdict(Policy("One", 1), facts, Claim(date(2024, 3, 31)))
    assert (found.state, found.until) == ("covered", date(2024, 3, 31))


def test_a_shared_extension_has_to_be_found_out():
    facts = Facts(date(2024, 1, 31), extensions=(Extension("Care", 12, certain=False),))
    one = Policy("One year", 12)
    assert verdict(one, facts, Claim(date(2024, 6, 1))).state == "covered"
    assert verdict(one, facts, Claim(date(2025, 6, 1))).code == "extension_shared"
    assert verdict(one, facts, Claim(date(2026, 6, 1))).code == "expired"


@pytest.mark.parametrize(
    ("counter", "cause", "state", "code"),
    [
        (None, None, "conditional", "counter_missing"),
        (5000, None, "conditional", "cause_missing"),
        (5000, 1, "covered", "covered"),
        (5000.1, 1, "not_covered", "over_counter"),
        (5000, 2, "not_covered", "cause_not_covered"),
        (None, 9, "not_covered", "excluded"),
    ],
)
def test_counter_and_causes(counter, cause, state, code):
    policy = Policy("P", 24, 5000, "km", frozenset({1}), frozenset({9}))
    found = verdict(policy, DELIVERED, Claim(date(2024, 6, 1), counter, cause))
    assert (found.state, found.code) == (state, code)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Facts(), "never_delivered"),
        (Facts(foreign=True), "foreign"),
        (Facts(date(2024, 1, 1), returned_on=date(2024, 2, 1)), "returned"),
    ],
)
def test_what_was_not_sold_to_them(facts, code):
    assert verdict(TWO_YEARS, facts, Claim(date(2024, 3, 1))).code == code


def test_without_policy_and_without_warranty():
    assert verdict(None, DELIVERED, Claim(date(2024, 3, 1))).code == "no_policy"
    assert verdict(Policy("None", 0), DELIVERED, Claim(date(2024, 3, 1))).code == "no_warranty"


def test_the_most_specific_policy():
    scopes = [
        Scope(1),
        Scope(2, category=10),
        Scope(3, category=20),
        Scope(4, product=5),
        Scope(5, customer=7),
        Scope(6, category=20, customer=7),
    ]
    assert pick(scopes, 5, (20, 10), 7) == 4
    assert pick(scopes, 6, (20, 10), 7) == 6
    assert pick(scopes, 6, (20, 10), 8) == 3
    assert pick(scopes, 6, (10,), 8) == 2
    assert pick(scopes, 6, (), 7) == 5
    assert pick(scopes, 6, (), 8) == 1
    assert pick([Scope(2, category=10)], 6, (), 8) is None


def test_nothing_comes_back_that_did_not_go_out():
    assert exceeded([Balance(1, 5, 5), Balance(2, 5, 2, 1)]) == []
    assert exceeded([Balance(1, 0.1 + 0.2, 0.3)]) == []
    assert [item.key for item in exceeded([Balance(1, 5, 5.1), Balance(2, 0, 1, 1)])] == [1]


def test_quantities_are_taken_in_order_and_what_is_missing_is_said():
    sources = [Source(1, 3), Source(2, 0), Source(3, 4)]
    assert allocate(5, sources) == ([(1, 3), (3, 2)], 0.0)
    assert allocate(9, sources) == ([(1, 3), (3, 4)], 2)


def test_what_a_disposition_means():
    assert goods_go_to("replace", None) == "scrap"
    assert goods_go_to("credit", "scrap") == "scrap"
    assert goods_go_to("repair", "scrap") == "repair"
    assert [name for name in ("restock", "repair", "scrap", "replace", "credit") if is_taken_back(name)] == [
        "restock",
        "credit",
    ]
    assert is_allowed("draft", "confirmed") and not is_allowed("draft", "done")
