import random

import numpy as np
import pytest
from of_tools.sla import Case, Policy, Subject, WorkTime, choose, deadline, narrow, used, verdict
from work_calendars import DAYS, random_calendar

HOUR = 3600
# Two days from eight to twelve and one to five, as seconds of an imagined week.
DAY = WorkTime(
    [(8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR), (32 * HOUR, 36 * HOUR), (37 * HOUR, 41 * HOUR)]
)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [(8, 4, 12), (8, 5, 14), (8, 8, 17), (8, 9, 33), (6, 1, 9), (12.5, 1, 14), (20, 8, 41), (9, 0, 9)],
)
def test_work_added(start, hours, end):
    assert DAY.add(int(start * HOUR), int(hours * HOUR)) == end * HOUR


def test_more_work_than_there_is_time():
    assert DAY.add(8 * HOUR, 17 * HOUR) is None


def test_no_hours_at_all():
    assert verdict(WorkTime([]), Case(0), HOUR, HOUR).state == "no_hours"


def test_intervals_that_overlap_count_once():
    assert WorkTime([(0, 10), (5, 20), (20, 30), (40, 40)]).before == [0, 30]


def test_clock_stands_while_the_customer_is_asked():
    pauses = [(10 * HOUR, 14 * HOUR)]
    assert deadline(DAY, 8 * HOUR, 4 * HOUR, pauses, 0).at == 16 * HOUR
    assert used(DAY, 8 * HOUR, 15 * HOUR, pauses) == 3 * HOUR


def test_asked_just_now():
    found = verdict(DAY, Case(8 * HOUR, [(10 * HOUR, None)]), 4 * HOUR, 33 * HOUR)
    assert (found.state, found.used) == ("paused", 2 * HOUR)


@pytest.mark.parametrize(
    ("case", "now", "state"),
    [
        (Case(8 * HOUR), 12 * HOUR, "running"),
        (Case(8 * HOUR), 12 * HOUR + 1, "missed"),
        (Case(8 * HOUR, reached=12 * HOUR), 90 * HOUR, "kept"),
        (Case(8 * HOUR, reached=12 * HOUR + 1), 90 * HOUR, "missed"),
        (Case(8 * HOUR, dropped=9 * HOUR), 90 * HOUR, "dropped"),
        (Case(8 * HOUR, dropped=13 * HOUR), 90 * HOUR, "missed"),
        (Case(8 * HOUR, [(9 * HOUR, None)], reached=35 * HOUR), 90 * HOUR, "kept"),
        (Case(8 * HOUR, [(14 * HOUR, 15 * HOUR)], reached=13 * HOUR), 90 * HOUR, "missed"),
    ],
)
def test_verdicts(case, now, state):
    assert verdict(DAY, case, 4 * HOUR, now).state == state


def test_what_happens_later_does_not_change_what_is_decided():
    early = verdict(DAY, Case(8 * HOUR, reached=9 * HOUR), 4 * HOUR, 10 * HOUR)
    late = verdict(DAY, Case(8 * HOUR, [(9 * HOUR, None)], reached=9 * HOUR), 4 * HOUR, 99 * HOUR)
    assert early == late


def test_most_special_policy_of_each_kind():
    policies = [
        Policy(1, "answer"),
        Policy(2, "solve"),
        Policy(3, "solve", priority="3"),
        Policy(4, "solve", partner=7),
        Policy(5, "solve", partner=8, product=9),
        Policy(6, "solve", product_category=2),
    ]
    subject = Subject(partner=7, product=9, product_category=(1, 2), priority="3")
    assert [policy.id for policy in choose(policies, subject)] == [1, 4]


def test_equal_policies_by_sequence():
    policies = [Policy(1, "solve", sequence=20, team=3), Policy(2, "solve", sequence=10, team=3)]
    assert [policy.id for policy in choose(policies, Subject(team=3))] == [2]


def _oracle(minutes, opened, target, pauses):
    """Walk the minutes: the target is due when as many were worked as it has."""
    running = minutes.copy()
    running[:opened] = False
    for start, stop in pauses:
        running[start:stop] = False
    done = np.flatnonzero(running)
    return int(done[target - 1]) + 1 if len(done) >= target else None


def _random_pauses(rng, opened):
    marks = sorted(rng.randrange(opened, opened + 12 * 1440) for _mark in range(2 * rng.randint(0, 3)))
    return list(zip(marks[::2], marks[1::2], strict=True))


@pytest.mark.parametrize("seed", range(50))
def test_deadlines_minute_by_minute(seed):
    """200 random tickets on each of 50 random calendars: daylight saving, leave, lunch, two weeks, pauses."""
    rng = random.Random(seed)
    calendar = random_calendar(rng)
    minutes, work, origin = calendar.minutes(), WorkTime(calendar.intervals()), calendar.origin
    for _case in range(200):
        opened, target = rng.randrange((DAYS - 20) * 1440), rng.randint(1, 3000)
        pauses = _random_pauses(rng, opened)
        expected = _oracle(minutes, opened, target, pauses)
        if expected is None:
            continue
        in_seconds = [(origin + 60 * start, origin + 60 * stop) for start, stop in pauses]
        found = deadline(work, origin + 60 * opened, 60 * target, in_seconds, 0).at
        assert found == origin + 60 * expected, (calendar, opened, target, pauses)
        spent = used(work, origin + 60 * opened, origin + 60 * expected, in_seconds)
        assert spent == 60 * target


def test_what_no_policy_looks_at_changes_nothing():
    rng = random.Random(8)

    def some(values):
        return rng.choice([None, None, *values])

    for _case in range(2000):
        policies = [
            Policy(number, rng.choice(["answer", "solve"]), partner=some([1, 2]), product=some([3]),
                   product_category=some([4, 5]), category=some([6, 7]), team=some([8]), priority=some("23"))
            for number in range(rng.randint(0, 4))
        ]  # fmt: skip
        above = tuple(rng.sample([4, 5, 9], rng.randint(0, 3)))
        subject = Subject(some([1, 2, 3]), some([3, 4]), above, some([6, 9]), some([8, 9]), some("123"))
        assert choose(policies, narrow(subject, policies)) == choose(policies, subject)
