"""What a verdict changes in the view, without asking the database again: most scans touch one line only."""

from dataclasses import replace

from .scan_verdict import Verdict
from .scan_view import View


def applied(view: View, verdict: Verdict) -> View | None:
    """The view after ``verdict`` was carried out; None where lines or packages came, went or were split."""
    after = replace(view, session=verdict.session)
    if not verdict.change:
        return after
    verb, *operands = verdict.change
    effect = {"count": _count, "finish": _finish, "pack": _pack, "load": _load}.get(verb)
    return effect(after, *operands) if effect else None


def _line(view, number, change):
    return replace(view, lines=tuple(change(line) if line.id == number else line for line in view.lines))


def _count(view, line, quantity):
    return _line(view, line, lambda found: replace(found, scanned=found.scanned + quantity))


def _finish(view, line, quantity, box):
    if box:
        return None
    return _line(view, line, lambda found: replace(found, scanned=found.scanned + quantity, picked=True))


def _pack(view, line, quantity, box):
    return _line(view, line, lambda found: replace(found, packed=found.packed + quantity, open_box=box))


def _load(view, number):
    boxes = (replace(box, loaded=True) if box.id == number else box for box in view.boxes)
    return replace(view, boxes=tuple(boxes))
