"""The vital few: counts by size with their share of all so far; and how alike two tickets are."""

from collections.abc import Mapping
from dataclasses import dataclass

WEIGHTS = {"product": 4, "symptom": 3, "cause": 2, "model": 2, "category": 1}


def pareto(counts: Mapping[str, float]) -> list[tuple[str, float, float, float]]:
    """``(name, count, percent, percent so far)``, the largest first; names decide between equals.

    >>> pareto({"a": 1, "b": 3})
    [('b', 3, 75.0, 75.0), ('a', 1, 25.0, 100.0)]
    """
    total = sum(counts.values())
    rows, so_far = [], 0.0
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        so_far += count
        rows.append((name, count, 100.0 * count / total, 100.0 * so_far / total))
    return rows


@dataclass(frozen=True)
class Likeness:
    """What two tickets may have in common; None is not known and never alike. ``model``: the product's
    template, ``rating``: what the customer thought of the solution.
    """

    product: int | None = None
    model: int | None = None
    symptom: int | None = None
    cause: int | None = None
    category: int | None = None


def likeness(one: Likeness, other: Likeness) -> int:
    """Points for everything known that is the same; 0 for nothing in common that a solution hangs on."""
    same = {name for name in WEIGHTS if getattr(one, name) and getattr(one, name) == getattr(other, name)}
    if not same & {"product", "model"} and not {"symptom", "cause"} <= same:
        return 0
    return sum(WEIGHTS[name] for name in same)
