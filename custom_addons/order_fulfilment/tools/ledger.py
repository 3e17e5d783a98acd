"""Fulfilment ledger: from what happened to an order line to how much of it stands where.

Every unit ordered stands in exactly one stage, the furthest it has reached, so the quantities always sum to
what was ordered. Beside it the ledger says how much has *reached* each stage, which need not be nested: an
order paid in advance has reached "paid" while its goods still stand in "released".

Quantities are `Decimal` in the order line's unit, in steps of `QUANTUM`; times are naive UTC.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

QUANTUM = Decimal("0.000001")
WIDE = Context(prec=400)  # room for any float: absurd quantities are for the gate to refuse
ZERO = Decimal(0)

# The way of a unit, in order; it leaves it by being returned or cancelled.
STAGES = ("entered", "released", "picked", "packed", "shipped", "delivered", "proven", "invoiced", "paid")
ENDS = ("returned", "cancelled")
ALL_STAGES = STAGES + ENDS
MARKED = (*ALL_STAGES, "ordered")
# Of a kit, one part that takes such a step breaks the whole.
BREAKS = ("returned", "refused", "refused_back")


@dataclass(frozen=True)
class Event:
    """One thing that happened to an order line.

    :param kind: a stage other than "entered", "ordered" (sets the quantity ordered; the latest counts),
        "refused" (at the door: shipped, never delivered) or "refused_back" (what of it was returned)
    :param quantity: added to what reached that stage; negative takes back (a credit note, an unpicked tote)
    """

    kind: str
    quantity: Decimal
    time: datetime | None = None
    document: str = ""


@dataclass(frozen=True)
class Ledger:
    """Where an order line stands.

    :param standing: stage -> quantity; sums to `ordered` exactly
    :param reached: stage -> quantity that got there, whatever became of it later
    :param surplus: shipped and kept beyond what was ordered
    :param refused_back: the part of what was refused that is back; the rest of it still is to come
    :param marks: stage -> (time of the last event, names of its documents)
    """

    ordered: Decimal
    standing: Mapping[str, Decimal]
    reached: Mapping[str, Decimal]
    surplus: Decimal = ZERO
    refused: Decimal = ZERO
    refused_back: Decimal = ZERO
    marks: Mapping[str, tuple[datetime | None, tuple[str, ...]]] = field(default_factory=dict)


def quantize(value: float | Decimal) -> Decimal:
    """Bring a quantity onto the ledger's steps; floats come from the database with noise in the last
    digits.
    """
    return exact(value).quantize(QUANTUM, rounding=ROUND_HALF_UP, context=WIDE)


def exact(value: float | Decimal) -> Decimal:
    """The number a float stands for when printed, not its binary neighbour."""
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def happened_until(events: Iterable[Event], moment: datetime) -> list[Event]:
    """Events that had happened by `moment`; what has no time has not happened at any certain one."""
    return [event for event in events if event.time and event.time <= moment]


def chargeable(
    reached: Mapping[str, Decimal], refused: Decimal, refused_back: Decimal, *, on_proof: bool
) -> Decimal:
    """What may be charged: shipped less returned and refused or, for who pays on proof, proven less returned.

    What was refused counts once, whether it is back or still to come; below zero if more came back.
    """
    if on_proof:
        return reached["proven"] - max(reached["returned"] - refused_back, ZERO)
    return reached["shipped"] - reached["returned"] - max(refused - refused_back, ZERO)


def fold(events: Iterable[Event]) -> Ledger:
    """Sum up what happened.

    Only "ordered" depends on time, so late and unordered news give the same ledger.
    """
    events = list(events)
    totals: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for event in events:
        if event.kind != "ordered":
            totals[event.kind] += exact(event.quantity)
    ordered = _ordered(events)
    # Round sums, not events: three thirds of a dozen are a dozen.
    reached = {stage: max(quantize(totals[stage]), ZERO) for stage in ALL_STAGES if stage != "entered"}
    reached["entered"] = ordered
    refused = max(quantize(totals["refused"]), ZERO)
    refused_back = max(quantize(totals["refused_back"]), ZERO)
    return Ledger(
        ordered=ordered,
        standing=_standing(ordered, reached, refused_back),
        reached=reached,
        surplus=max(reached["shipped"] - reached["returned"] - ordered, ZERO),
        refused=refused,
        refused_back=refused_back,
        marks=_marks(events),
    )


def _ordered(events: list[Event]) -> Decimal:
    """The quantity of the latest "ordered" event, of those without a time the last one in the list."""
    changes = [event for event in events if event.kind == "ordered"]
    if not changes:
        return ZERO
    # On equal times the larger wins: a rule is needed that does not depend on the order of arrival.
    latest = max(changes, key=lambda event: (event.time or datetime.min, event.quantity))
    return max(quantize(latest.quantity), ZERO)


def _standing(ordered: Decimal, reached: Mapping[str, Decimal], refused_back: Decimal) -> dict[str, Decimal]:
    """Split `ordered` over the stages; each unit counts where it got furthest."""
    came_back = min(reached["returned"], reached["shipped"])
    kept = min(reached["shipped"] - came_back, ordered)
    returned = min(came_back, ordered - kept)
    cancelled = min(reached["cancelled"], ordered - kept - returned)
    live = ordered - returned - cancelled
    # Refused units go back without having been delivered; only other returns take away from what was
    # delivered.
    undone = max(came_back - refused_back, ZERO)
    at_least = {
        "entered": live,
        "released": min(reached["released"] - came_back, live),
        "picked": min(reached["picked"] - came_back, live),
        "packed": min(reached["packed"] - came_back, live),
        "shipped": kept,
        "delivered": min(reached["delivered"] - undone, kept),
        "proven": min(reached["proven"] - undone, kept),
        "invoiced": min(reached["invoiced"], kept),
        "paid": min(reached["paid"], reached["invoiced"], kept),
    }
    standing = {"returned": returned, "cancelled": cancelled}
    further = ZERO
    for stage in reversed(STAGES):
        here = max(at_least[stage], further)
        standing[stage] = here - further
        further = here
    return {stage: standing[stage] for stage in ALL_STAGES}


def _marks(events: list[Event]) -> dict[str, tuple[datetime | None, tuple[str, ...]]]:
    """Per stage the time of its last event and its documents, each once, oldest first, then by name."""
    marks: dict[str, tuple[datetime | None, tuple[str, ...]]] = {}
    for event in sorted(events, key=lambda event: (event.time or datetime.min, event.document)):
        if event.kind not in MARKED or not event.quantity:
            continue
        stage = "entered" if event.kind == "ordered" else event.kind
        time, documents = marks.get(stage, (None, ()))
        if event.document and event.document not in documents:
            documents += (event.document,)
        marks[stage] = (event.time or time, documents)
    return marks


def kit_events(components: Mapping[object, list[Event]], per_kit: Mapping[object, Decimal]) -> list[Event]:
    """Turn events of a kit's components into events of whole kits.

    A kit has reached a stage when all of its components have; one returned or refused component breaks a kit.

    :param components: component -> its events, in the component's unit
    :param per_kit: component -> quantity in one kit; one without any events holds back every kit
    """
    needed = {component: quantity for component, quantity in per_kit.items() if quantity > 0}
    totals = {component: _totals(components.get(component, [])) for component in needed}
    happened = [event for component in needed for event in components.get(component, [])]
    events = []
    for kind in sorted({event.kind for event in happened}):
        quantity = _whole_kits(totals, needed, kind)
        if kind in BREAKS:
            quantity = _whole_kits(totals, needed, "shipped") - _whole_kits(totals, needed, "shipped", kind)
        if quantity:
            last = max(
                (event for event in happened if event.kind == kind),
                key=lambda event: event.time or datetime.min,
            )
            events.append(Event(kind, quantity, last.time, last.document))
    return events


def _totals(events: list[Event]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for event in events:
        totals[event.kind] += exact(event.quantity)
    return totals


def _whole_kits(totals, per_kit, kind: str, less: str = "") -> Decimal:
    shares = [
        quantize((totals[item][kind] - totals[item][less]) / quantity) for item, quantity in per_kit.items()
    ]
    return max(min(shares, default=ZERO), ZERO).quantize(Decimal(1), rounding=ROUND_DOWN)


def to_json(ledger: Ledger) -> dict:
    """Plain values for storing; numbers as text, so that no digit is lost on the way to the database."""
    stages = {}
    for stage in ALL_STAGES:
        time, documents = ledger.marks.get(stage, (None, ()))
        if ledger.standing[stage] or ledger.reached[stage]:
            stages[stage] = {
                "quantity": str(ledger.standing[stage]),
                "reached": str(ledger.reached[stage]),
                "time": time.isoformat(sep=" ", timespec="seconds") if time else None,
                "document": ", ".join(documents),
            }
    return {
        "ordered": str(ledger.ordered),
        "surplus": str(ledger.surplus),
        "refused": str(ledger.refused),
        "stages": stages,
    }


def from_json(stored: dict) -> Ledger:
    """The ledger as `to_json` stored it."""
    standing = dict.fromkeys(ALL_STAGES, ZERO)
    reached = dict.fromkeys(ALL_STAGES, ZERO)
    marks = {}
    for stage, values in stored["stages"].items():
        standing[stage], reached[stage] = Decimal(values["quantity"]), Decimal(values["reached"])
        time = datetime.fromisoformat(values["time"]) if values["time"] else None
        marks[stage] = (time, tuple(filter(None, values["document"].split(", "))))
    return Ledger(
        ordered=Decimal(stored["ordered"]),
        standing=standing,
        reached=reached,
        surplus=Decimal(stored["surplus"]),
        refused=Decimal(stored["refused"]),
        marks=marks,
    )


def paid_quantity(quantity: Decimal, total: Decimal, residual: Decimal, step: Decimal) -> Decimal:
    """Share of an invoiced quantity that is paid, in whole `step`s: half-paid three pieces are one piece."""
    if not residual or not total:
        return quantity
    paid = max(abs(total) - abs(residual), ZERO)
    steps = (abs(quantity) * paid / (abs(total) * step)).quantize(Decimal(1), rounding=ROUND_DOWN)
    return (steps * step).copy_sign(quantity)


def status_word(ledgers: Iterable[Ledger]) -> str:
    """The order in one word: the stage that everything still alive has reached, or
    "part_shipped"/"part_picked".

    >>> status_word([fold([Event("ordered", Decimal(3)), Event("shipped", Decimal(1))])])
    'part_shipped'
    """
    standing: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for ledger in ledgers:
        for stage, quantity in ledger.standing.items():
            standing[stage] += quantity
    present = [stage for stage in STAGES if standing[stage]]
    if not present:
        return "returned" if standing["returned"] else "cancelled" if standing["cancelled"] else "entered"
    least, most = STAGES.index(present[0]), STAGES.index(present[-1])
    if least < STAGES.index("shipped") <= most:
        return "part_shipped"
    if least < STAGES.index("picked") <= most:
        return "part_picked"
    return STAGES[least]


def lines_at_least(ledgers: Iterable[Ledger], stage: str) -> int:
    """Number of lines all of whose live quantity has got to `stage` or further."""
    before = STAGES[: STAGES.index(stage)]
    return sum(
        1
        for ledger in ledgers
        if not any(ledger.standing[name] for name in before) and any(ledger.standing[name] for name in STAGES)
    )
