"""The routing library against every order of the stops: graphs, one-way aisles, several depots."""

import itertools
import random

import pytest
from of_tools.pick_route import Layout, Stop, route
from of_tools.warehouse.graph_route import GraphError, graph_route

FAR = float("inf")


def all_distances(arcs):
    """Floyd and Warshall."""
    nodes = sorted({node for begin, end, _metres in arcs for node in (begin, end)}, key=str)
    metres = {(one, other): 0.0 if one == other else FAR for one in nodes for other in nodes}
    for begin, end, length in arcs:
        metres[begin, end] = min(metres[begin, end], length)
    for via, one, other in itertools.product(nodes, repeat=3):
        metres[one, other] = min(metres[one, other], metres[one, via] + metres[via, other])
    return metres


def brute_force(arcs, begins, ends, stops):
    metres = all_distances(arcs)
    tours = itertools.product(begins, itertools.permutations(set(stops)), ends)
    ways = ((begin, *order, end) for begin, order, end in tours)
    return min(sum(metres[step] for step in itertools.pairwise(way)) for way in ways)


def random_graph(seed):
    """A ring that keeps everything reachable, with one-way and two-way shortcuts."""
    dice = random.Random(seed)
    nodes = list(range(dice.randint(6, 12)))
    arcs = [(one, other, dice.randint(1, 9)) for one, other in zip(nodes, [*nodes[1:], 0], strict=True)]
    for _arc in range(dice.randint(3, 14)):
        one, other, length = *dice.sample(nodes, 2), dice.randint(1, 15)
        arcs += [(one, other, length)] + [(other, one, length)] * dice.randint(0, 1)
    begins, ends = dice.sample(nodes, dice.randint(1, 2)), dice.sample(nodes, dice.randint(1, 3))
    return arcs, begins, ends, [dice.choice(nodes) for _stop in range(dice.randint(1, 6))]


@pytest.mark.parametrize("seed", range(60))
def test_any_graph_with_several_depots_as_short_as_brute_force(seed):
    arcs, begins, ends, stops = random_graph(seed)
    order, length, walked = graph_route(arcs, begins, ends, stops)
    assert length == pytest.approx(brute_force(arcs, begins, ends, stops))
    assert sorted(order) == list(range(len(stops)))
    assert walked[0] in begins
    assert walked[-1] in ends
    steps = {(begin, end) for begin, end, _metres in arcs}
    assert all(step in steps for step in itertools.pairwise(walked))


def grid_arcs(layout, stops):
    """The zone as a graph, made independently of the code under test: every metre a node."""
    arcs = []
    low, high = int(layout.cross_aisles[0]), int(layout.cross_aisles[-1])
    for index, x in enumerate(layout.aisles):
        for y in range(low, high):
            way = layout.one_way.get(index, 0)
            arcs += [((x, y), (x, y + 1), 1)] * (way >= 0) + [((x, y + 1), (x, y), 1)] * (way <= 0)
    for y in layout.cross_aisles:
        for one, other in itertools.pairwise(layout.aisles):
            arcs += [((one, y), (other, y), other - one), ((other, y), (one, y), other - one)]
    return arcs


@pytest.mark.parametrize("seed", range(30))
def test_one_way_aisles_and_several_ends_as_short_as_brute_force(seed):
    dice = random.Random(seed)
    aisles = tuple(range(0, 3 * dice.randint(2, 4), 3))
    ways = {index: dice.choice((-1, 1)) for index in range(len(aisles)) if dice.random() < 0.6}
    corners = [(x, y) for x in aisles for y in (0, 8)]
    ends = tuple(dice.sample(corners, dice.randint(1, 2)))
    layout = Layout(aisles, (0, 8), dice.choice(corners), ends, ways)
    stops = [Stop(dice.randrange(len(aisles)), dice.randint(0, 8)) for _stop in range(dice.randint(1, 5))]
    places = [(aisles[stop.aisle], stop.y) for stop in stops]
    try:
        found = route(layout, stops)
    except GraphError:
        assert brute_force(grid_arcs(layout, stops), [layout.depot], ends, places) == FAR
        return
    assert found.length == pytest.approx(brute_force(grid_arcs(layout, stops), [layout.depot], ends, places))
