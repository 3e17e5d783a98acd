"""Quantity flexibility: how far a quantity may still change, the nearer the delivery the less."""

from collections.abc import Iterable
from typing import NamedTuple


class Fence(NamedTuple):
    """Inside ``days`` before the delivery, at most ``up`` percent more and ``down`` percent less."""

    days: int
    up: float
    down: float


class Change(NamedTuple):
    """A change that was asked for: the quantity before, asked for and reached."""

    before: float
    asked: float
    met: float


def fence_for(fences: Iterable[Fence], days_left: int) -> Fence | None:
    """Return the innermost fence that a delivery in ``days_left`` days lies in; None before all of them."""
    inside = [fence for fence in fences if days_left < fence.days]
    return min(inside, default=None)


def met_share(change: Change) -> float:
    """Return how much of the change was met, 0.0 to 1.0."""
    asked = abs(change.asked - change.before)
    return min(abs(change.met - change.before) / asked, 1.0) if asked else 1.0


def flexibility_ratio(changes: Iterable[Change]) -> float | None:
    """Return the quantity by which orders were changed for the quantity asked for; None if none was."""
    changes = list(changes)
    asked = sum(abs(change.asked - change.before) for change in changes)
    return sum(abs(change.met - change.before) for change in changes) / asked if asked else None
