"""Packing and loading: the second half of the rules of scanning."""

from dataclasses import replace

from .scan_verdict import Verdict, lot_fault, number, of_lot, unknown
from .scan_view import EPSILON, Ref


# -- pack ------------------------------------------------------------------------------------------
def judge_pack(view, read):
    transfer = view.transfer()
    session = _at_transfer(view.session, transfer)
    view = replace(view, session=session)
    mine = [line for line in view.unpacked if line.transfer == transfer]
    open_box = next((line.open_box for line in mine if line.packed > EPSILON and line.open_box), None)
    begun = open_box is not None and open_box == session.box
    if open_box and not begun and read.kind in ("command", "new_box", "box", "goods"):
        return _pack_others(session, open_box, read)
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
    return Verdict("box_first", session) if read.kind == "place" else unknown(view, read)


def _at_transfer(session, transfer):
    """A box that was taken for another transfer does not serve for this one."""
    return session if session.transfer == transfer else replace(session, transfer=transfer, box=None)


def _pack_others(session, open_box, read):
    """A colleague has begun a box for this transfer: it is gone on with, never mixed up with a second one."""
    words = {"box": Ref("box", open_box), "transfer": Ref("transfer", session.transfer)}
    if read.kind == "new_box" or (read.kind == "box" and read.id == open_box):
        return Verdict("box_taken", replace(session, box=open_box), words)
    return Verdict("open_box", session, words)


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
            "not_packed", session, {"count": number(sum(line.wanted - line.packed for line in mine))}
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
    fault = lot_fault(replace(view, session=session), read, same)
    if fault:
        return fault
    room = [line for line in of_lot(read, same) if line.wanted - line.packed > EPSILON]
    left = room[0].wanted - room[0].packed if room else 0.0
    read = replace(read, quantity=read.amount(left))
    if not room or read.quantity > left + EPSILON:
        return Verdict("too_many", session, {"left": number(left)}, line=same[0])
    rest = sum(line.wanted - line.packed for line in mine) - read.quantity
    return Verdict(
        "packed" if rest > EPSILON else "packed_all",
        session,
        {"left": number(rest)},
        change=("pack", room[0].id, read.quantity, session.box),
        line=room[0],
        quantity=read.quantity,
    )


# -- load and finish -------------------------------------------------------------------------------
def judge_load(view, read):
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
