"""Shortest ways over directed arcs, and what can be told of a walk from them alone."""

import heapq

UNREACHABLE = float("inf")
CHECK = "Check the directions of the aisles."


class GraphError(ValueError):
    """Some stop cannot be reached, or not be left again."""


def neighbours_of(arcs):
    neighbours = {}
    for begin, end, metres in arcs:
        neighbours.setdefault(begin, []).append((end, metres))
    return neighbours


def shortest_ways(arcs, nodes):
    """``{node: {node it leads to: metres}}``."""
    neighbours = neighbours_of(arcs)
    return {node: shortest(neighbours, node)[0] for node in nodes}


def walk_length(metres, begins, ends, places):
    """Length of the walk that always goes to the nearest place left; ``metres`` of :func:`shortest_ways`."""
    lengths = []
    for begin in begins:
        left, here, length = set(places), begin, 0.0
        while left:
            there = min(left, key=lambda node: (metres[here].get(node, UNREACHABLE), str(node)))
            length += metres[here].get(there, UNREACHABLE)
            left.remove(there)
            here = there
        lengths.append(length + min(metres[here].get(end, UNREACHABLE) for end in ends))
    return min(lengths)


def grid_length(layout, stops):
    """:func:`walk_length` of a rectangular zone with one-way aisles or other ends."""
    places = [(layout.aisles[stop.aisle], stop.y) for stop in stops]
    ends = layout.ends or (layout.depot,)
    metres = shortest_ways(grid_arcs(layout, places, ends), {layout.depot, *ends, *places})
    return walk_length(metres, (layout.depot,), ends, places)


def grid_arcs(layout, places, ends):
    by_aisle = {x: set(layout.cross_aisles) for x in layout.aisles}
    on_cross = {y: set(layout.aisles) for y in layout.cross_aisles}
    arcs = []
    for x, y in (layout.depot, *ends):
        nearest = min(layout.cross_aisles, key=lambda cross: abs(cross - y))
        if x in by_aisle and layout.cross_aisles[0] <= y <= layout.cross_aisles[-1]:
            by_aisle[x].add(y)
        else:
            on_cross[nearest].add(x)
            arcs += _both(((x, y), (x, nearest), abs(y - nearest)))
    for x, y in places:
        by_aisle[x].add(y)
    for aisle, x in enumerate(layout.aisles):
        direction = layout.one_way.get(aisle, 0)
        ys = sorted(by_aisle[x], reverse=direction < 0)
        steps = [((x, one), (x, other), abs(other - one)) for one, other in zip(ys, ys[1:], strict=False)]
        arcs += steps if direction else [arc for step in steps for arc in _both(step)]
    for y, xs in on_cross.items():
        row = sorted(xs)
        for one, other in zip(row, row[1:], strict=False):
            arcs += _both(((one, y), (other, y), other - one))
    return arcs


def _both(arc):
    begin, end, metres = arc
    return [(begin, end, metres), (end, begin, metres)]


def shortest(neighbours, source):
    """Dijkstra: ``(distance by node, predecessor by node)``."""
    distance, before, queue, count = {source: 0.0}, {}, [(0.0, 0, source)], 0
    while queue:
        metres, _tie, node = heapq.heappop(queue)
        if metres > distance[node]:
            continue
        for following, step in neighbours.get(node, ()):
            if metres + step < distance.get(following, UNREACHABLE):
                distance[following], before[following] = metres + step, node
                count += 1
                heapq.heappush(queue, (metres + step, count, following))
    return distance, before


def check_ways(metres, begins, ends, places):
    """Every place can be reached from a begin and left for an end."""
    for place in places:
        if not any(place in metres[begin] for begin in begins):
            raise GraphError(f"Place {place} cannot be reached from where the tour begins. {CHECK}")
        if not any(end in metres[place] for end in ends):
            raise GraphError(f"From place {place} no way leads to where the tour ends. {CHECK}")
