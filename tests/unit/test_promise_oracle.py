"""Promises against a brute-force oracle: random small cases on a grid of half hours.

200 by default; ``PROMISE_ORACLE=1000`` sets the number.
"""

import os
import random
from datetime import datetime

import promise_oracle
import pytest
from jit_tools.promise import Line, Route, Slot, promise_together
from jit_tools.promise_supply import Recipe, World
from jit_tools.slot_load import Load
from jit_tools.windows import Interval, merge

NOW = datetime(2027, 3, 1)
GRID = promise_oracle.GRID
CASES = int(os.environ.get("PROMISE_ORACLE", "200"))
SHARDS = 10
PRODUCTS = ("bike", "frame", "wheel", "rim")


def at(rng, cells=200):
    return NOW + rng.randrange(cells) * GRID


def spans(rng, count, longest):
    return tuple(
        merge(
            [
                Interval(begin, begin + rng.randint(1, longest) * GRID)
                for begin in (at(rng) for _ in range(count))
            ]
        )
    )


def random_world(rng):
    supply = {}
    for product in PRODUCTS:
        changes = [(NOW, rng.randrange(5))] if rng.random() < 0.7 else []
        changes += [(at(rng), rng.choice((-2, -1, 1, 2, 4, 8))) for _ in range(rng.randrange(4))]
        supply[product] = changes
    recipes = {
        "bike": Recipe((("frame", 1), ("wheel", 2)), (("bench", 30, 0), ("test", 0, rng.choice((0, 30))))),
        "wheel": Recipe((("rim", 1),), ((rng.choice(("bench", "lacing", "unlimited")), 30, 0),)),
    }
    resources = {
        "bench": spans(rng, 6, 8),
        "test": spans(rng, 12, 8),
        "lacing": spans(rng, 6, 8),
        "pick": rng.choice((None, spans(rng, 9, 8))),
        "pack": rng.choice((None, spans(rng, 9, 8))),
        "load": rng.choice((None, spans(rng, 9, 8))),
    }
    return World(NOW, NOW + 220 * GRID, supply, recipes if rng.random() < 0.8 else {}, resources)


def random_route(rng):
    cycles = None
    if rng.random() < 0.7:
        cutoffs = sorted(at(rng) for _ in range(rng.randint(1, 8)))
        cycles = tuple((cutoff, cutoff + 4 * GRID) for cutoff in cutoffs)
    slots = None
    if rng.random() < 0.7:
        slots = tuple(
            Slot(
                n,
                s,
                s + rng.randint(2, 6) * GRID,
                Load(3, kg=rng.choice((0, 10))),
                Load(rng.randrange(4), kg=rng.randrange(11)),
            )
            for n, s in enumerate(at(rng) for _ in range(rng.randint(1, 15)))
        )
    receiving = spans(rng, 10, 10) if rng.random() < 0.7 else None
    return Route(cycles, rng.choice((0, 60, 600)), receiving, slots, rng.choice((30, 60)))


def random_lines(rng):
    return [
        Line(
            n,
            rng.choice(PRODUCTS),
            rng.randint(1, 4),
            Load(0, kg=rng.randrange(4)),
            rng.choice((0, 30)),
            rng.choice((0, 30)),
        )
        for n in range(rng.randint(1, 3))
    ]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_promise_equals_brute_force(shard):
    rng, promised = random.Random(shard), 0
    for _ in range(CASES // SHARDS):
        world, route, lines = random_world(rng), random_route(rng), random_lines(rng)
        not_before = at(rng, 100) if rng.random() < 0.3 else None
        promise = promise_together(world, route, lines, not_before)
        expected = promise_oracle.earliest(
            world, route, lines, sum(line.load.kg for line in lines), not_before
        )
        assert (promise.window and promise.window.start) == expected, (world, route, lines, not_before)
        assert promise.reasons or expected == NOW
        promised += expected is not None
    assert promised > 0
