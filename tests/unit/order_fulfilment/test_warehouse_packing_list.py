import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from of_tools.cartonize import CartonType, Placement, cartonize
from of_tools.warehouse.carton_picture import MOST_PIECES, carton_picture
from of_tools.warehouse.packing_list import (
    MAX_PIECES,
    Goods,
    Piece,
    count_off,
    packing_list,
    refused_lines,
)
from packing_verifier import violations

LOOSE = Piece(1, (40, 40, 40), 0.2)
BOX = Piece(6, (130, 90, 50), 1.3)
CARTON = CartonType("C", (300, 200, 100), 10, 0.2)


def test_boxes_first_then_loose_pieces():
    listed = packing_list([Goods("line", "chain", 14, LOOSE, BOX)])
    assert {item.key: item.quantity for item in listed.items} == {("chain", 6): 2, ("chain", 1): 2}
    assert listed.problems == ()


def test_a_box_without_size_is_opened():
    listed = packing_list([Goods("line", "chain", 14, LOOSE, Piece(6, (0, 0, 0), 0))])
    assert {item.key: item.quantity for item in listed.items} == {("chain", 1): 14}


def test_a_begun_unit_takes_the_room_of_a_whole_one():
    listed = packing_list([Goods("line", "rope", 2.5, LOOSE)])
    assert listed.waiting[("rope", 1)] == [("line", 1), ("line", 1), ("line", 0.5)]


def test_lines_of_one_product_are_packed_as_one_and_counted_off_in_order():
    listed = packing_list([Goods("first", "chain", 3, LOOSE), Goods("second", "chain", 2, LOOSE)])
    cartons = cartonize(listed.items, [CartonType("tiny", (40, 80, 80), 10)]).cartons
    assert count_off(cartons, listed.waiting) == [{"first": 3, "second": 1}, {"second": 1}]


@pytest.mark.parametrize(
    ("goods", "problem"),
    [
        (Goods("x", "p", 1, Piece(1, (0, 40, 40), 1)), "unmeasured"),
        (Goods("x", "p", 1, Piece(1, (40, 40, 40), 0)), "no_weight"),
        (Goods("x", "p", MAX_PIECES + 1, LOOSE), "pieces"),
    ],
)
def test_what_is_wrong_is_said_of_the_line(goods, problem):
    assert packing_list([goods]).problems == (("x", problem),)


def test_a_product_larger_than_every_carton_is_said_of_its_lines_once():
    listed = packing_list([Goods("a", "p", 3, Piece(1, (900, 90, 90), 1)), Goods("b", "q", 1, LOOSE)])
    proposal = cartonize(listed.items, [CARTON])
    assert refused_lines(proposal.refused, listed.waiting) == [("a", "size")]
    assert count_off(proposal.cartons, listed.waiting) == [{"b": 1}]


GOODS = st.builds(
    lambda quantity, sides, weight, boxed, upright, fragile: (
        quantity,
        sides,
        weight,
        boxed,
        upright,
        fragile,
    ),
    st.integers(1, 30),
    st.tuples(*[st.integers(10, 190)] * 3),
    st.floats(0.01, 3),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(GOODS, min_size=1, max_size=5))
def test_every_unit_of_every_line_is_in_a_carton_or_named(rows):
    lines = [
        Goods(number, number % 3, quantity, Piece(1, sides, weight), BOX if boxed else None, upright, fragile)
        for number, (quantity, sides, weight, boxed, upright, fragile) in enumerate(rows)
    ]
    lines = [goods for goods in lines if goods.product == goods.line]  # a product has one size
    listed = packing_list(lines)
    proposal = cartonize(listed.items, [CARTON, CartonType("L", (400, 400, 200), 30)], seconds=0.02)
    refused = {key for key, _reason in proposal.refused}
    assert violations(proposal.cartons, [item for item in listed.items if item.key not in refused]) == []
    counted = {}
    for share in count_off(proposal.cartons, listed.waiting):
        for line, quantity in share.items():
            counted[line] = counted.get(line, 0) + quantity
    named = {line for line, _reason in refused_lines(proposal.refused, listed.waiting)}
    assert all(counted.get(goods.line, 0) == goods.quantity for goods in lines if goods.line not in named)


def boxes_of(placements):
    return [(place.key, place.position, place.size) for place in placements]


def test_picture_draws_every_piece_that_can_be_seen():
    placements = [Placement("a", (0, 0, 0), (100, 100, 50)), Placement("b", (0, 0, 50), (100, 100, 50))]
    svg = ET.fromstring(carton_picture((300, 200, 100), boxes_of(placements), {"a": 0, "b": 1}))
    filled = [shape for shape in svg if shape.get("stroke") == "#212529"]
    assert len(filled) == 6  # three faces each


def test_the_piece_in_front_is_drawn_last():
    placements = [Placement("front", (100, 0, 0), (50, 50, 50)), Placement("back", (0, 0, 0), (50, 50, 50))]
    svg = carton_picture((300, 200, 100), boxes_of(placements), {"front": 0, "back": 1})
    assert svg.rindex("#f28e2b") < svg.index("#4e79a7")


def test_thousands_of_pieces_stay_drawable():
    grid = [
        ("a", (x, y, z), (10, 10, 10)) for x in range(0, 600, 10) for y in range(0, 400, 10) for z in (0, 10)
    ]
    svg = carton_picture((600, 400, 400), grid, {"a": 0})
    assert svg.count("<polygon") < 6 * MOST_PIECES
