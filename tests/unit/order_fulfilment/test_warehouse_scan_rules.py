"""Rules of scanning without a database: what is refused changes nothing, and what is accepted adds up."""

import random
from dataclasses import replace

import pytest
from of_tools.warehouse.scan_rules import judge
from of_tools.warehouse.scan_view import Box, Line, Read, Session, View
from scan_random import read, view

CHAIN, PADS, SHELF, FAR, ORDER = 11, 12, 21, 22, 1


def _line(number=1, **values):
    return Line(
        **{"id": number, "transfer": ORDER, "product": CHAIN, "place": SHELF, "wanted": 2.0, **values}
    )


def _goods(product=CHAIN, quantity=1.0, **values):
    return Read("goods", "code", product=product, quantity=quantity, **values)


@pytest.mark.parametrize("seed", range(400))
def test_a_refusal_changes_nothing_and_nothing_breaks(seed):
    dice = random.Random(seed)
    task, scan = view(dice), read(dice)
    verdict = judge(task, scan)
    if verdict.refused:
        assert verdict.change is None
        assert verdict.quantity == 0


@pytest.mark.parametrize("seed", range(400))
def test_never_more_than_wanted(seed):
    dice = random.Random(seed)
    task, scan = view(dice), read(dice)
    change = judge(task, scan).change or ("nothing",)
    lines = {line.id: line for line in task.lines}
    if change[0] in ("count", "finish"):
        assert lines[change[1]].scanned + change[2] <= lines[change[1]].wanted
    if change[0] == "pack":
        assert lines[change[1]].packed + change[2] <= lines[change[1]].wanted


def test_goods_only_where_one_stands():
    task = View((_line(),))
    assert judge(task, _goods()).code == "location_first"
    assert judge(replace(task, session=Session(place=SHELF)), _goods()).code == "picked"


def test_a_place_without_barcode_is_believed():
    assert judge(View((_line(place_has_code=False),)), _goods()).code == "picked"


def test_the_next_place_is_one_where_nobody_stands():
    task = View((_line(stop=1), _line(2, place=FAR, stop=2)), others=frozenset({SHELF}))
    assert task.next_line().place == FAR


def test_one_stays_where_something_is_open():
    lines = (_line(stop=2), _line(2, place=FAR, stop=1))
    assert View(lines, session=Session(place=SHELF)).next_line().place == SHELF


def test_skipping_everything_begins_anew():
    lines = (_line(stop=1), _line(2, place=FAR, stop=2))
    first = judge(View(lines), Read("command", id="next"))
    assert first.session.skipped == (1,)
    second = judge(View(lines, session=first.session), Read("command", id="next"))
    assert second.session.skipped == ()


def test_a_counted_line_waits_for_its_bin():
    task = View((_line(),), session=Session(place=SHELF), bins={ORDER: 4})
    verdict = judge(task, _goods(quantity=2.0))
    assert (verdict.code, verdict.words["bin"], verdict.session.line) == ("to_bin", "4", 1)


def test_a_box_of_another_delivery_is_no_bin():
    session = Session(place=SHELF, line=1)
    task = View((_line(scanned=2.0),), session=session, boxes=(Box(91, 2),), bins={ORDER: 4})
    assert judge(task, Read("box", id=91)).code == "wrong_bin"


def _shared(**values):
    """A place where two deliveries want chains: bin 4 two, bin 5 twelve."""
    lines = (_line(scanned=values.pop("scanned", 2.0)), _line(2, transfer=2, wanted=12.0))
    return View(lines, **{"session": Session(place=SHELF), "bins": {ORDER: 4, 2: 5}, **values})


def test_what_a_colleague_holds_is_left_to_him():
    task = _shared(held=frozenset({1}))
    assert task.next_line().id == 2
    assert judge(task, _goods()).change == ("count", 2, 1.0)
    only = replace(task, lines=task.lines[:1])
    assert judge(only, _goods()).code == "complete_here"
    assert judge(only, Read("command", id="short", reason="missing")).code == "complete_here"


def test_what_a_colleague_left_behind_still_goes_into_its_bin():
    only = replace(_shared(), lines=_shared().lines[:1])
    for scan in (_goods(), Read("command", id="short", reason="missing")):
        verdict = judge(only, scan)
        assert (verdict.code, verdict.words["bin"], verdict.change) == ("to_bin", "4", None)
        assert replace(only, session=verdict.session).pending().id == 1


def test_a_line_that_the_desk_changed_is_finished_by_a_scan_of_its_goods():
    task = View((_line(scanned=2.0),), session=Session(place=SHELF))
    verdict = judge(task, _goods())
    assert (verdict.code, verdict.change) == ("recounted", ("finish", 1, 0.0, None))


def test_a_full_pack_counts_where_it_is_wanted():
    assert judge(_shared(scanned=0.0), _goods(quantity=12.0)).change == ("count", 2, 12.0)


def test_a_shortage_is_of_the_goods_in_hand():
    lines = (_line(), _line(2, product=PADS))
    verdict = judge(View(lines, session=Session(place=SHELF)), _goods(PADS))
    task = View((lines[0], replace(lines[1], scanned=1.0)), session=verdict.session)
    assert judge(task, Read("command", id="short", reason="missing")).change[:2] == ("short", 2)


def test_of_two_products_at_one_place_the_next_is_at_hand():
    task = View((_line(picked=True), _line(2, product=PADS)), session=Session(place=SHELF))
    assert judge(task, _goods()).code == "wrong_product"


def test_phases_follow_what_is_left():
    done = _line(scanned=2.0, picked=True)
    assert View((_line(),), packs=True, loads=True).phase == "pick"
    assert View((done,), packs=True, loads=True).phase == "pack"
    assert View((replace(done, box=91),), boxes=(Box(91, ORDER),), packs=True, loads=True).phase == "load"
    assert View((done,)).phase == "confirm"
    assert View(()).phase == "done"


def test_of_what_is_measured_one_scan_counts_all():
    task = View((_line(wanted=2.5),), session=Session(place=SHELF))
    assert judge(task, _goods(implied=True)).change == ("finish", 1, 2.5, None)
    assert judge(task, _goods()).change == ("count", 1, 1.0)


def test_of_pieces_one_scan_counts_one():
    task = View((_line(wanted=3.0),), session=Session(place=SHELF))
    assert judge(task, _goods(implied=True)).change == ("count", 1, 1.0)


def test_a_serial_number_counts_once():
    lines = (
        _line(wanted=1.0, scanned=1.0, picked=True, lot="S1", tracked=True),
        _line(2, lot="S2", tracked=True),
    )
    task = View(lines, session=Session(place=SHELF))
    assert judge(task, _goods(lot="S1")).code == "lot_done"
    assert judge(task, _goods(lot="S9")).code == "wrong_lot"


def test_a_package_of_the_shelf_is_taken_whole():
    task = View((_line(wanted=20.0, source=91, whole=True),), session=Session(place=SHELF))
    assert judge(task, Read("box", id=91)).change == ("finish", 1, 20.0, None)
    assert judge(task, Read("box", id=92)).code == "goods_first"
    assert judge(replace(task, session=Session()), Read("box", id=91)).code == "location_first"
    part = View((_line(wanted=20.0, source=91),), session=Session(place=SHELF))
    assert judge(part, Read("box", id=91)).code == "too_many"


def test_a_package_that_is_shipped_as_it_is_needs_no_other_box():
    task = View((_line(wanted=20.0, source=91, box=91, whole=True),), session=Session(place=SHELF))
    assert judge(task, Read("box", id=91)).code == "line_done"
