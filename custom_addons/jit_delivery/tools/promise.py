"""Order promising: the earliest window that holds, and why not an earlier one.

A promise starts at "now" (or the time asked for) and passes through steps: goods, pick and pack before a
departure, transit, the customer's receiving hours, a slot with room. A step may only postpone, and leaves
its reason when it does. The steps run until none of them moves the time any more: that is the earliest
instant at which all hold together, because each step answers the earliest instant from a given one on, and
a later start never gives an earlier answer.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from .promise_supply import Ledger, Ready, Recipe, obtain
from .slot_load import Load, binding
from .windows import Interval, intersect, merge
from .working_time import first_open, last_open, minutes

# Names of resources in World.resources. Loading takes no time, but is done in working time.
PICK, PACK, LOAD = "pick", "pack", "load"


@dataclass(frozen=True)
class Line:
    """One order line: ``quantity`` of ``product``, and its share of the load of a slot.

    ``recipe``: how the product is assembled for this line, with its options; None for the world's.
    """

    key: object
    product: object
    quantity: float
    load: Load = Load(drops=0)
    pick_minutes: float = 0
    pack_minutes: float = 0
    recipe: Recipe | None = None


@dataclass(frozen=True)
class Slot:
    """A bookable stretch of time with its room."""

    key: object
    start: datetime
    stop: datetime
    capacity: Load = Load(drops=1)
    taken: Load = Load(drops=0)


@dataclass(frozen=True)
class Route:
    """The way to the customer. ``cycles``: sorted (cutoff, departure), None if goods leave at once when
    packed.

    ``receiving``: windows of the address, None for "at any time". ``slots``: None if deliveries need no slot.
    """

    cycles: tuple | None = None
    transit_minutes: float = 0
    receiving: tuple | None = None
    slots: tuple[Slot, ...] | None = None
    unload_minutes: float = 0


class Reason(NamedTuple):
    """Why a step postponed: ``code`` one of the REASON_ constants, what it is about, and until when."""

    code: str
    subject: object
    until: datetime | None


REASON_SUPPLY, REASON_ASSEMBLY, REASON_NONE = "supply", "assembly", "no_supply"
REASON_PICK, REASON_CUTOFF, REASON_TRANSIT = "pick_pack", "cutoff", "transit"
REASON_CLOSED, REASON_FULL, REASON_NO_SLOT = "closed", "full", "no_slot"
REASON_REQUESTED, REASON_NEW_LINE = "requested", "new_line"


@dataclass(frozen=True)
class Promise:
    """The answer. ``window`` None: not within the horizon, the last reason says why.

    ``goods``, ``packed``, ``departure``, ``arrival``: the chain as early as it can be.
    """

    lines: tuple
    window: Interval | None
    slot: object = None
    goods: datetime | None = None
    packed: datetime | None = None
    cutoff: datetime | None = None
    departure: datetime | None = None
    arrival: datetime | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass
class _Trip:
    """Working notes of one delivery."""

    route: Route
    horizon: datetime
    load: Load
    reasons: list = field(default_factory=list)


_CAUSES = {"supply": REASON_SUPPLY, "assembly": REASON_ASSEMBLY, "none": REASON_NONE, "stock": None}


def promise_together(world, route, lines, not_before=None):
    """Promise all ``lines`` in one delivery."""
    return _promise(Ledger(world), route, lines, not_before)


def _sum(loads):
    return Load(*[sum(amounts) for amounts in zip(*(load.exact() for load in loads), strict=True)])


def _promise(ledger, route, lines, not_before):
    world = ledger.world
    trip = _Trip(route, world.horizon, _sum([Load(drops=1), *(line.load for line in lines)]))
    goods = _goods(ledger, trip, lines)
    if goods is None:
        return Promise(tuple(lines), None, reasons=tuple(trip.reasons))
    chain = _depart(ledger, trip, goods, lines)
    if chain is None:
        return Promise(tuple(lines), None, goods=goods, reasons=tuple(trip.reasons))
    packed, cutoff, departure = chain
    arrival = departure + minutes(route.transit_minutes)
    _note(trip, REASON_TRANSIT, None, departure, arrival)
    start = max(arrival, not_before or arrival)
    _note(trip, REASON_REQUESTED, None, arrival, start)
    window, slot = _receive(trip, start)
    return Promise(
        tuple(lines), window, slot, goods, packed, cutoff, departure, arrival, reasons=tuple(trip.reasons)
    )


def _note(trip, code, subject, before, after):
    """Keep the reason of a step that postponed ``before`` to ``after``; each is given once."""
    reason = Reason(code, subject, after)
    if after > before and reason not in trip.reasons:
        trip.reasons.append(reason)


def _goods(ledger, trip, lines):
    """Return when all goods are there; each line later than those before it leaves its reason."""
    latest = ledger.world.now
    for line in lines:
        ready: Ready = obtain(ledger, line.product, line.quantity, recipe=line.recipe)
        if ready.instant is None:
            trip.reasons.append(Reason(_CAUSES[ready.cause], ready.product, None))
            return None
        if ready.instant > latest:
            trip.reasons.append(Reason(_CAUSES[ready.cause], ready.product, ready.instant))
            latest = ready.instant
    return latest


def _depart(ledger, trip, goods, lines):
    """Return (packed, cutoff, departure) of the first cycle that the goods make, or None.

    Goods must be there by the cut-off, and picked and packed by the departure.
    """
    picked = ledger.work(PICK, goods, sum(line.pick_minutes for line in lines))
    packed = picked and ledger.work(PACK, picked, sum(line.pack_minutes for line in lines))
    leaves = packed and (first_open(ledger.free(LOAD), packed) if trip.route.cycles is None else packed)
    if not leaves:
        trip.reasons.append(Reason(REASON_PICK, None, None))
        return None
    _note(trip, REASON_PICK, None, goods, leaves)
    if trip.route.cycles is None:
        return packed, None, leaves
    for cutoff, departure in trip.route.cycles:
        if cutoff >= goods and departure >= packed:
            _note(trip, REASON_CUTOFF, cutoff, packed, departure)
            return packed, cutoff, departure
    trip.reasons.append(Reason(REASON_CUTOFF, None, None))
    return None


def _receive(trip, start):
    """Run receiving hours and slots until neither moves the time; answers (window, slot key)."""
    unload = max(minutes(trip.route.unload_minutes), minutes(1))
    receiving = None if trip.route.receiving is None else merge(trip.route.receiving)
    instant = start
    while instant is not None:
        opened = _step_receiving(trip, receiving, instant, unload)
        slot = None
        moved = opened
        if opened is not None and trip.route.slots is not None:
            moved, slot = _step_slot(trip, receiving, opened, unload)
        if moved is not None and moved == instant:
            return _window(trip, receiving, instant, slot, unload), slot and slot.key
        instant = moved
    return None, None


def _step_receiving(trip, receiving, instant, unload):
    """Return the first instant from ``instant`` on at which the customer receives long enough."""
    if receiving is None:
        return instant
    for begin, end in receiving:
        at = max(begin, instant)
        if at + unload <= end and at <= trip.horizon:
            _note(trip, REASON_CLOSED, None, instant, at)
            return at
    trip.reasons.append(Reason(REASON_CLOSED, None, None))
    return None


def _step_slot(trip, receiving, instant, unload):
    """Return (instant, slot) of the first slot from ``instant`` on with room, or (None, None)."""
    for slot in sorted(trip.route.slots, key=lambda slot: (slot.start, slot.stop)):
        at = max(slot.start, instant)
        if at + unload > slot.stop or at > trip.horizon:
            continue
        full = binding(slot.capacity, slot.taken, trip.load)
        if full:
            _note(trip, REASON_FULL, (slot.key, tuple(full)), at, slot.stop)
            continue
        if _fits(receiving, at, slot.stop, unload):
            _note(trip, REASON_NO_SLOT, slot.key, instant, at)
            return at, slot
    trip.reasons.append(Reason(REASON_NO_SLOT, None, None))
    return None, None


def _fits(receiving, at, stop, unload):
    """Say whether the customer receives for ``unload`` somewhere in [at, stop)."""
    return _open_part(receiving, at, stop, unload) is not None


def _open_part(receiving, at, stop, unload):
    """Return the first part of [at, stop) in which the customer receives for ``unload``, or None."""
    if receiving is None:
        return Interval(at, stop)
    open_parts = intersect(receiving, [Interval(at, stop)])
    return next((part for part in open_parts if part.end - part.start >= unload), None)


def _window(trip, receiving, instant, slot, unload):
    """Return what the customer is told: of the slot what they receive in, else the receiving window, else
    the bare time.
    """
    if slot is not None:
        return _open_part(receiving, max(slot.start, instant), slot.stop, unload)
    for begin, end in trip.route.receiving or ():
        if begin <= instant and instant + unload <= end:
            return Interval(instant, end)
    return Interval(instant, instant + unload)


def loading(route, promise, hours=None):
    """Return the latest departure that still brings a promise to the begin of its window; just in time.

    ``hours``: open intervals of those who load, None for always.
    """
    transit, begin = minutes(route.transit_minutes), promise.window.start
    if route.cycles is None:
        return last_open(hours, begin - transit, promise.departure)
    in_time = [
        departure
        for cutoff, departure in route.cycles
        if cutoff >= promise.goods and departure >= promise.packed and departure + transit <= begin
    ]
    return max(in_time, default=promise.departure)
