"""Work laid into the free working time of a resource, forwards from a start or back from an end.

Free time is a sorted list of disjoint intervals (naive UTC): the resource's hours without what is planned
already. Work is preempted by closed time and goes on afterwards, as people and machines do.
"""

from bisect import bisect_left, bisect_right
from datetime import timedelta
from itertools import islice

from .windows import Interval, subtract

ALWAYS = None  # free time of a resource that is never the limit


def schedule_forward(free, start, work):
    """Return (finish, pieces) of ``work`` (a timedelta) begun at ``start`` at the earliest, or None if it
    never ends.

    ``pieces`` are the intervals it takes. No work is finished at ``start``.
    """
    if not work:
        return start, []
    if free is ALWAYS:
        return start + work, []
    left, pieces = work, []
    for interval in islice(free, bisect_right(free, start, key=_end), None):
        begin = max(interval[0], start)
        end = min(interval[1], begin + left)
        pieces.append(Interval(begin, end))
        left -= end - begin
        if not left:
            return end, pieces
    return None


def schedule_back(free, end, work, earliest):
    """Return (start, pieces) of the latest ``work`` that is finished by ``end``, or None if it would begin
    too soon.

    Nothing begins before ``earliest``: there is no starting in the past.
    """
    if not work:
        return end, []
    if free is ALWAYS:
        return (end - work, []) if end - work >= earliest else None
    left, pieces = work, []
    for interval in reversed(free):
        finish, floor = min(interval[1], end), max(interval[0], earliest)
        if finish <= floor:
            continue
        begin = max(floor, finish - left)
        pieces.append(Interval(begin, finish))
        left -= finish - begin
        if not left:
            return begin, pieces[::-1]
    return None


def first_open(free, instant):
    """Return the first instant from ``instant`` on at which people are at work; None if they never are.

    What ends with the shift can still leave with it.
    """
    if free is ALWAYS:
        return instant
    return next((max(start, instant) for start, end in free if end >= instant), None)


def last_open(free, instant, earliest):
    """Return the last instant up to ``instant`` at which people are at work, not before ``earliest``."""
    if free is ALWAYS:
        return max(instant, earliest)
    until = (min(end, instant) for start, end in reversed(free) if start <= instant)
    return max(next(until, earliest), earliest)


def until(free, end):
    """Return what of free time is before ``end``."""
    if free is ALWAYS:
        return free
    return [Interval(start, min(stop, end)) for start, stop in free if start < end]


def without(free, pieces):
    """Return free time after ``pieces`` (sorted) were taken; only the stretch they lie in is looked at."""
    if free is ALWAYS or not pieces:
        return free
    first = bisect_right(free, pieces[0][0], key=_end)
    last = bisect_left(free, pieces[-1][1], key=_start)
    return [*free[:first], *subtract(free[first:last], pieces), *free[last:]]


def _start(interval):
    return interval[0]


def _end(interval):
    return interval[1]


def minutes(amount):
    """Return a number of minutes as a timedelta of whole minutes, rounded up: a started minute is taken."""
    whole = int(amount)
    return timedelta(minutes=whole + (amount > whole))
