"""What of an order line was shipped and not yet invoiced, or invoiced ahead, at a moment."""

from collections.abc import Iterable
from decimal import Decimal

from ..ledger import ZERO, Event, chargeable, exact

KINDS = ("shipped", "returned", "refused", "refused_back", "invoiced")


def open_quantity(events: Iterable[Event]) -> Decimal:
    """Quantity that may still be charged (positive), or that was charged before it left (negative).

    What was refused at the door is never charged, whether or not it is back already.
    """
    totals = dict.fromkeys(KINDS, ZERO)
    for event in events:
        if event.kind in totals:
            totals[event.kind] += exact(event.quantity)
    free = chargeable(totals, totals["refused"], totals["refused_back"], on_proof=False)
    return free - totals["invoiced"]
