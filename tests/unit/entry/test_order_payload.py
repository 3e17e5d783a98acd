from datetime import datetime

import pytest
from of_tools.entry.order_payload import digest, parse_moment, shape_errors

GOOD = {
    "customer": "C1",
    "lines": [{"product": "P1", "quantity": 2, "options": {"Colour": "Red"}}],
    "confirm": True,
}


def test_good_payload():
    assert shape_errors(GOOD) == []


def test_every_mistake_is_named_at_once():
    payload = {
        "reference": 7,
        "colour": "red",
        "requested_window": {"from": "2026-01-02 10:00:00", "to": "2026-01-02 09:00:00"},
        "lines": [{"product": "P1", "quantity": 0}, {"quantity": "two"}, 5],
    }
    found = {(error.code, error.path) for error in shape_errors(payload)}
    assert found == {
        ("OF-SUB-002", "customer"),
        ("OF-SUB-004", "reference"),
        ("OF-SUB-003", "colour"),
        ("OF-SUB-004", "requested_window"),
        ("OF-SUB-005", "lines[0].quantity"),
        ("OF-SUB-002", "lines[1].product"),
        ("OF-SUB-004", "lines[1].quantity"),
        ("OF-SUB-001", "lines[2]"),
    }


@pytest.mark.parametrize("payload", [None, [], "x", 5])
def test_not_an_object(payload):
    assert [error.code for error in shape_errors(payload)] == ["OF-SUB-001"]


@pytest.mark.parametrize("quantity", [float("nan"), float("inf"), 1e300, 10**13, True, "1"])
def test_odd_quantities(quantity):
    payload = {"customer": "C", "lines": [{"product": "P", "quantity": quantity}]}
    assert [error.path for error in shape_errors(payload)] == ["lines[0].quantity"]


def test_control_characters():
    assert [error.path for error in shape_errors({**GOOD, "reference": "A\x00B"})] == ["reference"]


def test_digest_ignores_the_order_of_keys():
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", datetime(2026, 1, 31, 12)),
        ("2026-01-31 10:00:00", datetime(2026, 1, 31, 10)),
        ("2026-01-31T10:00:00+02:00", datetime(2026, 1, 31, 8)),
        ("31.01.2026", None),
        ("0001-01-01T00:00:00+14:00", None),
        (5, None),
    ],
)
def test_parse_moment(text, moment):
    assert parse_moment(text) == moment
