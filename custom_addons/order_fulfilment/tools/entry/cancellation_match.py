"""Which order line a cancelled line takes back. Pure: candidates in, assignments out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass
class Candidate:
    """An order line that could be cancelled; ``remaining`` is what is ordered and not yet cancelled."""

    line: object
    customer: object
    product: object
    price: Decimal
    ordered: Decimal
    remaining: Decimal
    date: datetime | None


@dataclass(frozen=True)
class Wanted:
    """A line of a cancellation; ``quantity`` is positive."""

    line: object
    customer: object
    product: object
    price: Decimal
    quantity: Decimal
    date: datetime | None


def match(wanted, candidates):
    """Assign every wanted line to one candidate: ``[(wanted, candidate)]``, and the lines without one.

    A candidate fits with the same customer, product and price, an order date that is not later, and enough
    left. The same quantity goes before a larger one, then the latest order: that is the one a customer sends
    back. ``remaining`` of the chosen candidates is reduced, so that nothing is cancelled twice; if a line has
    none, the cancellation is refused as a whole and nothing stays taken.
    """
    pairs, unmatched = [], []
    for line in wanted:
        fitting = [candidate for candidate in candidates if _fits(line, candidate)]
        if not fitting:
            unmatched.append(line)
            continue
        chosen = max(fitting, key=lambda candidate: _preference(line, candidate))
        chosen.remaining -= line.quantity
        pairs.append((line, chosen))
    if unmatched:
        for line, chosen in pairs:
            chosen.remaining += line.quantity
    return pairs, unmatched


def _fits(line, candidate):
    return (
        candidate.customer == line.customer
        and candidate.product == line.product
        and candidate.price == line.price
        and candidate.remaining >= line.quantity
        and (not candidate.date or not line.date or candidate.date <= line.date)
    )


def _preference(line, candidate):
    return (candidate.ordered == line.quantity, candidate.date or datetime.min)
