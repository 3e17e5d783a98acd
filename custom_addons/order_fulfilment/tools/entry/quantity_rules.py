"""Order quantities: minimum, multiple and the agreed flexibility band."""

import math
from dataclasses import dataclass
from decimal import Decimal

MINIMUM, MULTIPLE, BAND = "minimum", "multiple", "band"


@dataclass(frozen=True)
class QuantityRule:
    """All quantities are in the product's own unit; 0 means that this part of the rule does not bind.

    ``agreed`` is the quantity the customer and we agreed for one order or one period, ``up``/``down`` how
    many percent more or less are fine without asking. The lower end only binds when the agreement is per
    order: a week or month is not over yet.
    """

    minimum: float = 0.0
    multiple: float = 0.0
    agreed: float = 0.0
    up: float = 0.0
    down: float = 0.0
    is_per_order: bool = True


def is_multiple(quantity: float, multiple: float) -> bool:
    """Say whether quantity is n × multiple; decimal, because 0.3 is a multiple of 0.1 for a person."""
    return not multiple or Decimal(str(quantity)) % Decimal(str(multiple)) == 0


def band(rule: QuantityRule) -> tuple[float, float]:
    """Return the least and the most that may be ordered without asking; (0, inf) when nothing is agreed."""
    if not rule.agreed:
        return 0.0, math.inf
    return rule.agreed * (1 - rule.down / 100), rule.agreed * (1 + rule.up / 100)


def problems(quantity: float, rule: QuantityRule, already: float = 0.0) -> list[str]:
    """Name what is wrong with ordering ``quantity`` when ``already`` was ordered in the same period."""
    found = []
    if rule.minimum and quantity < rule.minimum:
        found.append(MINIMUM)
    if not is_multiple(quantity, rule.multiple):
        found.append(MULTIPLE)
    least, most = band(rule)
    slack = 1e-9 * max(1.0, abs(quantity))
    if quantity + already > most + slack or (rule.is_per_order and quantity < least - slack):
        found.append(BAND)
    return found


def nearest(quantity: float, rule: QuantityRule) -> float:
    """Return the smallest quantity that is not less than asked and keeps minimum and multiple."""
    wanted = max(quantity, rule.minimum)
    if not rule.multiple:
        return wanted
    step = Decimal(str(rule.multiple))
    return float(math.ceil(Decimal(str(wanted)) / step) * step)
