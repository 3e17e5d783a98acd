"""From the lines of a transfer to pieces for :mod:`..cartonize`, and from its cartons back to the lines.

A line of 14 in boxes of 6 becomes two boxes and two loose pieces when the box has a size, else 14 pieces.
Equal pieces of several lines are packed as one, then counted off to the lines in the order of the walk, so
that few lines are spread over two cartons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from ..cartonize import Carton, Item

MAX_PIECES = 20000  # of one transfer: beyond it, goods go by the pallet, not by the carton
EPSILON = 1e-6


@dataclass(frozen=True)
class Piece:
    """A thing to put into a carton: ``content`` units of the product in one. No ``size``: not measured."""

    content: float
    size: tuple[int, int, int]
    weight: float

    @property
    def is_measured(self):
        return min(self.size) > 0


@dataclass(frozen=True)
class Goods:
    """What one line brings: ``quantity`` in the product's own unit, loose or in the ``box`` it is sold in."""

    line: object
    product: object
    quantity: float
    loose: Piece
    box: Piece | None = None
    upright: bool = False
    fragile: bool = False
    tags: frozenset = frozenset()
    apart: frozenset = frozenset()


@dataclass(frozen=True)
class PackingList:
    """``items`` for :func:`..cartonize.cartonize`; ``waiting[key]``: ``(line, amount)`` of each piece.

    ``problems``: ``(line, code)``, code "unmeasured", "pieces" (too many) or "no_weight" (packed all
    the same).
    """

    items: tuple[Item, ...]
    waiting: dict
    problems: tuple[tuple[object, str], ...]


def packing_list(lines: Sequence[Goods]) -> PackingList:
    """Turn ``lines``, given in picking order, into items; an item's key is ``(product, content)``."""
    waiting, items, problems, room = {}, {}, [], MAX_PIECES
    for goods in lines:
        pieces, problem = _pieces(goods, room)
        if problem:
            problems.append((goods.line, problem))
        room -= sum(count for _piece, count, _last in pieces)
        for piece, count, last in pieces:
            key = (goods.product, piece.content)
            amounts = [(goods.line, piece.content)] * (count - 1) + [(goods.line, last)]
            waiting.setdefault(key, []).extend(amounts)
            items[key] = _item(key, goods, piece, len(waiting[key]))
    return PackingList(tuple(items.values()), waiting, tuple(problems))


def _item(key, goods, piece, quantity):
    return Item(
        key, piece.size, piece.weight, quantity, goods.upright, goods.fragile, goods.tags, goods.apart
    )


def _pieces(goods, room):
    """``([(piece, count, amount in the last one)], problem)``; a begun unit takes the room of a whole one."""
    found, rest = [], goods.quantity
    if goods.box and goods.box.is_measured and goods.box.content > 0:
        boxes = int((rest + EPSILON) // goods.box.content)
        if boxes:
            found.append((goods.box, boxes, goods.box.content))
            rest -= boxes * goods.box.content
    loose = ceil(rest - EPSILON)
    if loose > 0:
        if not goods.loose.is_measured:
            return [], "unmeasured"
        found.append((goods.loose, loose, rest - (loose - 1)))
    if sum(count for _piece, count, _last in found) > room:
        return [], "pieces"
    return found, "" if all(piece.weight > 0 for piece, *_counts in found) else "no_weight"


def count_off(cartons: Sequence[Carton], waiting: dict) -> list[dict]:
    """Per carton ``{line: quantity}``; first lines first."""
    turns = {key: iter(amounts) for key, amounts in waiting.items()}
    answer = []
    for carton in cartons:
        lines = {}
        for placement in carton.placements:
            line, amount = next(turns[placement.key])
            lines[line] = lines.get(line, 0.0) + amount
        answer.append(lines)
    return answer


def refused_lines(refused, waiting: dict) -> list[tuple[object, str]]:
    """``(line, reason)`` of each line with a piece that no carton takes, each once."""
    return list(dict.fromkeys((line, reason) for key, reason in refused for line, _amount in waiting[key]))
