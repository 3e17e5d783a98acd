"""Exact shortest pick tour through parallel aisles with two or more cross-aisles.

Dynamic programming over the aisles from left to right on the states of :mod:`.route_states` (Ratliff and
Rosenthal 1983 for one block, Roodbergen and de Koster 2001 for two). The work grows with the number of aisles
between the outermost stops, not with the number of stops.
"""

from dataclasses import dataclass, field

from .route_states import BOTH, DOUBLE, HIGH, LOW, NONE, PASS, tables

INFINITE = float("inf")


@dataclass
class Column:
    """One aisle, or the depot's own place between aisles: where it lies and which stops it has per block."""

    x: float
    stops: dict = field(default_factory=dict)  # block -> ascending list of y
    depot: int | None = None  # the cross-aisle at which the depot lies on this x
    is_aisle: bool = True


@dataclass(frozen=True)
class Edge:
    """Part of the tour: from crossing to crossing, or a stub out and back (``end`` is then ``None``)."""

    begin: tuple[int, int]  # column, cross-aisle
    end: tuple[int, int] | None
    stops: tuple[float, ...] = ()  # y, in walking order from ``begin``


def block_columns(aisles, cross_aisles, stops, depot=None):
    """Sort ``stops`` (aisle index, y) into the columns between the outermost ones that the tour needs.

    ``depot``: (x, cross-aisle index) or ``None`` when the depot is itself one of the stops.
    """
    by_x = {}
    for aisle, y in stops:
        column = by_x.setdefault(aisles[aisle], Column(aisles[aisle]))
        column.stops.setdefault(_block_of(cross_aisles, y), set()).add(y)
    if depot:
        column = by_x.setdefault(depot[0], Column(depot[0], is_aisle=depot[0] in aisles))
        column.depot = depot[1]
    low, high = min(by_x), max(by_x)
    for x in aisles:
        if low < x < high and x not in by_x:
            by_x[x] = Column(x)
    for column in by_x.values():
        column.stops = {block: sorted(ys) for block, ys in column.stops.items()}
    return [by_x[x] for x in sorted(by_x)]


def _block_of(cross_aisles, y):
    for block in range(len(cross_aisles) - 2):
        if y < cross_aisles[block + 1]:
            return block
    return len(cross_aisles) - 2


def _choices(ys, low, high):
    """Costs by choice of serving ``ys`` in one aisle between crossings at ``low`` and ``high``, and the gap.

    The gap is the index of the first stop that is served from the high end.
    """
    length = high - low
    widest, gap = -1.0, 0
    for index in range(1, len(ys)):
        if ys[index] - ys[index - 1] > widest:
            widest, gap = ys[index] - ys[index - 1], index
    both = 2 * (length - widest) if len(ys) > 1 else INFINITE
    return (INFINITE, length, 2 * length, 2 * (ys[-1] - low), 2 * (high - ys[0]), both), gap


def _advance(costs, moves, price):
    """One step of the program: cheapest way into each following state, and where it came from."""
    following, origin = {}, {}
    for state, cost in costs.items():
        for choice, to in moves[state]:
            total = cost + price[choice]
            if total < following.get(to, INFINITE):
                following[to] = total
                origin[to] = (state, choice)
    return following, origin


class _WalkPrice(dict):
    """Cost of going one aisle on with so many edges per cross-aisle; nothing once the tour is closed."""

    def __init__(self, distance):
        super().__init__()
        self.distance = distance

    def __missing__(self, edges):
        self[edges] = cost = self.distance * sum(edges)
        return cost


def _column_steps(index, column, cross_aisles, machine):
    """Yield ``(label, moves, price)`` for the aisle and the depot of one column."""
    if column.is_aisle:
        for block in range(len(cross_aisles) - 1):
            low, high = cross_aisles[block], cross_aisles[block + 1]
            ys = column.stops.get(block)
            if ys:
                price, gap = _choices(ys, low, high)
                yield ("aisle", index, block, gap), machine.serve[block], price
            else:
                price = (0.0, high - low, 2 * (high - low))
                yield ("aisle", index, block, 0), machine.idle[block], price
    if column.depot is not None:
        yield ("depot", index), machine.touch[column.depot], {column.depot: 0.0}


def solve(columns, cross_aisles):
    """Return ``(length, edges)`` of a shortest closed tour through all stops and the depot."""
    machine = tables(len(cross_aisles))
    costs, history = {machine.start: 0.0}, []
    for index, column in enumerate(columns):
        if index:
            costs, origin = _advance(costs, machine.walk, _WalkPrice(column.x - columns[index - 1].x))
            history.append((("walk", index), origin))
        for label, moves, price in _column_steps(index, column, cross_aisles, machine):
            costs, origin = _advance(costs, moves, price)
            history.append((label, origin))
    length, state = min((cost, state) for state, cost in costs.items() if state in machine.final)
    edges = []
    for label, origin in reversed(history):
        state, choice = origin[state]
        edges.extend(_edges(label, choice, columns))
    return length, edges


def length(columns, cross_aisles):
    """Length of the shortest tour alone: the inner loop of batching."""
    machine = tables(len(cross_aisles))
    costs = {machine.start: 0.0}
    for index, column in enumerate(columns):
        if index:
            costs = _advance(costs, machine.walk, _WalkPrice(column.x - columns[index - 1].x))[0]
        for _label, moves, price in _column_steps(index, column, cross_aisles, machine):
            costs = _advance(costs, moves, price)[0]
    return min(cost for state, cost in costs.items() if state in machine.final)


def _edges(label, choice, columns):
    if label[0] == "walk":
        index = label[1]
        return [
            Edge((index - 1, crossing), (index, crossing))
            for crossing, count in enumerate(choice)
            for _copy in range(count)
        ]
    if label[0] == "depot" or choice == NONE:
        return []
    _kind, index, block, gap = label
    ys = tuple(columns[index].stops.get(block, ()))
    low, high = (index, block), (index, block + 1)
    if choice in (PASS, DOUBLE):
        return [Edge(low, high, ys)] + [Edge(low, high)] * (choice - PASS)
    split = {LOW: len(ys), HIGH: 0, BOTH: gap}[choice]
    stubs = [Edge(low, None, ys[:split]), Edge(high, None, ys[split:][::-1])]
    return [stub for stub in stubs if stub.stops]


def walk(edges, begin):
    """Yield the edges as one closed walk from crossing ``begin``: ``(from, to or None, stops in order)``."""
    around = {}
    for edge in edges:
        around.setdefault(edge.begin, []).append(edge)
        if edge.end:
            around.setdefault(edge.end, []).append(edge)
    circuit = _eulerian(around, begin)
    seen = set()
    for place, step in circuit:
        if place not in seen:
            seen.add(place)
            for stub in around.get(place, ()):
                if stub.end is None:
                    yield place, None, stub.stops
        if step:
            edge, to = step
            yield place, to, edge.stops if edge.begin == place else edge.stops[::-1]


def _eulerian(around, begin):
    """Hierholzer's algorithm: list of ``(place, (edge, next place) or None)`` along one closed walk."""
    left = {place: [edge for edge in edges if edge.end] for place, edges in around.items()}
    used, stack, circuit = set(), [(begin, None)], []
    while stack:
        place, arrived_by = stack[-1]
        edges = left.get(place, [])
        while edges and id(edges[-1]) in used:
            edges.pop()
        if not edges:
            circuit.append(stack.pop())
            continue
        edge = edges.pop()
        used.add(id(edge))
        stack.append((edge.end if edge.begin == place else edge.begin, edge))
    # read backwards along the stack, each place is left by the edge by which it was reached
    return [
        (place, (edge, circuit[index + 1][0]) if edge else None)
        for index, (place, edge) in enumerate(circuit)
    ]
