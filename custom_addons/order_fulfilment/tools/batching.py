"""Which orders are picked on one walk, so that pickers walk less and nothing becomes late.

Savings of Clarke and Wright, computed anew after every merge (variant ii of de Koster et al. 1999), on exact
tour lengths, then a local search that moves and exchanges orders. A plan counts only when no order is late
that would be in time first come, first served: put on carts and walked in the order in which they came.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .pick_route import Graph, Layout, Stop, leg_length, tour_length
from .warehouse.batch_search import Search

INFINITE = float("inf")
MOST_AT_ONCE = 120


@dataclass(frozen=True)
class Order:
    """What one order (or transfer) asks of the picker. Hours count from the moment the plan is made."""

    key: object
    stops: tuple[Stop, ...]
    units: float = 0.0
    weight: float = 0.0
    volume: float = 0.0
    bins: int = 1
    zone: object = None
    due: float = INFINITE

    def __hash__(self):
        return hash(self.key)  # plans look orders up all the time, and orders may have many stops


@dataclass(frozen=True)
class Cart:
    """Limits of one walk; what is not limited is infinite."""

    units: float = INFINITE
    weight: float = INFINITE
    volume: float = INFINITE
    bins: float = INFINITE

    def takes(self, orders: Sequence[Order]) -> bool:
        """Whether ``orders`` fit together and lie in one zone."""
        return (
            len({order.zone for order in orders}) <= 1
            and sum(order.units for order in orders) <= self.units
            and sum(order.weight for order in orders) <= self.weight
            and sum(order.volume for order in orders) <= self.volume
            and sum(order.bins for order in orders) <= self.bins
        )


@dataclass(frozen=True)
class Pace:
    """How fast work goes: ``pickers`` at once, metres per hour, hours per line and per walk."""

    pickers: int = 1
    speed: float = 3000.0
    line: float = 10 / 3600
    setup: float = 60 / 3600


@dataclass(frozen=True)
class Plan:
    """Batches in the order in which to start them."""

    batches: tuple[tuple[Order, ...], ...]
    length: float
    late: frozenset


class OversizeError(ValueError):
    """An order alone is more than the cart takes; ``order`` says which."""

    def __init__(self, order):
        super().__init__(f"Order {order.key} alone is more than the cart takes: split it.")
        self.order = order


def plan_batches(
    orders: Sequence[Order], layout: Layout | dict, cart: Cart, pace: Pace | None = None, seconds: float = 3.0
) -> Plan:
    """Batch ``orders``, given in order of arrival; ``layout`` is one layout or one by zone.

    The search ends after ``seconds`` at the latest; until then its result does not depend on the clock.
    """
    for order in orders:
        if not cart.takes([order]):
            raise OversizeError(order)
    planner = _Planner(layout, cart, pace or Pace())
    first_come = planner.first_come(orders)
    parts = _parts(orders)
    found = [batch for part in parts for batch in _search(planner, part, seconds / len(parts))]
    in_time = planner.none_later((found, first_come), first_come)
    if not in_time:  # the most urgent first would cost another its time: as they came, then
        return Plan(tuple(first_come), planner.total(first_come), planner.late_as_given(first_come))
    return planner.plan(min(in_time, key=planner.total))


def _parts(orders):
    """Orders that are searched together: one zone's, the most urgent first, at most ``MOST_AT_ONCE``.

    More than that gain little from each other, and the pairs of orders grow with the square.
    """
    if len(orders) <= MOST_AT_ONCE:
        return [orders]
    by_zone = {}
    for order in sorted(orders, key=lambda order: order.due):
        by_zone.setdefault(order.zone, []).append(order)
    return [
        zone_orders[begin : begin + MOST_AT_ONCE]
        for zone_orders in by_zone.values()
        for begin in range(0, len(zone_orders), MOST_AT_ONCE)
    ]


def _search(planner, orders, seconds):
    """Batches of ``orders`` alone that make nothing late which first come, first served would not."""
    first_come = planner.first_come(orders)
    allowed = planner.late_as_given(first_come)
    search = Search(
        planner.length,
        planner.estimate,
        planner.cart.takes,
        lambda batches: planner.late(batches) <= allowed,
        seconds,
    )
    merged = search.merge([(order,) for order in orders])
    start = merged if search.is_allowed(merged) else first_come
    found = [search.improve(start), first_come]
    return min(planner.none_later(found, first_come) or found, key=planner.total)


def first_come_plan(orders, layout, cart: Cart, pace: Pace | None = None) -> Plan:
    """Fill one cart after the other in order of arrival: what :func:`plan_batches` is measured against."""
    planner = _Planner(layout, cart, pace or Pace())
    batches = planner.first_come(orders)
    return Plan(tuple(batches), planner.total(batches), planner.late_as_given(batches))


class _Planner:
    """Lengths (remembered) and times of batches."""

    def __init__(self, layout, cart, pace):
        self.layout, self.cart, self.pace = layout, cart, pace
        self.lengths, self.reaches = {}, {}

    def first_come(self, orders):
        batches, open_batch = [], {}
        for order in orders:
            last = open_batch.get(order.zone)
            if last is not None and self.cart.takes([*batches[last], order]):
                batches[last] = (*batches[last], order)
            else:
                open_batch[order.zone] = len(batches)
                batches.append((order,))
        return batches

    def _layout(self, batch):
        return self.layout[batch[0].zone] if isinstance(self.layout, dict) else self.layout

    def estimate(self, batch):
        """Rough length: every aisle walked through or to its farthest stop and back, whichever is shorter."""
        layout = self._layout(batch)
        if isinstance(layout, Graph):
            return self.length(batch)  # quick enough as it is
        reach = tuple(map(max, *(self._reach(layout, order) for order in batch), [0.0] * len(layout.aisles)))
        aisles = [layout.aisles[index] for index, far in enumerate(reach) if far]
        across = max([*aisles, layout.depot[0]]) - min([*aisles, layout.depot[0]])
        whole = layout.cross_aisles[-1] - layout.cross_aisles[0]
        return 2 * across + sum(min(2 * far, whole) for far in reach)

    def _reach(self, layout, order):
        """Per aisle, how far from the depot's end the farthest stop of ``order`` is."""
        if order.key not in self.reaches:
            ends = (layout.cross_aisles[0], layout.cross_aisles[-1])
            front = min(ends, key=lambda y: abs(y - layout.depot[1]))
            reach = [0.0] * len(layout.aisles)
            for stop in order.stops:
                reach[stop.aisle] = max(reach[stop.aisle], abs(stop.y - front), 1e-6)
            self.reaches[order.key] = reach
        return self.reaches[order.key]

    def length(self, batch):
        key = frozenset(order.key for order in batch)
        if key not in self.lengths:
            layout = self._layout(batch)
            self.lengths[key] = tour_length(layout, [stop for order in batch for stop in order.stops])
        return self.lengths[key]

    def total(self, batches):
        return sum(map(self.length, batches))

    def late(self, batches):
        """Keys of the orders that miss their due time when the most urgent batch is started first."""
        return self.late_as_given(sorted(batches, key=_urgency))

    def none_later(self, plans, first_come):
        """Those of ``plans`` in which nothing is late that ``first_come`` has in time."""
        allowed = self.late_as_given(first_come)
        return [batches for batches in plans if self.late(batches) <= allowed]

    def late_as_given(self, batches):
        """Keys of the orders that miss their due time when the batches are started in this order."""
        if all(order.due == INFINITE for batch in batches for order in batch):
            return frozenset()
        free, late = [0.0] * self.pace.pickers, set()
        for batch in batches:
            picker = free.index(min(free))
            free[picker] += self._hours(batch)
            late.update(order.key for order in batch if free[picker] > order.due)
        return frozenset(late)

    def _hours(self, batch):
        lines = sum(len(order.stops) for order in batch)
        return self.pace.setup + self.length(batch) / self.pace.speed + lines * self.pace.line

    def plan(self, batches):
        started = tuple(sorted((tuple(batch) for batch in batches), key=_urgency))
        return Plan(started, self.total(started), self.late(started))


def _urgency(batch):
    return min(order.due for order in batch)


@dataclass(frozen=True)
class Running:
    """A walk under way: who is on it, what is still to be visited in order, and when it will be back."""

    key: object
    orders: tuple[Order, ...]
    position: tuple[float, float]
    remaining: tuple[Stop, ...]
    back: float


def join_running(
    late_order: Order, walks: Sequence[Running], layout: Layout, cart: Cart, pace: Pace | None = None
):
    """Find the walk that can still take ``late_order``: the one with the shortest detour, or ``None``.

    It must fit on the cart, and everybody on that walk must stay in time. Answers ``(walk key, metres)``.
    """
    pace, best = pace or Pace(), None
    for walk in walks:
        if not cart.takes([*walk.orders, late_order]):
            continue
        metres = _detour(layout, walk, late_order.stops)
        back = walk.back + metres / pace.speed + len(late_order.stops) * pace.line
        in_time = all(back <= order.due or walk.back > order.due for order in walk.orders)
        if in_time and back <= late_order.due and (best is None or metres < best[1]):
            best = (walk.key, metres)
    return best


def _detour(layout, walk, stops):
    """Cheapest insertion of ``stops`` into what is left of the walk."""
    way = [walk.position, *map(layout.place, walk.remaining), layout.goal]
    before = _way_length(layout, way)
    for stop in stops:
        place = layout.place(stop)
        ways = [[*way[:index], place, *way[index:]] for index in range(1, len(way))]
        way = min(ways, key=lambda longer: _way_length(layout, longer))
    return _way_length(layout, way) - before


def _way_length(layout, way):
    return sum(leg_length(layout, one, other) for one, other in zip(way, way[1:], strict=False))
