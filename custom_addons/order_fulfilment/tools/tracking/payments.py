"""When how much of an invoiced quantity was paid."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from ..ledger import ZERO, Event, paid_quantity


def paid_steps(
    quantity: Decimal,
    total: Decimal,
    residual: Decimal,
    settlements: Iterable[tuple[datetime, Decimal]],
    step: Decimal,
) -> list[tuple[datetime | None, Decimal]]:
    """Paid quantities with the moment each was reached; they sum to what `paid_quantity` says of today.

    A quantity is paid when the payment comes that completes it: of ten pieces paid with 35 and then 65
    percent, three are paid by the first and seven by the second.

    :param total: amount of the document, `residual` of it is still open
    :param settlements: what paid it off, with its moment; negative where a settlement was taken back
    :return: pairs of moment and quantity, oldest first; without a moment where nothing says when
    """
    paid = paid_quantity(quantity, total, residual, step)
    steps, reached, settled, moment = [], ZERO, ZERO, None
    for moment, amount in sorted(settlements):
        settled += amount
        now = paid_quantity(quantity, total, max(abs(total) - settled, ZERO), step)
        if settled > ZERO and now != reached:
            steps.append((moment, now - reached))
            reached = now
    if paid != reached:
        steps.append((moment, paid - reached))
    return steps


def drop_set_offs(events: Iterable[Event]) -> list[Event]:
    """Leave out what only sets an invoice off against its credit note: nobody paid anything then."""
    by_time = defaultdict(list)
    for event in events:
        by_time[event.time].append(event)
    return [event for same in by_time.values() if sum(event.quantity for event in same) for event in same]
