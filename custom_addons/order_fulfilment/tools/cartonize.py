"""Which cartons an order needs and where each item lies in them.

Fewest cartons first, then the least volume. Every item rests with its whole base on the carton's floor or on
items, so a person can pack in the order given and nothing tips. Lengths are whole
millimetres, weights kilograms.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from .warehouse.carton_fill import Fill, orientations

INFINITE = float("inf")
ATTEMPTS = 120
SECONDS = 0.2


@dataclass(frozen=True)
class Item:
    """``quantity`` equal goods. ``upright``: only turned about the vertical. ``fragile``: carries nothing.

    ``tags`` say what it is, ``apart`` with which tags it must not share a carton ("food", "solvent").
    """

    key: object
    size: tuple[int, int, int]
    weight: float = 0.0
    quantity: int = 1
    upright: bool = False
    fragile: bool = False
    tags: frozenset = frozenset()
    apart: frozenset = frozenset()

    def __post_init__(self):
        if min(self.size) <= 0 or self.quantity < 1 or self.weight < 0:
            raise ValueError(f"Item {self.key}: sizes and quantity must be above zero, the weight not below.")

    @property
    def volume(self):
        return self.size[0] * self.size[1] * self.size[2]

    def agrees_with(self, other):
        return not (self.apart & other.tags or other.apart & self.tags)


@dataclass(frozen=True)
class CartonType:
    """Inner ``size``; ``max_weight`` is gross, the carton's own ``tare`` included."""

    key: object
    size: tuple[int, int, int]
    max_weight: float = INFINITE
    tare: float = 0.0

    @property
    def volume(self):
        return self.size[0] * self.size[1] * self.size[2]


@dataclass(frozen=True)
class Placement:
    """One piece: its corner nearest the carton's origin, and its size as turned."""

    key: object
    position: tuple[int, int, int]
    size: tuple[int, int, int]


@dataclass(frozen=True)
class Carton:
    """A filled carton; ``placements`` in packing order, each after what carries it."""

    type: CartonType
    placements: tuple[Placement, ...]
    weight: float

    @property
    def fill(self):
        """Share of the inner volume that goods take."""
        used = sum(place.size[0] * place.size[1] * place.size[2] for place in self.placements)
        return used / self.type.volume


@dataclass(frozen=True)
class Proposal:
    """``refused``: ``(item key, reason)`` with reason "size" or "weight" for what no carton takes."""

    cartons: tuple[Carton, ...]
    refused: tuple[tuple[object, str], ...] = field(default=())

    @property
    def volume(self):
        return sum(carton.type.volume for carton in self.cartons)


def cartonize(items: Sequence[Item], types: Sequence[CartonType], seconds: float = SECONDS) -> Proposal:
    """Propose cartons for ``items``. Same input, same answer, unless ``seconds`` run out first."""
    refused = [(item.key, reason) for item in items if (reason := _refusal(item, types))]
    unpackable = {key for key, _reason in refused}
    goods = [item for item in items if item.key not in unpackable]
    if not goods:
        return Proposal((), tuple(refused))
    return Proposal(_Packer(goods, types, seconds).best(), tuple(refused))


def _refusal(item, types):
    """Why no carton takes one piece of ``item``; empty when one does."""
    roomy = [
        kind
        for kind in types
        if any(all(a <= b for a, b in zip(turned, kind.size, strict=True)) for turned in orientations(item))
    ]
    if not roomy:
        return "size"
    return "" if any(item.weight + kind.tare <= kind.max_weight for kind in roomy) else "weight"


class _Packer:
    """Tries many orders of filling and keeps the best set of cartons."""

    def __init__(self, items, types, seconds):
        self.items = list(items)
        self.types = sorted(types, key=lambda kind: kind.volume)
        self.deadline = time.monotonic() + seconds
        self.dice = random.Random(1)

    def best(self):
        best = None
        for attempt in range(ATTEMPTS):
            cartons = self._attempt(attempt)
            if best is None or self._rank(cartons) < self._rank(best):
                best = cartons
            if time.monotonic() > self.deadline or self._is_surely_best(best):
                break
        return tuple(best)

    @staticmethod
    def _rank(cartons):
        return len(cartons), sum(carton.type.volume for carton in cartons)

    def _is_surely_best(self, cartons):
        """One carton, and no smaller type has the volume and takes the weight."""
        if len(cartons) > 1:
            return False
        volume = sum(item.volume * item.quantity for item in self.items)
        weight = sum(item.weight * item.quantity for item in self.items)
        possible = [
            kind for kind in self.types if kind.volume >= volume and kind.max_weight >= weight + kind.tare
        ]
        return not possible or possible[0].volume >= cartons[0].type.volume

    def _attempt(self, number):
        """Fill carton after carton; the first attempts go through the plain rules, later ones shuffle."""
        counts, cartons = {item.key: item.quantity for item in self.items}, []
        while any(counts.values()):
            filled = self._next_carton(counts, number)
            for placement in filled.placements:
                counts[placement.key] -= 1
            cartons.append(filled)
        return cartons

    def _next_carton(self, counts, number):
        """The smallest carton that takes all that is left, else the one that takes the most volume."""
        left = sum(counts.values())
        volume = sum(item.volume * counts[item.key] for item in self.items)
        filled = {}
        for index, kind in enumerate(self.types):
            if kind.volume >= volume:
                filled[index] = self._fill(kind, counts, number)
                if len(filled[index].placements) == left:
                    return filled[index]
        return self._fullest(filled, counts, number)

    def _fullest(self, filled, counts, number):
        """The carton with the most in it, the smaller of equals; what cannot hold as much is not tried.

        The largest need not take anything: a smaller one may bear more weight.
        """
        best, most = None, -1
        for index in reversed(range(len(self.types))):
            kind = self.types[index]
            if index not in filled and most > 0 and (kind.volume < most or number % 2):
                continue
            carton = filled.get(index) or self._fill(kind, counts, number)
            taken = round(carton.fill * kind.volume)
            if taken >= most:
                best, most = carton, taken
        return best

    def _fill(self, kind, counts, number):
        fill = Fill(kind, rule=number % 4, blocks=number // 4 % 2 == 0)
        items = sorted(self.items, key=lambda item: self._sort_key(item, number))
        for item in items:
            fill.add(item, counts[item.key])
        placements = tuple(Placement(*placed) for placed in fill.placed)
        return Carton(kind, placements, fill.weight)

    def _sort_key(self, item, number):
        """Fragile last, since nothing may lie on it; then large first by a measure that changes."""
        size = sorted(item.size, reverse=True)
        measures = (item.volume, size[0], size[0] * size[1], size[-1], item.volume * item.quantity)
        noise = self.dice.uniform(0.5, 1.5) if number >= 2 * len(measures) else 1.0
        return item.fragile, -measures[number % len(measures)] * noise
