# long: every rule of one scan, read next to its twin on the device
"""What a scan means for a task: accepted or refused, and what changes. No database, no sentence: codes only.

static/src/warehouse/scan_app/scan_rules.js holds the same rules for the device; tests/e2e compares the two on
random tasks and scans.
"""

from dataclasses import replace

from .scan_rules_pack import judge_load, judge_pack
from .scan_verdict import ACCEPTED, Verdict, lot_fault, number, of_lot, unknown
from .scan_view import EPSILON, Read, Ref, View

__all__ = ["ACCEPTED", "Verdict", "judge"]


def judge(view: View, read: Read) -> Verdict:
    """Verdict on one scan."""
    if read.kind == "unreadable":
        return Verdict("unreadable", view.session, {"problem": read.text})
    rule = {"pick": _pick, "pack": judge_pack, "load": judge_load, "confirm": _confirm, "done": _done}[
        view.phase
    ]
    return rule(view, read)


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
    if read.kind == "box":
        return _pick_package(view, read)
    if read.kind in ("bin", "new_box"):
        return Verdict("goods_first", view.session, {"product": Ref("product", view.next_line().product)})
    return unknown(view, read)


def _pick_place(view, read):
    here = [line for line in view.open_lines if line.place == read.id]
    if not here:
        words = {"scanned": Ref("place", read.id), "place": Ref("place", view.next_line().place)}
        return Verdict("wrong_location", view.session, words)
    session = replace(view.session, place=read.id, line=None)
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
    is_complete = any(line.place == stands and line.product == read.product for line in view.lines)
    if not fitting and is_complete and target.place != stands:
        return Verdict("complete_here", view.session, {**goods, "place": Ref("place", target.place)})
    if place is None:
        return Verdict("location_first", view.session, {"place": Ref("place", target.place)})
    if not fitting:
        words = {**goods, "product": Ref("product", target.product)}
        return Verdict("wrong_product", view.session, words, line=target)
    return lot_fault(view, read, fitting) or _take(view, read, of_lot(read, fitting))


def _take(view, read, lines):
    """Count on the line in hand, or else the first that wants as much as was scanned."""
    lines = sorted(lines, key=lambda line: (line.id != view.session.line, line.id in view.held))
    wanting = [line for line in lines if line.left > EPSILON]
    if not wanting:
        return _all_counted(view, lines)
    fitting = (line for line in wanting if line.left > read.amount(line.left) - EPSILON)
    return _count(view, read, next(fitting, wanting[0]))


def _all_counted(view, lines):
    """Nothing is left to count: what nobody holds goes on into its bin; without one the desk has cut it."""
    line = next((line for line in lines if line.id not in view.held), None)
    if not line:
        words = {"scanned": Ref("product", lines[0].product), "place": Ref("place", view.next_line().place)}
        return Verdict("complete_here", view.session, words)
    words = {**_bin_words(view, line), "wanted": number(line.wanted)}
    if view.has_goal(line):
        session = replace(view.session, line=line.id)
        return Verdict("to_carton" if line.box else "to_bin", session, words, line=line)
    session = replace(view.session, place=line.place, line=None)
    return Verdict("recounted", session, words, change=("finish", line.id, 0.0, None), line=line)


def _pick_package(view, read):
    """A package on the shelf, taken as a whole: it says what is in it."""
    target = view.next_line()
    stored = [line for line in view.open_lines if line.source == read.id]
    here = [line for line in stored if line.place == view.place()]
    if stored and view.place() is None:
        return Verdict("location_first", view.session, {"place": Ref("place", target.place)})
    if not here:
        return Verdict("goods_first", view.session, {"product": Ref("product", target.product)})
    line = here[0]
    if line.expiry and line.expiry < view.today:
        return Verdict("expired_lot", view.session, {"scanned": line.lot}, line=line)
    if line.lot_missing:
        return Verdict("no_lot", view.session, {"product": Ref("product", line.product)}, line=line)
    if not line.whole:
        return Verdict("too_many", view.session, {"left": number(line.left)}, line=line)
    if line.box == line.source:
        session = replace(view.session, place=line.place, line=None)
        return Verdict("line_done", session, change=("finish", line.id, line.left, None), line=line)
    return _count(view, replace(read, quantity=line.left), line)


def _count(view, read, line):
    read = replace(read, quantity=read.amount(line.left))
    left = line.left - read.quantity
    if left < -EPSILON:
        return Verdict("too_many", view.session, {"left": number(line.left)}, line=line)
    # who takes from a place without barcode stands there
    session = replace(view.session, place=line.place, line=line.id)
    verdict = Verdict("picked", session, line=line, quantity=read.quantity)
    if left >= EPSILON:
        words = {"done": number(line.scanned + read.quantity), "wanted": number(line.wanted)}
        return replace(verdict, words=words, change=("count", line.id, read.quantity))
    if view.has_goal(line):
        words = {**_bin_words(view, line), "wanted": number(line.wanted)}
        code = "to_carton" if line.box else "to_bin"
        return replace(verdict, code=code, words=words, change=("count", line.id, read.quantity))
    session = replace(session, line=None)
    return replace(
        verdict, code="line_done", session=session, change=("finish", line.id, read.quantity, None)
    )


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
        session = replace(view.session, place=None, line=None, skipped=_skip(view, target))
        after = replace(view, session=session).next_line()
        return Verdict("skipped", session, {"place": Ref("place", after.place)}, line=target)
    if read.id in ("confirm", "close"):
        return Verdict("unscanned", view.session, {"count": str(len(view.open_lines))})
    if view.place() is None:
        return Verdict("location_first", view.session, {"place": Ref("place", target.place)})
    if read.id == "damaged":
        return Verdict("damaged", view.session, {"product": Ref("product", target.product)}, line=target)
    if target.waits_for_bin:
        return _all_counted(view, [target])
    session = replace(view.session, place=target.place, line=None)
    words = {"product": Ref("product", target.product)}
    return Verdict("short_ok", session, words, change=("short", target.id, read.reason), line=target)


def _skip(view, target):
    """Everything open at this place comes last; when all is skipped, the round begins anew."""
    skipped = {*view.session.skipped} | {line.id for line in view.open_lines if line.place == target.place}
    everything = {line.id for line in view.open_lines}
    return tuple(sorted(skipped & everything)) if everything - skipped else ()


def _confirm(view, read):
    if read.kind == "command" and read.id == "confirm":
        return Verdict("confirmed", view.session, change=("confirm",))
    return Verdict("confirm_first", view.session)


def _done(view, read):
    return Verdict("nothing_left", view.session)
