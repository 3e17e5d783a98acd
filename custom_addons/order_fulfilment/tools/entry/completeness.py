"""How completely a customer is defined, and what is missing for what reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """One thing to know about a customer: ``reason`` says what goes wrong without it."""

    field: str
    label: str
    reason: str
    is_met: bool
    weight: int = 1


def percent(requirements: list[Requirement]) -> int:
    """Return the met share in percent, by weight; 100 only when nothing is missing."""
    total = sum(item.weight for item in requirements)
    met = sum(item.weight for item in requirements if item.is_met)
    return 100 * met // total if total else 100


def missing(requirements: list[Requirement]) -> list[Requirement]:
    """Return what is not met, most important first."""
    return sorted((item for item in requirements if not item.is_met), key=lambda item: -item.weight)
