"""The smallest change of a selection that admits wanted values.

Minimum hitting sets: every set of choices that cannot stand together with the wanted values must lose one.
The solver names such sets, a hitting-set solver proposes the fewest choices to give up, until the rest
stands. Of ties (``TIES`` of them, ``TIE_SECONDS`` to find them and as long to price them) the cheapest wins.
"""

import heapq
from time import monotonic

from pysat.examples.hitman import Hitman

from .engine import Engine, bits

TIES = 12
TIE_SECONDS = 0.2
COMBINATIONS = 400


def smallest_removals(engine: Engine, wanted: int, chosen: int, deadline: float):
    """Return (masks to give up, each of the smallest number, proved); no masks if ``wanted`` cannot be.

    A good answer is known from the beginning, and every round may better it; it is proved once no fewer
    choices hit all the sets found.
    """
    if engine.solve(engine.literals(wanted)) is None:
        return [], True
    best = _greedy(engine, wanted, chosen)
    if not best:
        return [best], True
    found: list[int] = []
    with Hitman(solver="m22", htype="sorted") as hitman:
        best = _smaller(best, _widened(engine, wanted, chosen, 0, hitman))
        while monotonic() < deadline and len(found) < TIES:
            removed = hitman.get()
            mask = sum(removed or ())
            if mask.bit_count() > best.bit_count() or removed is None:
                return found, True
            rest = _widened(engine, wanted, chosen, mask, hitman)
            if rest == mask:
                found.append(mask)
                hitman.block(removed)
            best = _smaller(best, rest)
            if mask.bit_count() == best.bit_count() and not found:
                found = [best]
            if found:
                deadline = min(deadline, monotonic() + TIE_SECONDS)
    return list(dict.fromkeys(found)) or [best], bool(found)


def _smaller(first: int, second: int) -> int:
    return second if second.bit_count() < first.bit_count() else first


def _widened(engine: Engine, wanted: int, chosen: int, mask: int, hitman: Hitman) -> int:
    """Return ``mask`` widened until the other choices stand; tell ``hitman`` each set that was at odds."""
    while (core := _conflict(engine, wanted, chosen & ~mask)) is not None:
        hitman.hit(core)
        mask |= sum(core)
    return mask


def _conflict(engine: Engine, wanted: int, kept: int) -> list[int] | None:
    """Return a small set of ``kept`` bits that contradicts ``wanted``; None if all can stay."""
    fixed = engine.literals(wanted)
    if engine.is_consistent(wanted | kept):
        return None
    core = [literal for literal in engine.core() if not wanted >> (literal - 1) & 1]
    for literal in list(core):
        rest = [other for other in core if other != literal]
        if engine.solve([*fixed, *rest]) is None:
            core = rest
    return [1 << (literal - 1) for literal in core]


def _greedy(engine: Engine, wanted: int, chosen: int) -> int:
    """Return what is lost when the configuration known nearest takes up the other choices one by one."""
    engine.prefer(wanted | chosen)
    engine.dive(engine.literals(wanted))
    nearest = max(engine.holding(wanted), key=lambda mask: (mask & chosen).bit_count())
    kept = wanted | nearest & chosen
    for bit in bits(chosen & ~kept):
        found = engine.near(nearest, kept, bit) or engine.solve(engine.literals(kept | bit))
        if found and not kept & bit:
            nearest = found
            kept |= nearest & chosen
    return chosen & ~kept


def cheapest_replacement(engine: Engine, kept: int, removed: int, prices: dict) -> tuple[int, int]:
    """Return (mask of replacements, price) for the classes of ``removed``, the cheapest that fit ``kept``.

    Best first over the classes' values by price; the first that the solver accepts is the cheapest. A removed
    value of a multiple-choice class needs no replacement.
    """
    classes = [engine.class_mask[bit] for bit in bits(removed) if bit in engine.class_mask]
    classes = [mask for mask in dict.fromkeys(classes) if not mask & kept]
    ladders = [_ladder(engine, mask & ~removed, prices) for mask in classes]
    if any(not ladder for ladder in ladders):
        return 0, 0
    start = (0,) * len(ladders)
    queue = [(sum(ladder[0][0] for ladder in ladders), start)]
    seen = {start}
    tried = 0
    while queue:
        price, steps = heapq.heappop(queue)
        mask = sum(ladder[step][1] for ladder, step in zip(ladders, steps, strict=True))
        if engine.is_consistent(kept | mask):
            return mask, price
        tried += 1
        if tried > COMBINATIONS:
            break
        for nearby, cost in _next_steps(steps, ladders):
            if nearby not in seen:
                seen.add(nearby)
                heapq.heappush(queue, (price + cost, nearby))
    return _any_replacement(engine, kept, classes, prices)


def _ladder(engine, mask, prices):
    """Return (price, bit) of the class's values, cheapest first; equal prices keep the offered order."""
    return sorted(
        ((prices.get(engine.values[bit.bit_length() - 1], 0), bit) for bit in bits(mask)),
    )


def _next_steps(steps, ladders):
    for index, step in enumerate(steps):
        if step + 1 < len(ladders[index]):
            cost = ladders[index][step + 1][0] - ladders[index][step][0]
            yield (*steps[:index], step + 1, *steps[index + 1 :]), cost


def _any_replacement(engine, kept, classes, prices):
    found = engine.solve(engine.literals(kept)) or 0
    mask = sum(found & class_mask for class_mask in classes)
    return mask, sum(prices.get(value, 0) for value in engine.unmask(mask))
