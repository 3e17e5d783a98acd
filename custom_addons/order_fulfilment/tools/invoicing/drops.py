"""Which quantities of which drops go onto the next invoice, and which are credited."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
SMALLEST = Decimal("0.000001")


@dataclass(frozen=True)
class Drop:
    """One shipped part of an order line; quantities in the line's unit.

    :param shipped: what left the warehouse
    :param accepted: what may be charged of it: shipped or proven, less refused and returned
    :param invoiced: what invoices, less credit notes, already charge for it
    """

    key: int
    at: datetime
    shipped: Decimal
    accepted: Decimal
    invoiced: Decimal


def attribute(unlinked: Decimal, drops: Sequence[Drop]) -> list[Drop]:
    """Spread what was invoiced without naming a drop over the drops, oldest first.

    So a customer who changes from single to consolidated invoices is not charged twice. What was credited
    without naming a drop (below zero) goes to drops of which too much is charged, then to the newest.
    """
    drops = sorted(drops, key=lambda drop: (drop.at, drop.key))
    if unlinked < 0:
        return _credit(-unlinked, drops)
    spread = []
    for drop in drops:
        share = max(min(unlinked, drop.shipped - drop.invoiced), ZERO)
        unlinked -= share
        spread.append(replace(drop, invoiced=drop.invoiced + share))
    return spread


def _credit(credited: Decimal, drops: list[Drop]) -> list[Drop]:
    left = {drop.key: drop.invoiced for drop in drops}
    owed = [(drop.key, drop.invoiced - drop.accepted) for drop in drops]
    for key, most in [*owed, *((drop.key, drop.invoiced) for drop in reversed(drops))]:
        share = max(min(credited, most, left[key]), ZERO)
        left[key] -= share
        credited -= share
    return [replace(drop, invoiced=left[drop.key]) for drop in drops]


def allocate(
    unlinked: Decimal, drops: Sequence[Drop], step: Decimal = SMALLEST
) -> list[tuple[Drop, Decimal]]:
    """Quantity to charge (positive) or credit (negative) per drop; none for drops that are settled.

    :param step: what quantities on invoices are rounded to; what rounding leaves of a drop goes to the next,
        so that a dozen in three drops of a third is a dozen, and not 0.99
    """
    spread = attribute(unlinked, drops)
    due = in_steps([drop.accepted for drop in spread], step)
    return [
        (drop, charged - drop.invoiced)
        for drop, charged in zip(spread, due, strict=True)
        if charged != drop.invoiced
    ]


def in_steps(quantities: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Round each to whole steps, carrying what is left over to the next, so that the sum is right."""
    rounded, carried = [], ZERO
    for quantity in quantities:
        due = quantity + carried
        rounded.append((due / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step)
        carried = due - rounded[-1]
    return rounded


def completed_kits(
    shipments: Sequence[Mapping[Hashable, Decimal]], per_kit: Mapping[Hashable, Decimal]
) -> list[Decimal]:
    """Whole kits that each shipment made complete, whatever of their parts had gone before.

    :param shipments: oldest first; part -> quantity
    :param per_kit: part -> quantity in one kit

    >>> completed_kits([{"frame": Decimal(2)}, {"wheel": Decimal(3)}], {"frame": 1, "wheel": Decimal(2)})
    [Decimal('0'), Decimal('1')]
    """
    gone, completed, before = Counter(), [], ZERO
    for shipment in shipments:
        gone.update(shipment)
        shares = [(gone[part] or ZERO) / quantity for part, quantity in per_kit.items()]
        whole = (min(shares, default=ZERO) + SMALLEST).quantize(Decimal(1), rounding=ROUND_DOWN)
        completed.append(whole - before)
        before = whole
    return completed


def newest_first(quantity: Decimal, free: Sequence[Decimal]) -> list[Decimal]:
    """Share of `quantity` per drop (oldest first), each up to what is free of it; the rest to the last drop.

    What is charged now left last: the older drops are charged, or what came back of them is credited.
    """
    shares = []
    for most in reversed(free):
        shares.append(max(min(quantity, most), ZERO))
        quantity -= shares[-1]
    shares[0] += quantity
    return shares[::-1]
