import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from of_tools.ledger import (
    ALL_STAGES,
    Event,
    exact,
    fold,
    kit_events,
    lines_at_least,
    paid_quantity,
    quantize,
    status_word,
)

START = datetime(2026, 11, 23, 8)
KINDS = [*ALL_STAGES[1:], "refused", "refused_back", "ordered"]


def happened(*pairs):
    return [
        Event(kind, Decimal(quantity), START + timedelta(minutes=number))
        for number, (kind, quantity) in enumerate(pairs)
    ]


def standing(*pairs):
    return {stage: int(quantity) for stage, quantity in fold(happened(*pairs)).standing.items() if quantity}


def random_events(rng):
    """A mess on purpose: any kind, any order, taken back, thirds and floats, more shipped than ordered."""
    choices = [
        Decimal(1),
        Decimal("0.333333"),
        Decimal("2.5"),
        0.1 + 0.2,
        Decimal(7),
        Decimal(-1),
        Decimal("-0.1"),
    ]
    events = [Event("ordered", Decimal(rng.randint(0, 20)), START)]
    for _event in range(rng.randint(0, 25)):
        time = START + timedelta(minutes=rng.randint(-60, 600))
        events.append(Event(rng.choice(KINDS), rng.choice(choices), time, rng.choice(["", "OUT/1", "OUT/2"])))
    return events


def test_ten_thousand_random_sequences_sum_exactly():
    rng = random.Random(5)
    for _sequence in range(10_000):
        events = random_events(rng)
        ledger = fold(events)
        assert sum(ledger.standing.values()) == ledger.ordered, events
        assert all(quantity >= 0 for quantity in ledger.standing.values()), events
        assert set(ledger.standing) == set(ALL_STAGES)
        rng.shuffle(events)
        assert fold(events).standing == ledger.standing


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("ordered", 10)], {"entered": 10}),
        ([("ordered", 10), ("released", 10)], {"released": 10}),
        ([("ordered", 10), ("released", 10), ("picked", 6)], {"released": 4, "picked": 6}),
        ([("ordered", 10), ("released", 10), ("shipped", 6)], {"released": 4, "shipped": 6}),
        # a backorder that is cancelled
        (
            [("ordered", 10), ("released", 6), ("shipped", 6), ("cancelled", 4)],
            {"shipped": 6, "cancelled": 4},
        ),
        # a return, and its replacement
        ([("ordered", 10), ("shipped", 10), ("returned", 3)], {"shipped": 7, "returned": 3}),
        ([("ordered", 10), ("shipped", 13), ("returned", 3)], {"shipped": 10}),
        # a return larger than the delivery
        (
            [("ordered", 10), ("released", 10), ("shipped", 5), ("returned", 50)],
            {"released": 5, "returned": 5},
        ),
        # paid in advance: the goods have not moved
        ([("ordered", 10), ("released", 10), ("invoiced", 10), ("paid", 10)], {"released": 10}),
        # invoiced on shipment, proof never came
        ([("ordered", 10), ("shipped", 10), ("invoiced", 10)], {"invoiced": 10}),
        # refused at the door, then back
        (
            [("ordered", 10), ("shipped", 10), ("delivered", 8), ("refused", 2)],
            {"shipped": 2, "delivered": 8},
        ),
        (
            [
                ("ordered", 10),
                ("shipped", 10),
                ("delivered", 8),
                ("proven", 8),
                ("refused", 2),
                ("returned", 2),
                ("refused_back", 2),
            ],
            {"proven": 8, "returned": 2},
        ),
        # one of the accepted is back, the refused are still on their way
        (
            [
                ("ordered", 10),
                ("shipped", 10),
                ("delivered", 8),
                ("proven", 8),
                ("refused", 2),
                ("returned", 1),
            ],
            {"shipped": 2, "proven": 7, "returned": 1},
        ),
        # changed quantities, up and down
        ([("ordered", 10), ("ordered", 12), ("released", 10)], {"entered": 2, "released": 10}),
        ([("ordered", 10), ("shipped", 10), ("ordered", 8)], {"shipped": 8}),
        # cancelled after shipping
        ([("ordered", 10), ("shipped", 10), ("cancelled", 10)], {"shipped": 10}),
    ],
)
def test_each_unit_stands_where_it_got_furthest(events, expected):
    assert standing(*events) == expected


def test_more_than_ordered_is_surplus():
    ledger = fold(happened(("ordered", 10), ("shipped", 12)))
    assert ledger.surplus == 2
    assert ledger.reached["shipped"] == 12


def test_time_and_documents_of_a_stage():
    later = START + timedelta(hours=1)
    ledger = fold(
        [
            Event("ordered", Decimal(5), START, "S1"),
            Event("shipped", Decimal(2), later, "OUT/2"),
            Event("shipped", Decimal(3), START, "OUT/1"),
        ]
    )
    assert ledger.marks["shipped"] == (later, ("OUT/1", "OUT/2"))
    assert ledger.marks["entered"] == (START, ("S1",))


def test_a_kit_is_shipped_when_all_its_components_are():
    frame = happened(("released", 4), ("shipped", 4))
    wheels = happened(("released", 8), ("shipped", 5))
    kits = {event.kind: event.quantity for event in kit_events({"f": frame, "w": wheels}, {"f": 1, "w": 2})}
    assert kits == {"released": 4, "shipped": 2}


def test_one_returned_component_breaks_a_kit():
    frame = happened(("shipped", 4))
    wheels = happened(("shipped", 8), ("returned", 1))
    kits = {event.kind: event.quantity for event in kit_events({"f": frame, "w": wheels}, {"f": 1, "w": 2})}
    assert kits == {"shipped": 4, "returned": 1}


def test_one_refused_component_breaks_a_kit():
    frame = happened(("shipped", 4), ("delivered", 4))
    wheels = happened(("shipped", 8), ("delivered", 7), ("refused", 1))
    kits = {event.kind: event.quantity for event in kit_events({"f": frame, "w": wheels}, {"f": 1, "w": 2})}
    assert kits == {"shipped": 4, "delivered": 3, "refused": 1}


def test_a_component_that_never_moved_holds_back_every_kit():
    assert kit_events({"f": happened(("shipped", 4))}, {"f": 1, "bell": 1}) == []


@pytest.mark.parametrize(
    ("residual", "expected"), [("0", "3"), ("30", "0"), ("15", "1"), ("20", "1"), ("21", "0"), ("40", "0")]
)
def test_paid_quantity_in_whole_pieces(residual, expected):
    assert paid_quantity(Decimal(3), Decimal(30), Decimal(residual), Decimal(1)) == Decimal(expected)


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ([], "entered"),
        ([[("ordered", 5)]], "entered"),
        ([[("ordered", 5), ("released", 5)], [("ordered", 5), ("picked", 5)]], "part_picked"),
        ([[("ordered", 5), ("released", 5)], [("ordered", 5), ("shipped", 5)]], "part_shipped"),
        (
            [
                [("ordered", 5), ("shipped", 5)],
                [("ordered", 5), ("shipped", 5), ("paid", 5), ("invoiced", 5)],
            ],
            "shipped",
        ),
        ([[("ordered", 5), ("shipped", 5)], [("ordered", 5), ("cancelled", 5)]], "shipped"),
        ([[("ordered", 5), ("cancelled", 5)]], "cancelled"),
        ([[("ordered", 5), ("shipped", 5), ("returned", 5)]], "returned"),
    ],
)
def test_status_in_one_word(lines, word):
    assert status_word(fold(happened(*line)) for line in lines) == word


def test_lines_at_least():
    lines = [
        [("ordered", 5), ("shipped", 5)],
        [("ordered", 5), ("shipped", 3), ("released", 5)],
        [("ordered", 5), ("cancelled", 5)],
        [("ordered", 5), ("shipped", 3), ("cancelled", 2)],
    ]
    assert lines_at_least([fold(happened(*line)) for line in lines], "shipped") == 2


def test_an_absurd_quantity_does_not_break_the_ledger():
    assert quantize(1e300) == exact(1e300)
