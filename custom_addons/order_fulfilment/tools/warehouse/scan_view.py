"""What one person has before him when he scans: the task, and where he stands in it.

The scan app keeps the same view on the device and judges by the same rules (static/src/warehouse/scan_app),
so that a wrong scan is refused without network too. Places, products, transfers and boxes are database ids.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

EPSILON = 1e-6

#: Printed command barcodes and what they mean, with the reason for a shortage.
COMMANDS = {
    "OF-CMD-CONFIRM": ("confirm", ""),
    "OF-CMD-CLOSE": ("close", ""),
    "OF-CMD-NEXT": ("next", ""),
    "OF-CMD-DAMAGED": ("damaged", ""),
    "OF-CMD-SHORT-MISSING": ("short", "missing"),
    "OF-CMD-SHORT-DAMAGED": ("short", "damaged"),
    "OF-CMD-SHORT-BLOCKED": ("short", "blocked"),
}
BOX_COMMAND = "OF-BOX"
BIN_PREFIX = "OF-BIN-"


@dataclass(frozen=True)
class Ref:
    """Something named in a sentence: ``kind`` is product, place, transfer, box or dock."""

    kind: str
    id: int | str


@dataclass(frozen=True)
class Line:
    """A reserved quantity: ``wanted`` at ``place``, ``scanned`` and ``packed`` of it so far.

    ``serial``: every piece has a number; ``lot_missing``: it may not leave without a lot, and has none.
    ``stop`` is the place's number in the walk; ``box`` the package it goes into, if any; ``source`` the one
    that it is taken from, ``whole`` if it takes all that is in there; ``open_box`` has what is packed so far.
    """

    id: int
    transfer: int
    product: int
    place: int
    wanted: float
    scanned: float = 0.0
    packed: float = 0.0
    picked: bool = False
    box: int | None = None
    lot: str = ""
    expiry: date | None = None
    tracked: bool = False
    serial: bool = False
    lot_missing: bool = False
    stop: int = 0
    place_has_code: bool = True
    source: int | None = None
    whole: bool = False
    open_box: int | None = None

    @property
    def left(self) -> float:
        return self.wanted - self.scanned

    @property
    def unpacked(self) -> bool:
        return self.picked and self.box is None

    @property
    def waits_for_bin(self) -> bool:
        return not self.picked and self.left < EPSILON


@dataclass(frozen=True)
class Box:
    """A package of the task; ``load_as`` is the outermost one, which is what goes on the vehicle."""

    id: int
    transfer: int
    loaded: bool = False


@dataclass(frozen=True)
class Session:
    """Where a person stands in a task: kept with each scan, carried over to the next.

    ``target`` is the place he was sent to last, so that nobody else is sent there; ``line`` the one whose
    goods he has in his hands.
    """

    place: int | None = None
    target: int | None = None
    line: int | None = None
    transfer: int | None = None
    box: int | None = None
    dock: str | None = None
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True)
class Read:
    """What a barcode is: its ``kind`` is a key of what the rules below know, or "unknown", "unreadable".

    ``implied``: the barcode says no quantity, so it means one piece.
    """

    kind: str
    text: str = ""
    id: int | str | None = None
    product: int | None = None
    lot: str = ""
    expiry: date | None = None
    quantity: float = 1.0
    reason: str = ""
    implied: bool = False

    def amount(self, left: float) -> float:
        """What is counted where ``left`` is wanted: of cable or flour one scan means all of it."""
        is_measured = abs(left - round(left)) > EPSILON
        return left if self.implied and is_measured else self.quantity


@dataclass(frozen=True)
class View:
    """The task as one person sees it. ``others`` are places and transfers at which somebody else works,
    ``held`` the lines whose goods he has in his hands.

    ``names`` (of what the lines name, by kind and id) and ``codes`` (of their places and products) spare the
    server to look them up again; no rule asks for them.
    """

    lines: tuple[Line, ...]
    session: Session = Session()
    boxes: tuple[Box, ...] = ()
    bins: dict[int, int] = field(default_factory=dict)
    docks: dict[str, str] = field(default_factory=dict)
    others: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()
    busy_transfers: frozenset[int] = frozenset()
    packs: bool = False
    loads: bool = False
    today: date = field(default_factory=date.today)
    names: dict = field(default_factory=dict, repr=False)
    codes: dict = field(default_factory=dict, repr=False)

    @cached_property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if not line.picked]

    @cached_property
    def unpacked(self) -> list[Line]:
        return [line for line in self.lines if line.unpacked]

    @property
    def phase(self) -> str:
        """pick, pack, load, confirm or done: the first for which something is left to do."""
        if not self.lines:
            return "done"
        if self.open_lines:
            return "pick"
        if self.packs and self.unpacked:
            return "pack"
        if self.loads and any(not box.loaded for box in self.boxes):
            return "load"
        return "confirm"

    def next_line(self) -> Line | None:
        """Where to go: stay as long as something is open here, then the next place where nobody stands."""
        return self._next_line

    @cached_property
    def _next_line(self):
        here, skipped, begun = self.session.place, self.session.skipped, self.session.line
        return min(
            self.open_lines,
            key=lambda line: (
                line.id in skipped,
                line.place != here,
                line.place != here or line.id != begun,
                line.id in self.held,
                line.place in self.others,
                line.stop or 10**6,
                line.place,
                line.id,
            ),
            default=None,
        )

    def pending(self) -> Line | None:
        """The line that was counted out and still has to be put into its bin."""
        mine = (line for line in self.lines if line.id == self.session.line)
        return next((line for line in mine if line.waits_for_bin and self.has_goal(line)), None)

    def has_goal(self, line: Line) -> bool:
        """Whether the line goes into a certain bin or carton."""
        return bool(line.box or line.transfer in self.bins)

    def place(self) -> int | None:
        """Where this person stands, if there is something to do; a place without barcode is believed."""
        target = self.next_line()
        if any(line.place == self.session.place for line in self.open_lines):
            return self.session.place
        return target.place if target and not target.place_has_code else None

    def transfer(self) -> int | None:
        """The transfer that is being packed: the one begun, or the next that nobody else packs."""
        waiting = sorted(
            {line.transfer for line in self.unpacked}, key=lambda t: (t in self.busy_transfers, t)
        )
        return self.session.transfer if self.session.transfer in waiting else next(iter(waiting), None)
