"""The life of a ticket: one table for every channel, and what follows from the events of a ticket.

Times are naive UTC datetimes. No database, no Odoo.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

OPEN = ("new", "assigned", "in_progress", "waiting_customer")
ENDED = ("solved", "closed", "cancelled", "merged")
# While the customer is asked, the clock of the service level stands still; it does too once a cure is given.
PAUSED = ("waiting_customer", "solved", "closed", "cancelled", "merged")
# Who is asked something, or told the cure, has an answer.
ANSWERING = ("waiting_customer", "solved")

TRANSITIONS: dict[str, frozenset[str]] = {
    "new": frozenset({"assigned", "in_progress", "waiting_customer", "solved", "cancelled", "merged"}),
    "assigned": frozenset({"new", "in_progress", "waiting_customer", "solved", "cancelled", "merged"}),
    "in_progress": frozenset({"assigned", "waiting_customer", "solved", "cancelled", "merged"}),
    "waiting_customer": frozenset({"assigned", "in_progress", "solved", "cancelled", "merged"}),
    # Opened again when the customer says that it is not solved.
    "solved": frozenset({"in_progress", "closed", "merged"}),
    "closed": frozenset({"in_progress"}),
    "cancelled": frozenset({"in_progress"}),
    # What follows goes to the ticket merged into.
    "merged": frozenset(),
}


def is_allowed(before: str, after: str) -> bool:
    """Whether a ticket may go from one stage to the other; staying is no change."""
    return before == after or after in TRANSITIONS.get(before, frozenset())


def is_open(code: str) -> bool:
    return code in OPEN


@dataclass(frozen=True)
class Event:
    """Something that happened to a ticket. ``kind``: opened, stage, answered, replied, …"""

    kind: str
    at: datetime
    before: str = ""
    after: str = ""


@dataclass
class Facts:
    """What the events add up to. ``pauses`` are (from, to); the last ``to`` is None while it lasts."""

    opened_at: datetime | None = None
    answered_at: datetime | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    stage: str = "new"
    reopened: int = 0
    replies: int = 0
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)


def facts(events: Iterable[Event]) -> Facts:
    """Fold the events, oldest first.

    A ticket opened again is not solved: its solving time is that of the last time. The time it counted as
    solved is a pause, so that the target for solving goes on with what was left of it.
    """
    found = Facts()
    for event in events:
        if event.kind == "opened":
            found.opened_at = event.at
            found.stage = event.after or "new"
        elif event.kind == "answered":
            found.answered_at = found.answered_at or event.at
        elif event.kind == "replied":
            found.replies += 1
        elif event.kind == "stage":
            _move(found, event)
    return found


def _move(found: Facts, event: Event) -> None:
    was_paused, is_paused = event.before in PAUSED, event.after in PAUSED
    if is_paused and not was_paused:
        found.pauses.append((event.at, None))
    elif was_paused and not is_paused and found.pauses and found.pauses[-1][1] is None:
        found.pauses[-1] = (found.pauses[-1][0], event.at)
    if event.before in ENDED and event.after in OPEN:
        found.reopened += 1
    found.stage = event.after
    if event.after in ANSWERING:
        found.answered_at = found.answered_at or event.at
    if event.after in OPEN:
        found.solved_at = found.closed_at = None
    elif event.after == "solved":
        found.solved_at = event.at
    else:
        found.closed_at = event.at
