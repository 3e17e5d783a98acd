"""Oracle: Held and Karp's program over all subsets of at most seven stops."""

import itertools
import random

import pytest
from of_tools.pick_route import Layout, LayoutError, Stop, leg_length, order_length, route, tour_length
from of_tools.warehouse import route_states
from of_tools.warehouse.graph_route import GraphError, graph_route

TWO_AISLES = Layout((0, 5), (0, 20), (0, 0))


def shortest(layout, stops):
    places = [layout.depot, *((layout.aisles[stop.aisle], stop.y) for stop in stops)]
    legs = [[leg_length(layout, one, other) for other in places] for one in places]
    costs = {(1, 0): 0.0}
    for seen in range(1, 1 << len(places), 2):
        for at in range(len(places)):
            for to in range(1, len(places)):
                if (seen, at) in costs and not seen >> to & 1:
                    key, cost = (seen | 1 << to, to), costs[seen, at] + legs[at][to]
                    costs[key] = min(cost, costs.get(key, cost))
    everything = (1 << len(places)) - 1
    return min(cost + legs[at][0] for (seen, at), cost in costs.items() if seen == everything)


def random_case(seed):
    dice = random.Random(seed)
    crossings = sorted(dice.sample(range(25), dice.choice([2, 2, 3, 3, 4])))
    aisles = sorted(dice.sample(range(30), dice.randint(1, 6)))
    inside = dice.randint(crossings[0], crossings[-1])
    depots = [
        (dice.choice(aisles), dice.choice(crossings)),
        (dice.randint(-3, 33), dice.choice(crossings)),
        (dice.choice(aisles), inside),
    ]
    layout = Layout(tuple(aisles), tuple(crossings), dice.choice(depots))
    count = dice.randint(1, 6)
    return layout, [
        Stop(dice.randrange(len(aisles)), dice.randint(crossings[0], crossings[-1])) for _stop in range(count)
    ]


@pytest.mark.parametrize("seed", range(150))
def test_as_short_as_brute_force_whatever_the_zone(seed):
    layout, stops = random_case(seed)
    found = route(layout, stops)
    assert found.length == pytest.approx(shortest(layout, stops))
    assert tour_length(layout, stops) == pytest.approx(found.length)


@pytest.mark.parametrize("seed", range(150, 200))
def test_path_is_the_way_that_was_measured(seed):
    layout, stops = random_case(seed)
    found = route(layout, stops)
    steps = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in itertools.pairwise(found.path)]
    assert sum(steps) == pytest.approx(found.length)
    assert sorted(found.order) == list(range(len(stops)))
    assert found.path[0] == found.path[-1] == layout.depot
    assert order_length(layout, [stops[index] for index in found.order]) <= found.length + 1e-9


def test_no_stops_is_no_walk():
    assert route(TWO_AISLES, []).length == 0


def test_stops_at_one_place_stay_together():
    stops = [Stop(1, 7), Stop(0, 3), Stop(1, 7)]
    order = route(TWO_AISLES, stops).order
    assert abs(order.index(0) - order.index(2)) == 1


def test_depot_beside_the_zone_adds_the_way_in_and_out():
    beside = Layout((0, 5), (0, 20), (0, -4))
    assert (
        route(beside, [Stop(0, 3), Stop(1, 2)]).length
        == route(TWO_AISLES, [Stop(0, 3), Stop(1, 2)]).length + 8
    )


def test_states_are_those_of_the_literature():
    assert len(route_states.tables(2).walk) == 7  # Ratliff and Rosenthal 1983
    assert len(route_states.tables(3).walk) == 25  # Roodbergen and de Koster 2001


@pytest.mark.parametrize(
    ("stop", "message"),
    [(Stop(2, 5), "There is no aisle 2: the zone has 2."), (Stop(0, 21), "outside the aisle")],
)
def test_a_place_outside_the_zone_is_refused(stop, message):
    with pytest.raises(LayoutError, match=message):
        route(TWO_AISLES, [stop])


def test_a_zone_needs_two_cross_aisles():
    with pytest.raises(LayoutError, match="two cross-aisles"):
        Layout((0, 5), (0,), (0, 0))


@pytest.mark.parametrize("seed", range(200, 212))
def test_library_finds_the_same_length_on_a_two_way_zone(seed):
    layout, stops = random_case(seed)
    by_library = Layout(layout.aisles, layout.cross_aisles, layout.depot, ends=(layout.depot,))
    assert route(by_library, stops).length == pytest.approx(route(layout, stops).length)


def test_one_way_aisles_are_walked_in_their_direction():
    layout = Layout((0, 5), (0, 20), (0, 0), one_way={0: 1, 1: -1})
    assert route(layout, [Stop(0, 3)]).length == 50  # up the first aisle, back down the second


def test_tour_ends_at_the_nearest_of_several_depots():
    layout = Layout((0, 5, 10), (0, 20), (0, 0), ends=((0, 0), (10, 20)))
    found = route(layout, [Stop(0, 3), Stop(2, 19)])
    assert found.path[-1] == (10, 20)
    assert found.length == 32


def test_a_place_that_cannot_be_left_is_refused():
    with pytest.raises(GraphError, match="no way leads to where the tour ends"):
        graph_route([("dock", "shelf", 3)], ["dock"], ["dock"], ["shelf"])


def test_any_graph_is_walked():
    ring = [("dock", "a", 2), ("a", "b", 2), ("b", "dock", 2)]  # one-way round trip
    assert graph_route(ring, ["dock"], ["dock"], ["b", "a"]) == ((1, 0), 6, ("dock", "a", "b", "dock"))
