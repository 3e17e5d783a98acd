"""Life of a recall and when it is at its end."""

TRANSITIONS = {
    "draft": {"confirmed", "cancel"},
    "confirmed": {"in_progress", "done", "cancel"},
    "in_progress": {"done", "cancel"},
    "done": set(),
    "cancel": set(),
}
# What a customer may answer -> whether the goods are settled with it; returned goods settle when they arrive.
ANSWERS = {"return": False, "not_here": False, "used_up": True, "destroyed": True}


def percent(settled: float, affected: float) -> float:
    """How much is settled; a recall that reached nobody is at its end."""
    return 100.0 if affected <= 0 else min(100.0 * settled / affected, 100.0)


def settled(quantity: float, returned: float, answer: str | None, by_hand: bool) -> float:
    """How much of one delivery is settled: what came back, or all of it by an answer or a decision."""
    if by_hand or (answer and ANSWERS[answer]):
        return quantity
    return max(min(returned, quantity), 0.0)
