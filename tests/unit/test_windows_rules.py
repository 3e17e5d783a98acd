from datetime import date, datetime

import pytest
from jit_tools.cutoffs import (
    Cutoff,
    CutoffPlan,
    Cycle,
    TimesError,
    frequency_windows,
    next_cycle,
    parse_times,
)
from jit_tools.windows import (
    REASON_LENGTH,
    REASON_ORDER,
    Hours,
    Interval,
    NothingOpen,
    Opening,
    WeeklyWindow,
    WindowError,
    next_window,
    occurrences,
    open_intervals,
)
from jit_tools.zones import UnknownZoneError

BERLIN = "Europe/Berlin"
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)  # Sundays: 02:00 -> 03:00, and 03:00 -> 02:00


def utc(*args):
    return datetime(*args)


def sunday(start, end, **kwargs):
    return Hours(BERLIN, (WeeklyWindow(6, start, end),), **kwargs)


def test_window_inside_the_missing_hour_is_empty():
    assert open_intervals(sunday(135, 165), utc(2027, 3, 27, 20), utc(2027, 3, 28, 20)) == []


def test_window_that_begins_in_the_missing_hour_begins_after_it():
    found = open_intervals(sunday(150, 300), utc(2027, 3, 27, 20), utc(2027, 3, 28, 20))
    assert found == [Interval(utc(2027, 3, 28, 1), utc(2027, 3, 28, 3))]


def test_doubled_hour_is_open_twice():
    found = open_intervals(sunday(135, 165), utc(2027, 10, 30, 20), utc(2027, 10, 31, 20))
    assert found == [
        Interval(utc(2027, 10, 31, 0, 15), utc(2027, 10, 31, 0, 45)),
        Interval(utc(2027, 10, 31, 1, 15), utc(2027, 10, 31, 1, 45)),
    ]


def test_window_over_the_doubled_hour_is_one_hour_longer():
    found = open_intervals(sunday(60, 240), utc(2027, 10, 30, 20), utc(2027, 10, 31, 20))
    assert found == [Interval(utc(2027, 10, 30, 23), utc(2027, 10, 31, 3))]


def test_same_wall_time_before_and_after_the_change():
    hours = Hours(BERLIN, tuple(WeeklyWindow(day, 480, 600) for day in (5, 0)))
    found = open_intervals(hours, utc(2027, 3, 27), utc(2027, 3, 30))
    assert [i.start for i in found] == [utc(2027, 3, 27, 7), utc(2027, 3, 29, 6)]


def test_up_to_midnight_and_over_it():
    late = Hours("UTC", (WeeklyWindow(0, 1320, 1440), WeeklyWindow(2, 1320, 1800)))
    assert open_intervals(late, utc(2027, 1, 4), utc(2027, 1, 8)) == [
        Interval(utc(2027, 1, 4, 22), utc(2027, 1, 5)),
        Interval(utc(2027, 1, 6, 22), utc(2027, 1, 7, 6)),
    ]


def test_closed_day_removes_its_windows_and_cuts_those_that_reach_in():
    nights = tuple(WeeklyWindow(day, 1320, 1800) for day in (0, 1, 2))
    hours = Hours("UTC", nights, closed=frozenset({date(2027, 1, 5)}))
    assert open_intervals(hours, utc(2027, 1, 4), utc(2027, 1, 8)) == [
        Interval(utc(2027, 1, 4, 22), utc(2027, 1, 5)),
        Interval(utc(2027, 1, 6, 22), utc(2027, 1, 7, 6)),
    ]


def test_one_off_opening_beats_closed_day_and_holiday():
    hours = Hours(
        "UTC",
        closed=frozenset({date(2027, 1, 5)}),
        openings=(Opening(date(2027, 1, 5), 480, 540),),
        holidays=(Interval(utc(2027, 1, 5), utc(2027, 1, 6)),),
    )
    assert open_intervals(hours, utc(2027, 1, 4), utc(2027, 1, 8)) == [
        Interval(utc(2027, 1, 5, 8), utc(2027, 1, 5, 9))
    ]


def test_holiday_is_cut_out_of_the_middle():
    hours = Hours(
        "UTC", (WeeklyWindow(0, 480, 960),), holidays=(Interval(utc(2027, 1, 4, 10), utc(2027, 1, 4, 11)),)
    )
    assert open_intervals(hours, utc(2027, 1, 4), utc(2027, 1, 5)) == [
        Interval(utc(2027, 1, 4, 8), utc(2027, 1, 4, 10)),
        Interval(utc(2027, 1, 4, 11), utc(2027, 1, 4, 16)),
    ]


def test_two_week_pattern_comes_every_second_week():
    hours = Hours("UTC", (WeeklyWindow(0, 480, 540, week=0),))
    starts = [i.start.date() for i in open_intervals(hours, utc(2027, 1, 1), utc(2027, 2, 15))]
    assert [(b - a).days for a, b in zip(starts, starts[1:], strict=False)] == [14, 14]


def test_windows_that_touch_stay_apart_but_are_open_as_one():
    hours = Hours("UTC", (WeeklyWindow(0, 480, 600), WeeklyWindow(0, 600, 720)))
    assert len(occurrences(hours, utc(2027, 1, 4), utc(2027, 1, 5))) == 2
    assert len(open_intervals(hours, utc(2027, 1, 4), utc(2027, 1, 5))) == 1


def test_hours_without_any_window_answer_with_the_horizon():
    answer = next_window(Hours(BERLIN), utc(2027, 1, 1), horizon_days=30)
    assert answer == NothingOpen(utc(2027, 1, 1), utc(2027, 1, 31))


def test_next_window_long_enough():
    hours = Hours("UTC", (WeeklyWindow(0, 480, 490), WeeklyWindow(2, 480, 600)))
    assert next_window(hours, utc(2027, 1, 1), minutes=30).start == utc(2027, 1, 6, 8)


@pytest.mark.parametrize(("start", "end", "reason"), [(600, 480, REASON_ORDER), (0, 1441, REASON_LENGTH)])
def test_impossible_window_is_refused(start, end, reason):
    with pytest.raises(WindowError) as caught:
        WeeklyWindow(0, start, end)
    assert caught.value.reason == reason


@pytest.mark.parametrize("zone", ["", None, "Europe/Atlantis"])
def test_unknown_zone_is_refused(zone):
    with pytest.raises(UnknownZoneError):
        Hours(zone)


def plan(minute=840, departure=1020, weekdays=range(5)):
    return CutoffPlan(BERLIN, tuple(Cutoff(day, minute, departure) for day in weekdays))


def test_at_the_cutoff_is_in_time_a_second_later_is_not():
    at = utc(2027, 1, 4, 13)
    assert next_cycle(plan(), at) == Cycle(at, utc(2027, 1, 4, 16))
    assert next_cycle(plan(), utc(2027, 1, 4, 13, 0, 1)).cutoff == utc(2027, 1, 5, 13)


def test_friday_evening_waits_for_monday():
    assert next_cycle(plan(), utc(2027, 1, 8, 20)).cutoff == utc(2027, 1, 11, 13)


def test_cutoff_in_missing_and_doubled_hour():
    night = plan(minute=150, departure=600, weekdays=range(7))
    assert next_cycle(night, utc(2027, 3, 27, 12)).cutoff == utc(2027, 3, 28, 1)
    assert next_cycle(night, utc(2027, 10, 30, 12)).cutoff == utc(2027, 10, 31, 0, 30)


def test_plan_without_cutoffs_answers_with_the_horizon():
    assert next_cycle(CutoffPlan(BERLIN, ()), utc(2027, 1, 1), 7) == NothingOpen(
        utc(2027, 1, 1), utc(2027, 1, 8)
    )


def test_three_a_day_on_weekdays():
    times = parse_times("6:00, 10:00 14")
    assert times == (360, 600, 840)
    hours = Hours(BERLIN, frequency_windows(range(5), times, 30))
    assert len(occurrences(hours, utc(2027, 1, 4), utc(2027, 1, 11))) == 15


def test_unreadable_time_names_the_word():
    with pytest.raises(TimesError) as caught:
        parse_times("6:00, 25:00")
    assert caught.value.word == "25:00"
