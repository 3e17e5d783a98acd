"""Does a fiscal position fit the country the goods go to?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class FiscalRule:
    """The geographic part of a fiscal position. No countries: it is for everywhere."""

    position: int
    countries: frozenset[int] = frozenset()
    states: frozenset[int] = frozenset()


def fits(rule: FiscalRule, country: int, state: int = 0) -> bool:
    """Say whether goods delivered to ``country`` may be taxed by ``rule``."""
    if rule.countries and country not in rule.countries:
        return False
    return not rule.states or state in rule.states


def candidates(rules: list[FiscalRule], country: int, state: int = 0) -> list[int]:
    """Return the positions made for this very country; those for everywhere do not count."""
    return [rule.position for rule in rules if rule.countries and fits(rule, country, state)]
