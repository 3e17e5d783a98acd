"""Life of a return, and what each disposition means for the goods and for the customer."""

from collections.abc import Iterable
from dataclasses import dataclass

TRANSITIONS = {
    "draft": {"confirmed", "cancel"},
    "confirmed": {"in_progress", "cancel"},
    "in_progress": {"done"},
    "done": set(),
    "cancel": {"draft"},
}
# disposition -> (where the goods go by default, may be chosen otherwise, delivered quantity is taken back)
DISPOSITIONS = {
    "restock": ("restock", False, True),
    "repair": ("repair", False, False),
    "scrap": ("scrap", False, False),
    "replace": ("scrap", True, False),
    "credit": ("restock", True, True),
}
GOODS_TO = ("restock", "scrap", "repair")
# Cures that cost the company something, given for a defect only where the warranty covers it.
NEEDS_WARRANTY = ("replace", "credit")


def is_allowed(before: str, after: str) -> bool:
    return after in TRANSITIONS[before]


def goods_go_to(disposition: str, chosen: str | None) -> str:
    """Where the goods go: as chosen, where the disposition leaves a choice."""
    default, is_free, _refunds = DISPOSITIONS[disposition]
    return chosen if chosen and is_free else default


def is_taken_back(disposition: str | None) -> bool:
    """Whether the customer is no longer charged for the goods."""
    return bool(disposition) and DISPOSITIONS[disposition][2]


@dataclass(frozen=True)
class Source:
    """Something that a quantity can be taken from: a delivery, an invoice line."""

    key: int
    left: float


def allocate(quantity: float, sources: Iterable[Source], step: float = 1e-6) -> tuple[list, float]:
    """Take ``quantity`` from the sources in their order: ``([(key, quantity)], missing)``."""
    taken, missing = [], quantity
    for source in sources:
        share = min(source.left, missing)
        if share > step:
            taken.append((source.key, share))
            missing -= share
    return taken, missing if missing > step else 0.0
