"""Does a fiscal position fit the country the goods go to?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class FiscalRule:
    """The geographic part of a fiscal position. No countries: it is for everywhere."""

    position: int
    countries: frozenset[int] = frozenset()
    states: frozenset[int] = frozenset()
    zip_from: str = ""
    zip_to: str = ""


def fits(rule: FiscalRule, country: int, state: int = 0, zip_code: str = "") -> bool:
    """Say whether goods delivered to this place may be taxed by ``rule``; post codes compare as texts, as
    Odoo does."""
    if rule.countries and country not in rule.countries:
        return False
    if rule.zip_from and rule.zip_to and not rule.zip_from <= zip_code <= rule.zip_to:
        return False
    return not rule.states or state in rule.states


def candidates(rules: list[FiscalRule], country: int, state: int = 0, zip_code: str = "") -> list[int]:
    """Return the positions made for this very place, the ones for a part of a country first; those for
    everywhere do not count."""
    found = [rule for rule in rules if rule.countries and fits(rule, country, state, zip_code)]
    found.sort(key=lambda rule: not (rule.states or rule.zip_from))
    return [rule.position for rule in found]
