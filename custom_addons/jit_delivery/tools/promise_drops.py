"""An order promised as available: each line as early as it can be, those that meet in one delivery."""

from dataclasses import replace
from datetime import datetime

from .promise import LOAD, PACK, PICK, _promise, _sum, loading
from .promise_supply import Ledger
from .working_time import minutes, schedule_back, without


def promise_by_line(world, route, lines, not_before=None, kept=None):
    """Promise each line as early as it can be; answers [(line, promise)] in the order of ``lines``.

    Lines take goods and capacity in turn, and room of a slot as one drop with those that are in it already.
    ``kept``: {line key: slot key} of lines that stay in their slot, or have none in time.
    """
    ledger, found = Ledger(world), []
    for line in lines:
        own = route
        if kept and line.key in kept and route.slots is not None:
            own = replace(route, slots=tuple(s for s in route.slots if s.key == kept[line.key]))
        found.append((line, _promise(ledger, _less(own, found), [line], not_before)))
    return found


def promise_as_available(world, route, lines, not_before=None, day=datetime.date):
    """Promise each line as early as it can be; answers one promise per delivery (see :func:`drops`)."""
    return drops(route, promise_by_line(world, route, lines, not_before), day)


def drops(route, found, day=datetime.date):
    """Return one promise per delivery of ``found``, the lines promised one by one.

    Those that come to the same slot or receiving window share a delivery; where there is neither, those that
    come on the same ``day`` (a function of the instant).
    """
    groups = {}
    for line, promise in found:
        groups.setdefault(_drop_key(route, line, promise, day), []).append((line, promise))
    return [joined(members) for members in groups.values()]


def _drop_key(route, line, promise, day):
    """Return what lines of one delivery have in common; those that cannot come stand alone."""
    if promise.window is None:
        return "never", line.key
    if promise.slot is not None:
        return "slot", promise.slot
    if route.receiving is None:
        return "day", day(promise.window.start)
    return "window", promise.window.end


def _less(route, found):
    """Return the route with the room that this order's own earlier lines leave in each slot."""
    if route.slots is None:
        return route
    own = {}
    for line, promise in found:
        own[promise.slot] = own.get(promise.slot, []) + [line.load]
    slots = tuple(
        replace(slot, taken=_sum([slot.taken, *own[slot.key]])) if slot.key in own else slot
        for slot in route.slots
    )
    return replace(route, slots=slots)


def joined(members):
    """Return the one delivery of several lines: it waits for the last of them."""
    lines = tuple(line for line, _ in members)
    if len(members) == 1:
        return members[0][1]
    latest = max((single for _, single in members), key=lambda promise: promise.window)
    goods, packed = (max(getattr(single, name) for _, single in members) for name in ("goods", "packed"))
    return replace(latest, lines=lines, goods=goods, packed=packed)


def with_full_slot(route, key):
    """Return the route with no room left in the slot ``key``."""
    slots = tuple(replace(s, taken=s.capacity) if s.key == key else s for s in route.slots)
    return replace(route, slots=slots)


def chain(world, route, promise, lines, free):
    """Return (load, pack start, pick start) of a promise: as late as its window allows, in working time.

    ``free``: {resource: free intervals}, from which picking and packing are taken, so that the deliveries of
    one order are not prepared by the same hands at once.
    """
    load = loading(route, promise, world.resources.get(LOAD))
    pack_start = _back(free, PACK, load, sum(line.pack_minutes for line in lines), promise.goods)
    pack_start = promise.packed if pack_start is None else pack_start
    pick_start = _back(free, PICK, pack_start, sum(line.pick_minutes for line in lines), promise.goods)
    return load, pack_start, promise.goods if pick_start is None else pick_start


def _back(free, resource, end, amount, earliest):
    found = schedule_back(free.get(resource), end, minutes(amount), earliest)
    if found and resource in free:
        free[resource] = without(free[resource], found[1])
    return found and found[0]
