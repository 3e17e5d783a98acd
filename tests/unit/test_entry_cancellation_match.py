"""A cancellation refers to the order it takes back."""

from datetime import datetime
from decimal import Decimal

from of_tools.entry.cancellation_match import Candidate, Wanted, match

MONDAY, TUESDAY, FRIDAY = (datetime(2026, 11, day) for day in (23, 24, 27))


def candidate(line, quantity, date=MONDAY, customer="1", price="2.95"):
    amount = Decimal(quantity)
    return Candidate(line, customer, "X", Decimal(price), amount, amount, date)


def wanted(quantity, line="c", date=FRIDAY):
    return Wanted(line, "1", "X", Decimal("2.95"), Decimal(quantity), date)


def chosen(wanted_lines, candidates):
    pairs, unmatched = match(wanted_lines, candidates)
    return [pair[1].line for pair in pairs], [line.line for line in unmatched]


def test_the_same_quantity_goes_before_a_later_order():
    assert chosen([wanted(6)], [candidate("same", 6), candidate("later", 12, TUESDAY)]) == (["same"], [])


def test_the_latest_order_with_enough_left_is_taken():
    assert chosen([wanted(2)], [candidate("old", 6), candidate("new", 12, TUESDAY)]) == (["new"], [])


def test_nothing_is_cancelled_twice():
    lines = [wanted(6, "first"), wanted(6, "second")]
    assert chosen(lines, [candidate("only", 6)]) == (["only"], ["second"])


def test_a_later_order_another_customer_or_price_do_not_fit():
    others = [
        candidate("later", 6, datetime(2026, 12, 1)),
        candidate("foreign", 6, customer="2"),
        candidate("dearer", 6, price="3"),
        candidate("smaller", 5),
    ]
    assert chosen([wanted(6)], others) == ([], ["c"])


def test_what_a_refused_cancellation_named_is_left_for_the_next():
    candidates = [candidate("only", 6)]
    chosen([wanted(6, "fits"), wanted(7, "does not")], candidates)
    assert chosen([wanted(6)], candidates) == (["only"], [])
