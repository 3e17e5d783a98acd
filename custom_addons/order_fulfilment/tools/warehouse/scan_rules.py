# long: every rule of one scan, read next to its twin on the device
"""What a scan means for a task: accepted or refused, and what changes. No database, no sentence: codes only.

static/src/warehouse/scan_app/scan_rules.js holds the same rules for the device; tests/e2e compares the two on
random tasks and scans.
"""

from dataclasses import dataclass, field, replace

from .scan_view import EPSILON, Line, Read, Ref, Session, View

#: Codes of what went right; every other code is a mistake that the scan has caught.
ACCEPTED = frozenset(
    (
        "location_ok",
        "picked",
        "line_done",
        "to_bin",
        "to_carton",
        "lot_needed",
        "task_done",
        "pick_done",
        "short_ok",
        "short_nothing",
        "skipped",
        "box_ok",
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


def judge(view: View, read: Read) -> Verdict:
    """Verdict on one scan."""
    if read.kind == "unreadable":
        return Verdict("unreadable", view.session, {"problem": read.text})
    rule = {"pick": _pick, "pack": _pack, "load": _load, "confirm": _confirm, "done": _done}[view.phase]
    return rule(view, read)


def _unknown(view, read):
    return Verdict("unknown_barcode", view.session, {"barcode": read.text})


# -- pick ------------------------------------------------------------------------------------------
def _pick(view, read):
    pending = view.pending()
    if pending:
        return _into_bin(view, pending, read)
    if read.kind == "command":
        return _pick_command(view, read)
    if read.kind == "place":
        return _pick_place(view, read)
    if read.kind == "goods":
        return _pick_goods(view, read)
    if read.kind in ("bin", "box", "new_box"):
        return Verdict("goods_first", view.session, {"product": Ref("product", view.next_line().product)})
    return _unknown(view, read)


def _pick_place(view, read):
    here = [line for line in view.open_lines if line.place == read.id]
    if not here:
        words = {"scanned": Ref("place", read.id), "place": Ref("place", view.next_line().place)}
        return Verdict("wrong_location", view.session, words)
    session = replace(view.session, place=read.id)
    line = replace(view, session=session).next_line()
    line = line if line.place == read.id else here[0]
    skipped = tuple(i for i in session.skipped if i not in {open_line.id for open_line in here})
    return Verdict(
        "location_ok", replace(session, skipped=skipped), {"product": Ref("product", line.product)}, line=line
    )


def _pick_goods(view, read):
    place, target = view.place(), view.next_line()
    goods = {"scanned": Ref("product", read.product)}
    fitting = [line for line in view.open_lines if line.place == place and line.product == read.product]
    stands = place or view.session.place
    if not fitting and any(line.place == stands and line.product == read.product for line in view.lines):
        return Verdict("complete_here", view.session, {**goods, "place": Ref("place", target.place)})
    if place is None:
        return Verdict("location_first", view.session, {"place": Ref("place", target.place)})
    if not fitting:
        words = {**goods, "product": Ref("product", target.product)}
        return Verdict("wrong_product", view.session, words, line=target)
    return _lot_fault(view, read, fitting) or _count(view, read, _of_lot(read, fitting)[0])


def _of_lot(read, lines):
    return [line for line in lines if not read.lot or line.lot == read.lot]


def _lot_fault(view, read, fitting):
    """What is wrong with the lot that was scanned, if anything."""
    first = fitting[0]
    if first.tracked and not read.lot:
        return Verdict("lot_needed", view.session, {"product": Ref("product", read.product)}, line=first)
    lines = _of_lot(read, fitting)
    if not lines:
        return Verdict("wrong_lot", view.session, {"scanned": read.lot, "lot": first.lot}, line=first)
    expiry = read.expiry or lines[0].expiry
    if expiry and expiry < view.today:
        return Verdict("expired_lot", view.session, {"scanned": read.lot or str(expiry)}, line=lines[0])
    return None


def _count(view, read, line):
    left = line.left - read.quantity
    if left < -EPSILON:
        return Verdict("too_many", view.session, {"left": _number(line.left)}, line=line)
    verdict = Verdict("picked", view.session, line=line, quantity=read.quantity)
    if left >= EPSILON:
        words = {"done": _number(line.scanned + read.quantity), "wanted": _number(line.wanted)}
        return replace(verdict, words=words, change=("count", line.id, read.quantity))
    if line.box or line.transfer in view.bins:
        words = {**_bin_words(view, line), "wanted": _number(line.wanted)}
        session = replace(view.session, line=line.id)
        code = "to_carton" if line.box else "to_bin"
        return replace(
            verdict, code=code, words=words, session=session, change=("count", line.id, read.quantity)
        )
    return replace(verdict, code="line_done", change=("finish", line.id, read.quantity, None))


def _bin_words(view, line):
    return {"bin": Ref("box", line.box) if line.box else str(view.bins.get(line.transfer, ""))}


def _into_carton(view, line, read):
    """The carton that was planned for this line and no other."""
    if read.kind == "box" and read.id == line.box:
        change = ("finish", line.id, 0.0, None)
        return Verdict("line_done", replace(view.session, line=None), change=change, line=line)
    words = {**_bin_words(view, line), "product": Ref("product", line.product)}
    code = "wrong_carton" if read.kind in ("bin", "box") else "carton_first"
    return Verdict(code, view.session, words, line=line)


def _into_bin(view, line, read):
    """A bin of the cart, or a box that is packed while picking."""
    if line.box:
        return _into_carton(view, line, read)
    owner = next((box.transfer for box in view.boxes if box.id == read.id), line.transfer)
    in_bin = read.kind == "bin" and read.id == view.bins.get(line.transfer)
    in_box = read.kind == "box" and owner == line.transfer
    if in_bin or in_box:
        change = ("finish", line.id, 0.0, read.id if in_box else None)
        return Verdict("line_done", replace(view.session, line=None), change=change, line=line)
    words = {**_bin_words(view, line), "product": Ref("product", line.product)}
    return Verdict(
        "wrong_bin" if read.kind in ("bin", "box") else "bin_first", view.session, words, line=line
    )


def _pick_command(view, read):
    target = view.next_line()
    if read.id == "next":
        session = replace(view.session, place=None, skipped=_skip(view, target))
        after = replace(view, session=session).next_line()
        return Verdict("skipped", session, {"place": Ref("place", after.place)}, line=target)
    if read.id in ("confirm", "close"):
        return Verdict("unscanned", view.session, {"count": str(len(view.open_lines))})
    if view.place() is None:
        return Verdict("location_first", view.session, {"place": Ref("place", target.place)})
    if read.id == "damaged":
        return Verdict("damaged", view.session, {"product": Ref("product", target.product)}, line=target)
    return Verdict("short_ok", view.session, change=("short", target.id, read.reason), line=target)


def _skip(view, target):
    """Everything open at this place comes last; when all is skipped, the round begins anew."""
    skipped = {*view.session.skipped} | {line.id for line in view.open_lines if line.place == target.place}
    everything = {line.id for line in view.open_lines}
    return tuple(sorted(skipped & everything)) if everything - skipped else ()


# -- pack ------------------------------------------------------------------------------------------
def _pack(view, read):
    transfer = view.transfer()
    session = _at_transfer(view.session, transfer)
    view = replace(view, session=session)
    mine = [line for line in view.unpacked if line.transfer == transfer]
    begun = any(line.packed > EPSILON for line in mine)
    if read.kind == "command":
        return _pack_command(session, mine, begun, read)
    if read.kind in ("bin", "transfer"):
        return _pack_transfer(view, session, begun, read)
    if read.kind == "new_box":
        if begun:
            return Verdict("close_first", session)
        return Verdict("box_ok", session, change=("open", read.id))
    if read.kind == "box":
        return _pack_box(view, session, begun, read)
    if read.kind == "goods":
        return _pack_goods(view, session, mine, read)
    return Verdict("box_first", session) if read.kind == "place" else _unknown(view, read)


def _at_transfer(session, transfer):
    """A box that was taken for another transfer does not serve for this one."""
    return session if session.transfer == transfer else replace(session, transfer=transfer, box=None)


def _pack_command(session, mine, begun, read):
    if read.id == "close":
        if not (begun and session.box):
            return Verdict("empty_box", session)
        return Verdict(
            "box_closed", replace(session, box=None), change=("close", session.transfer, session.box)
        )
    if read.id == "damaged":
        return Verdict("damaged_pack", session, line=mine[0])
    if read.id == "confirm":
        return Verdict(
            "not_packed", session, {"count": _number(sum(line.wanted - line.packed for line in mine))}
        )
    return Verdict("not_now", session)


def _pack_transfer(view, session, begun, read):
    owners = {number: transfer for transfer, number in view.bins.items()}
    transfer = owners.get(read.id) if read.kind == "bin" else read.id
    if begun and transfer != session.transfer:
        return Verdict("close_first", session)
    if not any(line.transfer == transfer for line in view.unpacked):
        return Verdict("nothing_to_pack", session)
    session = _at_transfer(session, transfer)
    return Verdict("transfer_ok", session, {"transfer": Ref("transfer", transfer)})


def _pack_box(view, session, begun, read):
    owner = next((box.transfer for box in view.boxes if box.id == read.id), session.transfer)
    if begun and read.id != session.box:
        return Verdict("close_first", session)
    if owner != session.transfer or read.reason:  # a reason: the box is in use elsewhere
        return Verdict("wrong_box", session, {"transfer": Ref("transfer", session.transfer)})
    return Verdict("box_ok", replace(session, box=read.id))


def _pack_goods(view, session, mine, read):
    if not session.box:
        return Verdict("box_first", session)
    goods = {"scanned": Ref("product", read.product), "transfer": Ref("transfer", session.transfer)}
    same = [line for line in mine if line.product == read.product]
    if not same:
        return Verdict("wrong_product_pack", session, goods)
    fault = _lot_fault(replace(view, session=session), read, same)
    if fault:
        return fault
    room = [line for line in _of_lot(read, same) if line.wanted - line.packed > EPSILON]
    left = room[0].wanted - room[0].packed if room else 0.0
    if read.quantity > left + EPSILON:
        return Verdict("too_many", session, {"left": _number(left)}, line=same[0])
    rest = sum(line.wanted - line.packed for line in mine) - read.quantity
    return Verdict(
        "packed" if rest > EPSILON else "packed_all",
        session,
        {"left": _number(rest)},
        change=("pack", room[0].id, read.quantity),
        line=room[0],
        quantity=read.quantity,
    )


# -- load and finish -------------------------------------------------------------------------------
def _load(view, read):
    session, left = view.session, [box for box in view.boxes if not box.loaded]
    key = f"location-{read.id}" if read.kind == "place" else read.id if read.kind == "dock" else None
    docks = {"dock": ", ".join(view.docks.values())}
    if key:
        known = key in view.docks
        return Verdict(
            "dock_ok" if known else "wrong_dock", replace(session, dock=key) if known else session, docks
        )
    if read.kind == "command":
        return Verdict(
            "not_loaded" if read.id in ("confirm", "close") else "not_now", session, {"count": str(len(left))}
        )
    if view.docks and session.dock not in view.docks:
        return Verdict("dock_first", session, docks)
    if read.kind != "box":
        return Verdict("scan_label", session)
    return _load_box(view, session, left, read)


def _load_box(view, session, left, read):
    box = next((box for box in view.boxes if box.id == read.id), None)
    if not box:
        return Verdict("wrong_package", session, {"box": Ref("box", read.id)})
    if box.loaded:
        return Verdict("already_loaded", session, {"box": Ref("box", box.id)})
    code = "loaded" if len(left) > 1 else "all_loaded"
    return Verdict(code, session, {"count": str(len(left) - 1)}, change=("load", box.id))


def _confirm(view, read):
    if read.kind == "command" and read.id == "confirm":
        return Verdict("confirmed", view.session, change=("confirm",))
    return Verdict("confirm_first", view.session)


def _done(view, read):
    return Verdict("nothing_left", view.session)


def _number(value):
    return f"{value:g}"
