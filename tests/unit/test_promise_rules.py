from datetime import datetime, timedelta

from jit_tools.promise import (
    PICK,
    REASON_ASSEMBLY,
    REASON_CLOSED,
    REASON_CUTOFF,
    REASON_FULL,
    REASON_NONE,
    REASON_SUPPLY,
    Line,
    Route,
    Slot,
    promise_together,
)
from jit_tools.promise_drops import promise_as_available, promise_by_line
from jit_tools.promise_offers import offers
from jit_tools.promise_supply import Recipe, World
from jit_tools.slot_load import Load
from jit_tools.windows import Interval
from jit_tools.working_time import minutes, schedule_back, schedule_forward

NOW = datetime(2027, 3, 1, 6)  # a Monday
HORIZON = NOW + timedelta(days=30)


def at(day, hour):
    return datetime(2027, 3, day, hour)


def world(supply=None, **more):
    return World(NOW, HORIZON, supply or {"pads": [(NOW, 10)]}, **more)


def codes(promise):
    return [reason.code for reason in promise.reasons]


def test_stock_and_nothing_else_is_promised_at_once():
    promise = promise_together(world(), Route(), [Line(1, "pads", 4)])
    assert (promise.window.start, promise.reasons) == (NOW, ())


def test_waits_for_dated_supply_and_says_so():
    supply = {"pads": [(NOW, 1), (at(3, 8), 5)]}
    promise = promise_together(world(supply), Route(), [Line(1, "pads", 4)])
    assert promise.goods == at(3, 8)
    assert promise.reasons[0] == (REASON_SUPPLY, "pads", at(3, 8))


def test_does_not_take_what_a_later_order_needs():
    supply = {"pads": [(NOW, 4), (at(2, 8), -4), (at(5, 8), 10)]}
    assert promise_together(world(supply), Route(), [Line(1, "pads", 4)]).goods == at(5, 8)


def test_nothing_to_be_had_is_a_clear_answer():
    promise = promise_together(world({"tube": []}), Route(), [Line(1, "pads", 4)])
    assert promise.window is None
    assert promise.reasons == ((REASON_NONE, "pads", None),)


def test_two_lines_do_not_count_the_same_stock_twice():
    supply = {"pads": [(NOW, 5), (at(4, 8), 5)]}
    lines = [Line(1, "pads", 4), Line(2, "pads", 4)]
    assert promise_together(world(supply), Route(), lines).goods == at(4, 8)
    assert [p.goods for p in promise_as_available(world(supply), Route(), lines)] == [NOW, at(4, 8)]


def test_assembly_waits_for_its_component_then_for_the_bench():
    shift = tuple(Interval(at(day, 8), at(day, 16)) for day in range(1, 6))
    facts = world(
        {"frame": [(at(2, 12), 3)]},
        recipes={"bike": Recipe((("frame", 1),), (("bench", 180, 0),))},
        resources={"bench": shift},
    )
    promise = promise_together(facts, Route(), [Line(1, "bike", 2)])
    assert promise.goods == at(3, 10)  # 4 of 6 hours on the 2nd
    assert promise.reasons[0] == (REASON_SUPPLY, "frame", at(3, 10))


def test_assembly_alone_names_the_end_item():
    facts = world({"frame": [(NOW, 3)]}, recipes={"bike": Recipe((("frame", 1),), (("bench", 60, 0),))})
    promise = promise_together(facts, Route(), [Line(1, "bike", 2)])
    assert (promise.goods, codes(promise)) == (at(1, 8), [REASON_ASSEMBLY])


def test_missed_cutoff_takes_the_next_departure():
    cycles = ((at(1, 5), at(1, 9)), (at(2, 5), at(2, 9)))
    promise = promise_together(world(), Route(cycles), [Line(1, "pads", 1)])
    assert (promise.departure, codes(promise)) == (at(2, 9), [REASON_CUTOFF])


def test_picking_that_does_not_make_the_departure_takes_the_next():
    cycles = ((at(1, 7), at(1, 9)), (at(2, 7), at(2, 9)))
    facts = world(resources={PICK: (Interval(at(1, 8), at(1, 18)),)})
    promise = promise_together(facts, Route(cycles), [Line(1, "pads", 1, pick_minutes=61)])
    assert promise.departure == at(2, 9)


def test_full_slot_is_passed_over_with_its_reason():
    slots = tuple(Slot(n, at(1, h), at(1, h + 2), Load(1), Load(t)) for n, h, t in ((1, 8, 1), (2, 10, 0)))
    promise = promise_together(world(), Route(slots=slots), [Line(1, "pads", 1)])
    assert (promise.slot, promise.window) == (2, Interval(at(1, 10), at(1, 12)))
    assert (REASON_FULL, (1, ("drops",)), at(1, 10)) in promise.reasons


def test_slot_outside_receiving_hours_is_passed_over():
    slots = tuple(Slot(n, at(1, h), at(1, h + 2)) for n, h in ((1, 8), (2, 14)))
    route = Route(slots=slots, receiving=(Interval(at(1, 13), at(1, 15)),))
    promise = promise_together(world(), route, [Line(1, "pads", 1)])
    assert (promise.slot, codes(promise)[0]) == (2, REASON_CLOSED)


def test_offers_tell_why_earlier_windows_fail():
    slots = tuple(
        Slot(n, at(d, 8), at(d, 10), Load(1), Load(t)) for n, d, t in ((1, 1, 0), (2, 3, 1), (3, 4, 0))
    )
    facts = world({"pads": [(at(2, 12), 5)]})
    found = offers(facts, Route(slots=slots), [Line(1, "pads", 1)], 1)
    assert [(o.slot, [r.code for r in o.reasons]) for o in found] == [
        (1, [REASON_SUPPLY]),
        (2, [REASON_FULL]),
        (3, []),
    ]


def test_back_schedule_ends_in_time_and_never_starts_in_the_past():
    shift = (Interval(at(1, 8), at(1, 16)), Interval(at(2, 8), at(2, 16)))
    assert schedule_back(shift, at(2, 10), minutes(180), NOW)[0] == at(1, 15)
    assert schedule_back(shift, at(1, 9), minutes(90), NOW) is None
    assert schedule_back(shift, at(2, 10), minutes(180), at(2, 8)) is None


def test_forward_schedule_goes_on_after_the_night():
    shift = (Interval(at(1, 8), at(1, 16)), Interval(at(2, 8), at(2, 16)))
    assert schedule_forward(shift, at(1, 15), minutes(120))[0] == at(2, 9)
    assert schedule_forward(shift, at(2, 15), minutes(120)) is None


def test_lines_that_come_to_one_slot_are_one_drop():
    slots = (Slot("s", at(1, 8), at(1, 10), Load(1, kg=9)), Slot("t", at(1, 12), at(1, 14), Load(1)))
    lines = [Line(n, "pads", 2, Load(0, kg=kg)) for n, kg in ((1, 4), (2, 5), (3, 1))]
    drops = promise_as_available(world(), Route(slots=slots), lines)
    assert [(p.slot, [line.key for line in p.lines]) for p in drops] == [("s", [1, 2]), ("t", [3])]


def test_lines_of_one_receiving_window_are_one_drop_that_waits_for_the_last():
    supply = {"pads": [(NOW, 2), (at(1, 9), 2)]}
    route = Route(receiving=(Interval(at(1, 8), at(1, 12)),))
    [drop] = promise_as_available(world(supply), route, [Line(1, "pads", 2), Line(2, "pads", 2)])
    assert (drop.window, drop.goods) == (Interval(at(1, 9), at(1, 12)), at(1, 9))


def test_a_line_that_keeps_its_slot_has_that_or_none():
    slots = tuple(Slot(n, at(n, 8), at(n, 10)) for n in (1, 2))
    lines = [Line(1, "pads", 2), Line(2, "tube", 2)]
    supply = {"pads": [(NOW, 5)], "tube": [(at(1, 12), 5)]}
    found = promise_by_line(world(supply), Route(slots=slots), lines, kept={1: 2, 2: 1})
    assert [promise.slot for _, promise in found] == [2, None]


def test_what_is_offered_and_promised_of_a_slot_is_what_the_customer_receives_in():
    slots = (Slot("s", at(1, 8), at(1, 12)),)
    route = Route(slots=slots, receiving=(Interval(at(1, 9), at(1, 10)),))
    promise = promise_together(world(), route, [Line(1, "pads", 1)])
    [offer] = offers(world(), route, [Line(1, "pads", 1)], 1)
    assert (promise.slot, promise.window, offer.window) == ("s", *[Interval(at(1, 9), at(1, 10))] * 2)
