"""Shortest way of a picker through a warehouse zone.

Parallel aisles joined by two or more cross-aisles are solved exactly (:mod:`.warehouse.block_route`); any
other layout (a graph, one-way aisles, a different place to end) by a routing library
(:mod:`.warehouse.graph_route`). All lengths are in metres; x runs across the aisles, y along them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .warehouse import block_route
from .warehouse.graph_layout import Graph, NodeStop
from .warehouse.graph_ways import grid_length

#: More cross-aisles than this and the exact program's states outgrow its use.
MAX_EXACT_CROSS_AISLES = 4


class LayoutError(ValueError):
    """The layout cannot be walked; the text says what to correct."""


@dataclass(frozen=True)
class Layout:
    """A rectangular zone: parallel aisles at ``aisles`` (x), joined by ``cross_aisles`` (y), both ascending.

    ``depot`` is where the tour begins and, unless ``ends`` names other places, ends. A depot beside the
    grid is reached from the nearest cross-aisle. ``one_way`` maps an aisle's index to +1 (ascending y only)
    or -1.
    """

    aisles: tuple[float, ...]
    cross_aisles: tuple[float, ...]
    depot: tuple[float, float]
    ends: tuple[tuple[float, float], ...] = ()
    one_way: dict[int, int] = field(default_factory=dict)

    def __post_init__(self):
        if not self.aisles or len(self.cross_aisles) < 2:
            raise LayoutError("A zone needs at least one aisle and two cross-aisles.")
        for values in (self.aisles, self.cross_aisles):
            if any(later <= earlier for earlier, later in zip(values, values[1:], strict=False)):
                raise LayoutError("Aisles and cross-aisles must be given in ascending order, each once.")

    start = property(lambda self: self.depot)
    goal = property(lambda self: self.depot)

    def place(self, stop):
        return self.aisles[stop.aisle], stop.y

    @property
    def is_exact(self):
        return not self.ends and not self.one_way and len(self.cross_aisles) <= MAX_EXACT_CROSS_AISLES


@dataclass(frozen=True)
class Stop:
    """A place to pick at: in aisle number ``aisle`` (index) at ``y``."""

    aisle: int
    y: float


@dataclass(frozen=True)
class Route:
    """``order``: indices of the given stops as walked. ``path``: corners of the walk, depot to depot."""

    order: tuple[int, ...]
    length: float
    path: tuple[tuple[float, float], ...]
    is_exact: bool


def route(layout: Layout | Graph, stops: Sequence[Stop | NodeStop]) -> Route:
    """Order ``stops`` along the shortest walk from the depot and back; stops at one place stay together."""
    if isinstance(layout, Graph):
        return _graph_route(layout, stops)
    _check(layout, stops)
    if not stops:
        return Route((), 0.0, (layout.depot,), True)
    if not layout.is_exact:
        return _library_route(layout, stops)
    if _is_straight(layout, stops):
        return _straight_route(layout, stops)
    grid = _Grid(layout, stops)
    length, edges = block_route.solve(grid.columns, layout.cross_aisles)
    order, path = grid.follow(edges)
    return Route(order, length + 2 * grid.access, path, True)


def tour_length(layout: Layout | Graph, stops: Sequence[Stop | NodeStop]) -> float:
    """Length of :func:`route` without building it: several times faster.

    Where only the routing library finds the route, that of a good walk: to compare thousands of batches.
    """
    if not stops:
        return 0.0
    if isinstance(layout, Graph):
        return layout.quick_length(stops)
    if not layout.is_exact:
        return grid_length(layout, stops)
    if _is_straight(layout, stops):
        return _straight_route(layout, stops).length
    grid = _Grid(layout, stops)
    return block_route.length(grid.columns, layout.cross_aisles) + 2 * grid.access


def order_length(layout: Layout, stops: Sequence[Stop]) -> float:
    """Length of walking ``stops`` in the order given, each leg by its shortest way (for comparison)."""
    places = [layout.depot, *((layout.aisles[stop.aisle], stop.y) for stop in stops), layout.depot]
    return sum(leg_length(layout, one, other) for one, other in zip(places, places[1:], strict=False))


def leg_length(layout: Layout, one, other) -> float:
    """Shortest way between two places: (x, y) of a two-way zone, or nodes of a graph."""
    if isinstance(layout, Graph):
        return layout.leg(one, other)
    if one[0] == other[0]:
        return abs(one[1] - other[1])
    detour = min(abs(one[1] - y) + abs(other[1] - y) for y in layout.cross_aisles)
    return abs(one[0] - other[0]) + detour


def _check(layout, stops):
    low, high = layout.cross_aisles[0], layout.cross_aisles[-1]
    for stop in stops:
        if not 0 <= stop.aisle < len(layout.aisles):
            raise LayoutError(f"There is no aisle {stop.aisle}: the zone has {len(layout.aisles)}.")
        if not low <= stop.y <= high:
            raise LayoutError(
                f"Position {stop.y:g} lies outside the aisle, which runs from {low:g} to {high:g}."
            )


def _is_straight(layout, stops):
    return all(layout.aisles[stop.aisle] == layout.depot[0] for stop in stops)


def _straight_route(layout, stops):
    """Depot and stops share one aisle: up to the highest, back past the depot to the lowest."""
    x, y = layout.depot
    above = sorted((stop.y, index) for index, stop in enumerate(stops) if stop.y >= y)
    below = sorted(((stop.y, index) for index, stop in enumerate(stops) if stop.y < y), reverse=True)
    path = [y, *(place for place, _index in above), *(place for place, _index in below), y]
    length = sum(abs(later - earlier) for earlier, later in zip(path, path[1:], strict=False))
    order = tuple(index for _place, index in [*above, *below])
    return Route(order, length, tuple((x, place) for place in path), True)


def _graph_route(graph, stops):
    if not stops:
        return Route((), 0.0, graph.points(graph.begins[:1]), True)
    from .warehouse import graph_route  # see _library_route

    nodes = [stop.node for stop in stops]
    order, length, walked = graph_route.graph_route(graph.ways, graph.begins, graph.goals, nodes)
    return Route(order, length, graph.points(walked), is_exact=False)


def _library_route(layout, stops):
    from .warehouse import graph_route  # its library is needed, and loaded, for such layouts only

    return Route(*graph_route.grid_route(layout, stops), is_exact=False)


class _Grid:
    """The stops of one tour as columns, and the way back from columns to stops."""

    def __init__(self, layout, stops):
        self.layout, self.stops = layout, stops
        x, y = layout.depot
        places = [(stop.aisle, stop.y) for stop in stops]
        self.inside = x in layout.aisles and layout.cross_aisles[0] < y < layout.cross_aisles[-1]
        self.inside = self.inside and y not in layout.cross_aisles
        if self.inside:
            self.access, entry = 0.0, None
            places.append((layout.aisles.index(x), y))
        else:
            crossing = min(range(len(layout.cross_aisles)), key=lambda c: abs(layout.cross_aisles[c] - y))
            self.access, entry = abs(layout.cross_aisles[crossing] - y), (x, crossing)
        self.entry = entry
        self.columns = block_route.block_columns(layout.aisles, layout.cross_aisles, places, entry)

    def follow(self, edges):
        """Turn the tour's edges into ``(order of stop indices, path of corners)``."""
        waiting = {}
        for index, stop in enumerate(self.stops):
            waiting.setdefault((self.layout.aisles[stop.aisle], stop.y), []).append(index)
        events = self._rotate(list(self._events(edges)))
        order = [index for event in events for index in waiting.pop(event, ())]
        path = [self.layout.depot, *events, self.layout.depot]
        corners = [place for place, before in zip(path, [None, *path], strict=False) if place != before]
        return tuple(order), tuple(corners)

    def _events(self, edges):
        """Yield every place (x, y) of the closed walk: crossings and stops."""
        crossings = self.layout.cross_aisles
        begin = self._begin(edges)
        if not edges:
            yield self.columns[begin[0]].x, crossings[begin[1]]
        for place, to, ys in block_route.walk(edges, begin):
            x = self.columns[place[0]].x
            yield x, crossings[place[1]]
            yield from ((x, y) for y in ys)
            back = to or place
            yield self.columns[back[0]].x, crossings[back[1]]

    def _begin(self, edges):
        if self.entry:
            column = next(i for i, column in enumerate(self.columns) if column.x == self.entry[0])
            return column, self.entry[1]
        return edges[0].begin

    def _rotate(self, events):
        """Let a walk round a depot inside an aisle begin there."""
        if not self.inside:
            return events
        start = events.index(self.layout.depot)
        return events[start:] + events[1 : start + 1]
