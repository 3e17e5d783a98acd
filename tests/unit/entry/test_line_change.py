from dataclasses import replace

import pytest
from of_tools.entry.line_change import NEW, LineState, aspect_of, aspects

LINE = LineState(order_id=1, product_id=7, unit_id=3, quantity=10, price=20.0, discount=5.0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, set()),
        ({"quantity": 9}, set()),
        ({"quantity": 0}, set()),
        ({"quantity": -2}, set()),
        ({"discount": 4.0}, {"customer"}),
        ({"quantity": 11}, {"product", "quantity", "customer"}),
        ({"price": 19.0}, {"price"}),
        ({"price": 21.0}, {"price", "customer"}),
        ({"discount": 6.0}, {"price"}),
        ({"discount": -500.0}, {"price", "customer"}),
        ({"quantity": 9, "discount": 6.0}, {"price"}),
        ({"product_id": 8}, NEW),
        ({"unit_id": 4, "quantity": 1}, NEW),
        ({"order_id": 2}, NEW),
        ({"product_id": 8, "quantity": 0}, set()),
    ],
)
def test_only_what_is_asked_anew_is_judged(change, expected):
    assert aspects(LINE, replace(LINE, **change)) == expected


def test_new_line_is_judged_whole_unless_it_asks_for_nothing():
    assert aspects(None, LINE) == NEW
    assert aspects(None, replace(LINE, quantity=-1)) == NEW
    assert aspects(None, replace(LINE, quantity=0)) == set()


def test_checks_judge_the_aspect_of_their_topic_or_their_own():
    assert aspect_of("price_zero", "price") == "price"
    assert aspect_of("weight_missing", "address") == "product"
    assert aspect_of("credit_limit", "customer") == "customer"
    assert aspect_of("date_past", "date") == ""
