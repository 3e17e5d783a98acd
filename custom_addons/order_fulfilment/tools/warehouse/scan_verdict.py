"""What every rule of scanning needs: a verdict, and the judgement of a lot."""

from dataclasses import dataclass, field

from ..gs1 import readable
from .scan_view import EPSILON, Line, Ref, Session

#: Codes of what went right; every other code is a mistake that the scan has caught.
ACCEPTED = frozenset(
    (
        "location_ok",
        "picked",
        "line_done",
        "recounted",
        "to_bin",
        "to_carton",
        "lot_needed",
        "task_done",
        "pick_done",
        "short_ok",
        "short_nothing",
        "skipped",
        "box_ok",
        "box_taken",
        "transfer_ok",
        "packed",
        "packed_all",
        "box_closed",
        "dock_ok",
        "loaded",
        "all_loaded",
        "confirmed",
    )
)

LONGEST = 40  # characters of a barcode that a sentence repeats


@dataclass(frozen=True)
class Verdict:
    """``change`` is None or a tuple: its verb (count, finish, short, open, pack,
    close, load, confirm) and operands."""

    code: str
    session: Session
    words: dict = field(default_factory=dict)
    change: tuple | None = None
    line: Line | None = None
    quantity: float = 0.0

    @property
    def refused(self) -> bool:
        return self.code not in ACCEPTED


def unknown(view, read):
    text = readable(read.text)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return Verdict("unknown_barcode", view.session, {"barcode": text})


def of_lot(read, lines):
    """Lines that the lot fits; goods that are not tracked may carry the maker's lot on their label."""
    return [line for line in lines if not read.lot or not line.tracked or line.lot == read.lot]


def lot_fault(view, read, fitting):
    """What is wrong with the lot that was scanned, if anything."""
    if all(line.lot_missing for line in fitting):
        return Verdict("no_lot", view.session, {"product": Ref("product", read.product)}, line=fitting[0])
    fitting = [line for line in fitting if not line.lot_missing]
    first = fitting[0]
    if first.tracked and not read.lot:
        return Verdict("lot_needed", view.session, {"product": Ref("product", read.product)}, line=first)
    lines = of_lot(read, fitting)
    if first.tracked and _is_done(view, read, lines):
        return Verdict("lot_done", view.session, {"scanned": read.lot}, line=first)
    if not lines:
        return Verdict("wrong_lot", view.session, {"scanned": read.lot, "lot": first.lot}, line=first)
    expiry = read.expiry or lines[0].expiry
    if expiry and expiry < view.today:
        return Verdict("expired_lot", view.session, {"scanned": read.lot or str(expiry)}, line=lines[0])
    return None


def _is_done(view, read, lines):
    """Whether this very lot was wanted and all of it was scanned already, as happens with serial numbers."""
    if not read.lot:
        return False
    if view.phase == "pack":
        return bool(lines) and all(line.wanted - line.packed < EPSILON for line in lines)
    same = [line for line in view.lines if line.product == read.product and line.lot == read.lot]
    return bool(same) and all(line.picked for line in same)


def number(value):
    """A quantity in a sentence, without the noise of binary fractions."""
    return f"{value:.10g}"
