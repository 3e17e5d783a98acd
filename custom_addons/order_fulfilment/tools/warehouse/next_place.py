"""Where to go on when goods are not where they should be: the next-best places that hold them."""

from collections.abc import Sequence
from dataclasses import dataclass

EPSILON = 1e-6


@dataclass(frozen=True)
class Stock:
    """``free`` of the goods at one place; ``metres`` is how much longer the rest of the walk gets by it.

    ``rank`` is its turn in the removal strategy, from 0.
    """

    free: float
    metres: float
    rank: int


def next_best(stocks: Sequence[Stock], missing: float, by_rank: bool) -> list[tuple[int, float]]:
    """``(index of stock, quantity to take)`` until ``missing`` is covered or nothing is left.

    ``by_rank``: the strategy binds (first expiry first, say). Otherwise the place that adds least to the
    walk, one that holds everything before one that would need a second stop.
    """

    def strictly(index):
        return stocks[index].rank

    def nearest(index):
        stock = stocks[index]
        return stock.free < missing - EPSILON, stock.metres, stock.rank

    taken = []
    for index in sorted(range(len(stocks)), key=strictly if by_rank else nearest):
        quantity = min(stocks[index].free, missing)
        if quantity > EPSILON:
            taken.append((index, quantity))
            missing -= quantity
    return taken
