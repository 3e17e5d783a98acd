"""What a delivery takes of a slot, in the five dimensions a slot can run out of."""

from dataclasses import astuple, dataclass, fields
from decimal import ROUND_HALF_UP, Decimal

from .arguments import is_amount

_STEP = Decimal("0.001")  # the database keeps thousandths; sums stay exact


@dataclass(frozen=True)
class Load:
    """Drops, pallets, kilograms, cubic metres and minutes at the door; as a demand or as what is free."""

    drops: float = 1
    pallets: float = 0
    kg: float = 0
    m3: float = 0
    minutes: float = 0

    def exact(self):
        """Return the five amounts as decimals of thousandths, in the order of :data:`DIMENSIONS`."""
        return [Decimal(str(value)).quantize(_STEP, ROUND_HALF_UP) for value in astuple(self)]


DIMENSIONS = tuple(field.name for field in fields(Load))


class LoadError(ValueError):
    """A demand below zero, of nothing at all, or no number; ``dimension`` names it."""

    def __init__(self, dimension):
        super().__init__(dimension)
        self.dimension = dimension


def read_load(values):
    """Return the :class:`Load` that a client's dictionary asks for; by default one drop of nothing."""
    if not isinstance(values, dict):
        raise LoadError(values)
    for name in values:
        if name not in DIMENSIONS:
            raise LoadError(name)
    amounts = {name: _amount(name, value) for name, value in values.items()}
    load = Load(**amounts)
    if not any(load.exact()):
        raise LoadError("drops")
    return load


def _amount(name, value):
    if not is_amount(value):
        raise LoadError(name)
    return value


def binding(capacity, taken, asked):
    """Return the dimensions in which ``asked`` no longer fits, in order.

    Drops always count; of the others a capacity of 0 means "not limited".
    """
    found = []
    for name, limit, used, more in zip(
        DIMENSIONS, capacity.exact(), taken.exact(), asked.exact(), strict=True
    ):
        if more and (limit or name == "drops") and used + more > limit:
            found.append(name)
    return found
