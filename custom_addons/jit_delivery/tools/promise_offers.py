"""The next windows a customer can be offered, and why earlier ones fail."""

from dataclasses import dataclass

from .promise import (
    REASON_CLOSED,
    REASON_FULL,
    REASON_REQUESTED,
    Reason,
    Slot,
    _depart,
    _fits,
    _goods,
    _open_part,
    _sum,
    _Trip,
)
from .promise_supply import Ledger
from .slot_load import Load, binding
from .windows import Interval, merge
from .working_time import minutes


@dataclass(frozen=True)
class Offer:
    """One window: possible if there are no ``reasons`` against it."""

    slot: object
    window: Interval
    reasons: tuple[Reason, ...] = ()


def offers(world, route, lines, count, not_before=None, failing=12):
    """Return the next ``count`` possible windows, and before and between them at most ``failing`` that are
    not.

    Goods, capacity and cut-off are the same for every window, so they are worked out once.
    """
    trip = _Trip(route, world.horizon, _sum([Load(drops=1), *(line.load for line in lines)]))
    arrival = _arrival(Ledger(world), trip, lines)
    upstream = tuple(trip.reasons)
    receiving = None if route.receiving is None else merge(route.receiving)
    unload = max(minutes(route.unload_minutes), minutes(1))
    found, possible, failed = [], 0, 0
    for slot in _candidates(world, route):
        reasons = _against(slot, receiving, arrival, unload, trip, upstream, not_before)
        possible, failed = possible + (not reasons), failed + bool(reasons)
        if not reasons or failed <= failing:
            window = Interval(slot.start, slot.stop)
            if not reasons:  # as it would be promised
                begin = max(filter(None, (slot.start, arrival, not_before)))
                window = _open_part(receiving, begin, slot.stop, unload)
            found.append(Offer(slot.key, window, reasons))
        if possible >= count:
            break
    return found


def _arrival(ledger, trip, lines):
    goods = _goods(ledger, trip, lines)
    chain = goods and _depart(ledger, trip, goods, lines)
    return chain and chain[2] + minutes(trip.route.transit_minutes)


def _candidates(world, route):
    """Return the slots, or the receiving windows where no slot is needed, that have not begun."""
    slots = route.slots
    if slots is None:
        slots = [Slot(None, start, stop, Load(drops=1)) for start, stop in route.receiving or ()]
    coming = [slot for slot in slots if slot.stop > world.now and slot.start <= world.horizon]
    return sorted(coming, key=lambda slot: (slot.start, slot.stop))


def _against(slot, receiving, arrival, unload, trip, upstream, not_before):
    """Return every reason against ``slot``."""
    reasons = []
    if arrival is None or arrival + unload > slot.stop:
        reasons += upstream
    if not_before and not_before + unload > slot.stop:
        reasons.append(Reason(REASON_REQUESTED, None, not_before))
    begin = max(filter(None, (slot.start, arrival, not_before)))
    if not _fits(receiving, min(begin, slot.stop), slot.stop, unload) and begin + unload <= slot.stop:
        if _fits(receiving, slot.start, slot.stop, unload):  # would fit if the goods came sooner
            reasons += upstream
        reasons.append(Reason(REASON_CLOSED, None, None))
    full = binding(slot.capacity, slot.taken, trip.load)
    if full:
        reasons.append(Reason(REASON_FULL, (slot.key, tuple(full)), slot.stop))
    return tuple(reasons)
