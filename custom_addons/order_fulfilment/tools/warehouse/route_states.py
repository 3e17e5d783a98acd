"""State machine behind the exact pick route: what a partial tour looks like at its right-hand edge.

Ratliff and Rosenthal (1983) build a shortest tour through one block aisle by aisle and remember only, for the
crossings of the last aisle with the cross-aisles, whether their degree is zero, odd or even and which of them
hang together. Roodbergen and de Koster (2001) do the same with a middle cross-aisle. Both are the same
machine with two and three crossings; ``tables(n)`` builds it for ``n`` crossings, once per process.

A state is a tuple with one number per crossing: 0 when no edge touches it, else ``2 * component + odd``.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

NONE, PASS, DOUBLE, LOW, HIGH, BOTH = range(6)  # ways to serve one aisle between two crossings
SERVING = (PASS, DOUBLE, LOW, HIGH, BOTH)
IDLE = (NONE, PASS, DOUBLE)
CLOSED = "closed"  # the tour is complete; nothing may be added any more

State = tuple[int, ...] | str


@dataclass(frozen=True)
class Tables:
    """Transitions by state number: lists of ``(choice, next state)``.

    ``serve[block]`` and ``idle[block]``: aisle between two crossings with and without stops. ``walk``: to the
    next aisle; the choice is the number of edges laid on each cross-aisle. ``touch[crossing]``: the depot is
    there. ``final``: numbers of the states in which the tour is complete.
    """

    start: int
    serve: list
    idle: list
    walk: list
    touch: list
    final: frozenset


def _canonical(state):
    """Number components in order of appearance."""
    numbers = {}
    return tuple(
        0 if not value else 2 * numbers.setdefault(value // 2, len(numbers) + 1) + value % 2
        for value in state
    )


def _touch(state, crossing):
    if state == CLOSED:
        return None
    if state[crossing]:
        return state
    fresh = max(value // 2 for value in state) + 1
    return _canonical((*state[:crossing], 2 * fresh, *state[crossing + 1 :]))


def _join(state, low, high, odd):
    """Lay one (odd) or two edges between two crossings."""
    first, second = state[low] // 2, state[high] // 2
    joined = [2 * first + value % 2 if value and value // 2 == second else value for value in state]
    if odd:
        joined[low] ^= 1
        joined[high] ^= 1
    return _canonical(tuple(joined))


def _vertical(state, block, choice):
    if choice == NONE:
        return state
    if state == CLOSED:
        return None
    if choice != HIGH:
        state = _touch(state, block)
    if choice != LOW:
        state = _touch(state, block + 1)
    return _join(state, block, block + 1, choice == PASS) if choice in (PASS, DOUBLE) else state


def _is_complete(state):
    return state == CLOSED or (
        not any(value % 2 for value in state) and len({value // 2 for value in state if value}) == 1
    )


def _walks(state):
    """Yield ``(edges per cross-aisle, next state)``; an odd crossing needs one edge, an even one none or
    two.
    """
    if state == CLOSED:
        yield (), CLOSED
        return
    if not any(state):
        yield (0,) * len(state), state
        return
    for edges in product(*(((0,) if not value else (1,) if value % 2 else (0, 2)) for value in state)):
        if not any(edges):
            if _is_complete(state):
                yield edges, CLOSED
            continue
        kept = {value // 2 for value, edge in zip(state, edges, strict=True) if edge}
        if kept == {value // 2 for value in state if value}:  # else a part of the tour would be cut off
            yield (
                edges,
                _canonical(
                    tuple(
                        2 * (value // 2) + edge % 2 if edge else 0
                        for value, edge in zip(state, edges, strict=True)
                    )
                ),
            )


def _successors(state, crossings):
    for block in range(crossings - 1):
        yield from (_vertical(state, block, choice) for choice in range(6))
    yield from (_touch(state, crossing) for crossing in range(crossings))
    yield from (following for _edges, following in _walks(state))


def _reachable(crossings):
    start = (0,) * crossings
    found, pending = {start: 0}, [start]
    while pending:
        for following in _successors(pending.pop(), crossings):
            if following is not None and following not in found:
                found[following] = len(found)
                pending.append(following)
    return found


@lru_cache(maxsize=8)
def tables(crossings):
    """Build the machine for ``crossings`` cross-aisles (at least 2; 7 states for 2, some hundred for 4)."""
    number = _reachable(crossings)

    def rows(step, choices):
        return [
            [(choice, number[to]) for choice in choices if (to := step(state, choice)) is not None]
            for state in number
        ]

    blocks = range(crossings - 1)
    return Tables(
        start=0,
        serve=[rows(lambda state, choice, b=b: _vertical(state, b, choice), SERVING) for b in blocks],
        idle=[rows(lambda state, choice, b=b: _vertical(state, b, choice), IDLE) for b in blocks],
        walk=[[(edges, number[to]) for edges, to in _walks(state)] for state in number],
        touch=[rows(_touch, (crossing,)) for crossing in range(crossings)],
        final=frozenset(index for state, index in number.items() if _is_complete(state)),
    )
