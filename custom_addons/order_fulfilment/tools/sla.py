"""Targets of service counted in working time: deadlines, verdicts and which target counts.

Times are whole seconds since 1970 (UTC), so that daylight saving, lunch and holidays are only a matter of
which intervals are working time. A moment belongs to the interval that ends with it: what is due after eight
hours of a day of eight hours is due at the end of that day, not at the beginning of the next.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Pauses = Sequence[tuple[int, int | None]]


class WorkTime:
    """Working time as sorted intervals, with the work done before each."""

    def __init__(self, intervals: Iterable[tuple[int, int]]):
        self.starts: list[int] = []
        self.stops: list[int] = []
        for start, stop in sorted((start, stop) for start, stop in intervals if start < stop):
            if self.stops and start <= self.stops[-1]:
                self.stops[-1] = max(self.stops[-1], stop)
            else:
                self.starts.append(start)
                self.stops.append(stop)
        self.before = [0]
        for start, stop in zip(self.starts, self.stops, strict=True):
            self.before.append(self.before[-1] + stop - start)

    def __bool__(self) -> bool:
        return bool(self.starts)

    def clock(self, moment: int) -> int:
        """Work done up to ``moment``."""
        number = bisect_right(self.starts, moment) - 1
        if number < 0:
            return 0
        return self.before[number] + min(moment, self.stops[number]) - self.starts[number]

    def worked(self, start: int, stop: int) -> int:
        return max(0, self.clock(stop) - self.clock(start))

    def add(self, start: int, seconds: int) -> int | None:
        """First moment at which ``seconds`` of work are done after ``start``; None if the intervals end
        before.
        """
        if seconds <= 0:
            return start
        wanted = self.clock(start) + seconds
        number = bisect_left(self.before, wanted) - 1
        if number >= len(self.starts):
            return None
        return self.starts[number] + wanted - self.before[number]


@dataclass(frozen=True)
class Deadline:
    """When a target is due. ``stands`` if the customer is asked now; ``at`` is then what it would be if he
    answered at once, and None where there is not enough working time.
    """

    at: int | None
    stands: bool = False


def deadline(work: WorkTime, opened: int, seconds: int, pauses: Pauses, now: int) -> Deadline:
    """When ``seconds`` of work are done after ``opened``, pauses left out."""
    cursor, left = opened, seconds
    for begin, stop in pauses:
        start = max(begin, cursor)
        available = work.worked(cursor, start)
        if left <= available:
            return Deadline(work.add(cursor, left))
        left -= available
        if stop is None:
            return Deadline(work.add(max(now, start), left), stands=True)
        cursor = max(cursor, stop)
    return Deadline(work.add(cursor, left))


def used(work: WorkTime, opened: int, until: int, pauses: Pauses) -> int:
    """Work between ``opened`` and ``until`` during which the customer was not waited for."""
    total, cursor = 0, opened
    for begin, stop in pauses:
        start = min(max(begin, cursor), until)
        total += work.worked(cursor, start)
        if stop is None:
            return total
        cursor = max(cursor, min(stop, until))
    return total + work.worked(cursor, until)


@dataclass(frozen=True)
class Case:
    """What a verdict is made of. ``reached`` is when the target was met, ``dropped`` when the ticket ended
    without (cancelled, merged).
    """

    opened: int
    pauses: Pauses = ()
    reached: int | None = None
    dropped: int | None = None


@dataclass(frozen=True)
class Verdict:
    """``state``: running, paused, kept, missed, dropped or no_hours. ``used`` in seconds of work."""

    state: str
    deadline: int | None
    used: int


def _up_to(pauses: Pauses, end: int) -> Pauses:
    """Pauses as they were known at ``end``: what came later must not change what is decided."""
    return [(start, None if stop is None or stop > end else stop) for start, stop in pauses if start < end]


def verdict(work: WorkTime, case: Case, seconds: int, now: int) -> Verdict:
    """Judge one ticket against one target as of ``now``; depends on nothing else, so it can be
    repeated.
    """
    end = case.reached if case.reached is not None else case.dropped
    moment = now if end is None else end
    pauses = case.pauses if end is None else _up_to(case.pauses, end)
    due = deadline(work, case.opened, seconds, pauses, moment)
    spent = used(work, case.opened, moment, pauses)
    if due.at is None:
        return Verdict("no_hours", None, spent)
    if not due.stands and moment > due.at:
        return Verdict("missed", due.at, spent)
    if case.reached is not None:
        return Verdict("kept", due.at, spent)
    if case.dropped is not None:
        return Verdict("dropped", due.at, spent)
    return Verdict("paused" if due.stands else "running", due.at, spent)


@dataclass(frozen=True)
class Look:
    """A verdict, the steps (by number) whose share of the target is used up, and when to look again."""

    verdict: Verdict
    due: tuple[int, ...]
    next_at: int | None


def look(work: WorkTime, case: Case, seconds: int, steps: Sequence[tuple[int, int]], now: int) -> Look:
    """Judge a ticket and its steps, given as (number, seconds of work). Nothing is due while the clock
    stands, nor on a ticket that has met the target or ended.
    """
    found = verdict(work, case, seconds, now)
    if case.reached is not None or case.dropped is not None:
        return Look(found, (), None)
    moments = [(number, deadline(work, case.opened, share, case.pauses, now)) for number, share in steps]
    running = [
        (number, moment.at) for number, moment in moments if moment.at is not None and not moment.stands
    ]
    due = tuple(number for number, moment in running if moment <= now)
    ahead = [moment for _number, moment in running if moment > now]
    if found.state == "running":
        ahead.append(found.deadline + 1)
    return Look(found, due, min(ahead, default=None))


CRITERIA = {"partner": 32, "product": 16, "product_category": 8, "category": 4, "team": 2, "priority": 1}


@dataclass(frozen=True)
class Policy:
    """A target and for whom it is: what is None is for all."""

    id: int
    kind: str
    sequence: int = 10
    partner: int | None = None
    product: int | None = None
    product_category: int | None = None
    category: int | None = None
    team: int | None = None
    priority: str | None = None


@dataclass(frozen=True)
class Subject:
    """What of a ticket decides on its targets; ``product_category`` with all above it."""

    partner: int | None = None
    product: int | None = None
    product_category: tuple[int, ...] = ()
    category: int | None = None
    team: int | None = None
    priority: str | None = None


def applies(policy: Policy, subject: Subject) -> bool:
    if policy.product_category is not None and policy.product_category not in subject.product_category:
        return False
    return all(
        getattr(policy, name) in (None, getattr(subject, name))
        for name in CRITERIA
        if name != "product_category"
    )


def narrow(subject: Subject, policies: Sequence[Policy]) -> Subject:
    """What of ``subject`` these policies look at: subjects alike in it have the same targets."""
    named = {name: {getattr(policy, name) for policy in policies} for name in CRITERIA}
    above = tuple(number for number in subject.product_category if number in named["product_category"])
    plain = {name: getattr(subject, name) for name in CRITERIA if name != "product_category"}
    kept = {name: value if value in named[name] else None for name, value in plain.items()}
    return Subject(product_category=above, **kept)


def choose(policies: Iterable[Policy], subject: Subject) -> list[Policy]:
    """One policy per kind: the most special that applies. An agreement with the customer beats one for the
    product, that one for the category, and so on; the lower sequence decides between equals.
    """
    best: dict[str, tuple] = {}
    for policy in policies:
        if applies(policy, subject):
            weight = sum(CRITERIA[name] for name in CRITERIA if getattr(policy, name) is not None)
            rank = (-weight, policy.sequence, policy.id, policy)
            if policy.kind not in best or rank[:3] < best[policy.kind][:3]:
                best[policy.kind] = rank
    return [rank[3] for _kind, rank in sorted(best.items())]
