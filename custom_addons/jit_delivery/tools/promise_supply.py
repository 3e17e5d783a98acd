"""When goods are there: projected stock over time, assembly from components, and what one order takes of
both.

The projected balance of a product is what is on hand and nobody else's, plus dated supply, less dated
demand. A quantity can be taken from an instant on if the balance never falls below it afterwards: taking it
starves no demand that was there before.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from .working_time import minutes, schedule_forward, without

EPSILON = 1e-6
MAX_LEVELS = 20


@dataclass(frozen=True)
class Recipe:
    """How a product is assembled: (component, quantity per unit), and one step after the other.

    A step is (resource, minutes per unit, minutes once). ``is_to_order``: all that is asked for is made, even
    if some is in stock.
    """

    components: tuple[tuple[object, float], ...] = ()
    steps: tuple[tuple[object, float, float], ...] = ()
    is_to_order: bool = False


NOT_MADE = Recipe()  # of a line: its product is not assembled when it is asked for


@dataclass(frozen=True)
class World:
    """The facts a promise rests on.

    ``supply``: {product: [(instant, change)]}, stock on hand at ``now`` or before; ``unlimited`` products
    are always there (services, untracked goods). ``resources``: {resource: free intervals or None for
    "never the limit"}.
    """

    now: datetime
    horizon: datetime
    supply: dict
    recipes: dict = field(default_factory=dict)
    resources: dict = field(default_factory=dict)
    unlimited: frozenset = frozenset()


class Ready(NamedTuple):
    """``instant`` at which goods are there (None: not within the horizon) and what decided it.

    ``cause`` is "stock", "supply", "assembly" or "none"; ``product`` is the product or resource that was
    last.
    """

    instant: datetime | None
    cause: str
    product: object


class Ledger:
    """Projected balances and free working time, from which lines take in turn; a trial can be undone."""

    def __init__(self, world):
        self.world = world
        self._balances, self._free, self._undo = {}, dict(world.resources), []

    def _balance(self, product):
        """Return (instants, balances, lowest balance from there on) of ``product``."""
        if product not in self._balances:
            changes = {self.world.now: 0.0}
            for instant, change in self.world.supply.get(product, ()):
                at = max(instant, self.world.now)
                changes[at] = changes.get(at, 0.0) + change
            instants, total, balances = sorted(changes), 0.0, []
            for instant in instants:
                total += changes[instant]
                balances.append(total)
            self._balances[product] = (instants, balances, _lowest(balances))
        return self._balances[product]

    def available_now(self, product):
        """Return what can be taken at once without starving anybody, at least 0."""
        return max(self._balance(product)[2][0], 0.0)

    def earliest(self, product, quantity):
        """Return the first instant from which ``quantity`` can be taken, or None within the horizon."""
        instants, _, lowest = self._balance(product)
        for instant, low in zip(instants, lowest, strict=True):
            if low + EPSILON >= quantity:
                return instant if instant <= self.world.horizon else None
        return None

    def take(self, product, quantity, instant):
        """Take ``quantity`` from ``instant`` on."""
        instants, balances, _ = self._balance(product)
        self._undo.append((self._balances, product, self._balances[product]))
        first = bisect_right(instants, instant) - 1
        if instants[first] != instant:
            first += 1
            instants = [*instants[:first], instant, *instants[first:]]
            balances = [*balances[:first], balances[first - 1], *balances[first:]]
        balances = [*balances[:first], *(balance - quantity for balance in balances[first:])]
        self._balances[product] = (instants, balances, _lowest(balances))

    def work(self, resource, start, amount):
        """Take ``amount`` minutes of ``resource`` from ``start`` on; answers the finish, or None."""
        free = self._free.get(resource)
        found = schedule_forward(free, start, minutes(amount))
        if found is None or found[0] > self.world.horizon:
            return None
        if found[1]:
            self._undo.append((self._free, resource, free))
            self._free[resource] = without(free, found[1])
        return found[0]

    def free(self, resource):
        return self._free.get(resource)

    def mark(self):
        return len(self._undo)

    def back_to(self, mark):
        """Undo everything taken since ``mark``."""
        while len(self._undo) > mark:
            book, key, value = self._undo.pop()
            book[key] = value


def _lowest(balances):
    """Return for each balance the lowest from there on."""
    lowest, low = [0.0] * len(balances), float("inf")
    for index in range(len(balances) - 1, -1, -1):
        low = min(low, balances[index])
        lowest[index] = low
    return lowest


def obtain(ledger, product, quantity, level=0, recipe=None):
    """Take ``quantity`` of ``product`` as early as can be and say when all of it is there.

    ``recipe`` is that of an order line; by default the world's.
    What is free now comes from stock; the rest from dated supply or from assembly, whichever is earlier
    (supply if both are); what is made to order from assembly alone. Nothing is taken if it cannot all be had.
    """
    now = ledger.world.now
    recipe = recipe or ledger.world.recipes.get(product)
    recipe = None if recipe is NOT_MADE else recipe
    if product in ledger.world.unlimited or quantity <= EPSILON:
        return Ready(now, "stock", product)
    if recipe and recipe.is_to_order:
        return _try_assembly(ledger, product, recipe, quantity, level, None) or Ready(None, "none", product)
    mark = ledger.mark()
    at_once = min(quantity, ledger.available_now(product))
    if at_once > EPSILON:
        ledger.take(product, at_once, now)
    rest = quantity - at_once
    if rest <= EPSILON:
        return Ready(now, "stock", product)
    supplied = ledger.earliest(product, rest)
    made = recipe and _try_assembly(ledger, product, recipe, rest, level, supplied)
    if made and made.instant:
        return made
    if supplied is None:
        ledger.back_to(mark)
        return made or Ready(None, "none", product)
    ledger.take(product, rest, supplied)
    return Ready(supplied, "supply", product)


def _try_assembly(ledger, product, recipe, quantity, level, supplied):
    """Assemble if that is earlier than ``supplied``; what does not help is undone."""
    if level >= MAX_LEVELS or (supplied is not None and supplied <= ledger.world.now):
        return None
    mark = ledger.mark()
    made = _assemble(ledger, product, recipe, quantity, level)
    if made.instant is None or (supplied is not None and made.instant >= supplied):
        ledger.back_to(mark)
        return made if supplied is None else None
    return made


def _assemble(ledger, product, recipe, quantity, level):
    """Take components and working time for ``quantity`` of ``product``; answers when it is finished."""
    latest = Ready(ledger.world.now, "stock", product)
    for component, per_unit in recipe.components:
        ready = obtain(ledger, component, per_unit * quantity, level + 1)
        if ready.instant is None:
            return ready
        if ready.instant > latest.instant:
            latest = ready
    finish = latest.instant
    for resource, per_unit, once in recipe.steps:
        finish = ledger.work(resource, finish, once + per_unit * quantity)
        if finish is None:
            return Ready(None, "assembly", product)
    if latest.cause == "supply":  # what was waited for says more than the assembly after it
        return Ready(finish, "supply", latest.product)
    return Ready(finish, "assembly", product)
