"""Pick tours where no exact program fits: any graph, one-way aisles, several places to begin or end.

Distances come from shortest paths over the graph, the tour from PyVRP and :mod:`.tour_polish`, tried for
every pair of begin and end.
"""

from collections.abc import Hashable, Iterable, Sequence

from pyvrp import Model
from pyvrp.stop import MaxIterations

from .graph_ways import CHECK, GraphError, check_ways, grid_arcs, neighbours_of, shortest
from .tour_polish import polish

SCALE = 1000  # PyVRP counts whole millimetres
ITERATIONS = MaxIterations(300)


def graph_route(arcs: Iterable[tuple[Hashable, Hashable, float]], begins, ends, stops: Sequence[Hashable]):
    """Return ``(order of stop indices, length, nodes walked)`` over directed ``arcs`` (from, to, metres).

    The tour begins at one of ``begins`` and ends at one of ``ends``, whichever makes it shortest. Always the
    same answer for the same input.
    """
    neighbours = neighbours_of(arcs)
    places = list(dict.fromkeys(stops))
    nodes = list(dict.fromkeys([*begins, *ends, *places]))
    trees = {node: shortest(neighbours, node) for node in nodes}
    check_ways({node: tree[0] for node, tree in trees.items()}, begins, ends, places)
    sequence = _tour(trees, begins, ends, places)
    walked = [sequence[0]]
    for begin, end in zip(sequence, sequence[1:], strict=False):
        walked.extend(_trace(trees[begin][1], begin, end))
    length = sum(trees[begin][0][end] for begin, end in zip(sequence, sequence[1:], strict=False))
    order = [index for place in sequence[1:-1] for index, stop in enumerate(stops) if stop == place]
    return tuple(order), length, tuple(walked)


def grid_route(layout, stops):
    """The same for a rectangular zone with one-way aisles or other ends: nodes are (x, y)."""
    places = [(layout.aisles[stop.aisle], stop.y) for stop in stops]
    ends = layout.ends or (layout.depot,)
    return graph_route(grid_arcs(layout, places, ends), (layout.depot,), ends, places)


def _trace(before, begin, end):
    steps = []
    while end != begin:
        steps.append(end)
        end = before[end]
    return reversed(steps)


def _tour(trees, begins, ends, places):
    """Best sequence over every pair of begin and end; it includes both."""
    far = 1 + sum(max(tree[0].values()) for tree in trees.values())  # dearer than any tour

    def metres(begin, end):
        return trees[begin][0].get(end, far)

    tours = [_tour_between(metres, begin, end, places) for begin in begins for end in ends]
    best = min(tours, key=lambda tour: sum(map(metres, tour, tour[1:])))
    if sum(map(metres, best, best[1:])) >= far:
        raise GraphError(f"No single tour reaches all places. {CHECK}")
    return best


def _tour_between(metres, begin, end, places):
    """Order ``places`` between two given ends with PyVRP."""
    model = Model()
    locations = {node: model.add_location(0, 0) for node in dict.fromkeys([begin, end, *places])}
    for one, from_location in locations.items():
        for other, to_location in locations.items():
            distance = round(metres(one, other) * SCALE) if one != other else 0
            model.add_edge(from_location, to_location, distance=distance)
    for place in places:
        model.add_client(locations[place])
    model.add_vehicle_type(
        start_depot=model.add_depot(locations[begin]), end_depot=model.add_depot(locations[end])
    )
    best = model.solve(stop=ITERATIONS, seed=1, display=False).best
    steps = [step for trip in best.routes() for step in trip.schedule()]
    tour = [begin, *(places[step.idx] for step in steps if step.is_client()), end]
    return polish(tour, metres)
