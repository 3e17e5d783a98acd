"""What of an order line was shipped and not yet invoiced, or invoiced ahead, at a moment."""

from collections.abc import Iterable
from decimal import Decimal

from ..ledger import ZERO, Event, exact


def open_quantity(events: Iterable[Event]) -> Decimal:
    """Quantity that may still be charged (positive), or that was charged before it left (negative).

    What was refused at the door is never charged, whether or not it is back already; a return of refused
    goods does not count twice.
    """
    totals = dict.fromkeys(("shipped", "returned", "refused", "invoiced"), ZERO)
    for event in events:
        if event.kind in totals:
            totals[event.kind] += exact(event.quantity)
    chargeable = totals["shipped"] - max(totals["returned"], totals["refused"])
    return chargeable - totals["invoiced"]
