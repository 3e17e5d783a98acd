from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from of_tools.entry.quantity_rules import BAND, MINIMUM, MULTIPLE, QuantityRule, nearest, problems

RULE = QuantityRule(minimum=10, multiple=4, agreed=100, up=20, down=30)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (100, []), (120, []), (124, [BAND]), (72, []), (68, [BAND]), (8, [MINIMUM, BAND]), (98, [MULTIPLE]),
        (6, [MINIMUM, MULTIPLE, BAND]),
    ],
)  # fmt: skip
def test_problems(quantity, expected):
    assert problems(quantity, RULE) == expected


def test_period_counts_what_was_ordered_before():
    monthly = replace(RULE, is_per_order=False)
    assert problems(20, monthly, already=100) == []
    assert problems(24, monthly, already=100) == [BAND]
    assert problems(12, monthly) == []


def test_no_rule_no_problem():
    assert problems(0.001, QuantityRule()) == []


def test_decimal_multiple():
    assert problems(0.3, QuantityRule(multiple=0.1)) == []


@given(st.integers(1, 10_000), st.integers(0, 500), st.integers(0, 60))
def test_nearest_keeps_minimum_and_multiple(quantity, minimum, multiple):
    rule = QuantityRule(minimum=minimum, multiple=multiple)
    proposed = nearest(quantity, rule)
    assert proposed >= quantity
    assert problems(proposed, rule) == []
    assert proposed - max(quantity, minimum) < max(multiple, 1)
