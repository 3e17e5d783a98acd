"""Prices and money on an order: how far off, and how much credit is used."""

from dataclasses import dataclass

# For a line's ``technical_price_unit``: Odoo prices a line anew when its quantity changes, unless its price
# differs from the one that was last computed. A price that came with the order is agreed and must stay.
AGREED_PRICE = -1.0


def deviation_percent(price: float, expected: float) -> float:
    """Return by how many percent ``price`` is above (+) or below (-) ``expected``; 0 without an expectation.

    Without the noise of binary fractions: 0.95 is 5 % below 1, not a trifle more.
    """
    return round((price - expected) / expected * 100.0, 6) if expected else 0.0


@dataclass(frozen=True)
class CreditUse:
    """What a customer owes or is about to owe, in the company's currency.

    ``receivable`` is what posted invoices left open, ``to_invoice`` what confirmed orders will still bring
    (goods delivered but not invoiced are part of it), ``order`` the order in hand.
    """

    limit: float
    receivable: float
    to_invoice: float
    order: float

    @property
    def total(self) -> float:
        """Everything together."""
        return self.receivable + self.to_invoice + self.order

    @property
    def excess(self) -> float:
        """By how much the limit is exceeded; 0 when it is kept or there is none."""
        return max(0.0, round(self.total - self.limit, 2)) if self.limit else 0.0
