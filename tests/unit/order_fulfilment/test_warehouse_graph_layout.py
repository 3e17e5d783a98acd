"""A zone of any shape as the other rules see it."""

import pytest
from of_tools.batching import Cart, Order, plan_batches
from of_tools.pick_route import Graph, NodeStop, leg_length, route, tour_length
from of_tools.warehouse.graph_plan import graph_plan
from of_tools.warehouse.graph_ways import GraphError

SQUARE = {"A": (0, 0), "B": (10, 0), "C": (10, 10), "D": (0, 10)}
RING = Graph(SQUARE, (("A", "B", 10), ("B", "C", 10), ("C", "D", 10), ("D", "A", 10)), ("A",))


def test_one_way_ring_is_walked_round():
    found = route(RING, [NodeStop("D"), NodeStop("B")])
    assert (found.order, found.length) == ((1, 0), 40)
    assert found.path == (*SQUARE.values(), SQUARE["A"])
    assert leg_length(RING, "B", "A") == 30


def test_no_stops_no_walk():
    assert route(RING, []).length == 0
    assert tour_length(RING, []) == 0


def test_a_quick_length_is_never_below_the_shortest():
    stops = [NodeStop(name) for name in "DCB"]
    assert tour_length(RING, stops) >= route(RING, stops).length


def test_batches_on_a_graph():
    orders = [Order(name, (NodeStop(name),), units=1) for name in "BCD"]
    plan = plan_batches(orders, RING, Cart(3))
    assert (len(plan.batches), plan.length) == (1, 40)


def test_a_layout_that_is_none():
    with pytest.raises(GraphError, match="walk begins"):
        Graph(SQUARE, (), ())
    with pytest.raises(GraphError, match="not there: X"):
        Graph(SQUARE, (("A", "X", 1),), ("A",))
    with pytest.raises(GraphError, match="C"):
        route(Graph(SQUARE, (("A", "B", 1),), ("A",)), [NodeStop("C")])


def test_names_are_text_in_the_picture():
    assert "<b>" not in graph_plan(Graph({"<b>": (0, 0)}, (), ("<b>",)))
