"""Improve one open tour by moves inside it: turning, and moving with or without turning, a run of stops.

Vehicle routing libraries look for gains between vehicles; within the single tour of a picker, where many ways
are equally long, these moves find the rest (measured against the exact program on two-way zones).
"""

import random

KICKS = 60


def polish(tour, metres, kicks=KICKS, seed=1):
    """Return a tour with the same first and last place, never longer than ``tour``; same input, same
    answer.
    """
    dice = random.Random(seed)
    best = _descend(list(tour), metres)
    best_length = _length(best, metres)
    for _kick in range(kicks if len(tour) > 6 else 0):
        candidate = _descend(_kicked(best, dice), metres)
        length = _length(candidate, metres)
        if length <= best_length:
            best, best_length = candidate, length
    return best


def _length(tour, metres):
    return sum(map(metres, tour, tour[1:]))


def _kicked(tour, dice):
    """Exchange two neighbouring runs: no single move of ours undoes that."""
    one, two, three = sorted(dice.sample(range(1, len(tour)), 3))
    return tour[:one] + tour[two:three] + tour[one:two] + tour[three:]


def _descend(tour, metres):
    improved = True
    while improved:
        improved = _turn(tour, metres) or _move(tour, metres)
    return tour


def _turn(tour, metres):
    """Reverse the first run whose reversal saves something."""
    for begin in range(1, len(tour) - 2):
        forward = backward = 0.0
        for end in range(begin + 1, len(tour) - 1):
            forward += metres(tour[end - 1], tour[end])
            backward += metres(tour[end], tour[end - 1])
            now = metres(tour[begin - 1], tour[begin]) + forward + metres(tour[end], tour[end + 1])
            then = metres(tour[begin - 1], tour[end]) + backward + metres(tour[begin], tour[end + 1])
            if then < now - 1e-9:
                tour[begin : end + 1] = tour[begin : end + 1][::-1]
                return True
    return False


def _move(tour, metres):
    """Move the first run of up to three stops that is better placed elsewhere."""
    for size in (1, 2, 3):
        for begin in range(1, len(tour) - size):
            run, rest = tour[begin : begin + size], tour[:begin] + tour[begin + size :]
            saved = _insertion(metres, rest[begin - 1], run, rest[begin])
            for place in range(1, len(rest)):
                for way in (run, run[::-1]):
                    if _insertion(metres, rest[place - 1], way, rest[place]) < saved - 1e-9:
                        tour[:] = rest[:place] + way + rest[place:]
                        return True
    return False


def _insertion(metres, before, run, after):
    return metres(before, run[0]) + _length(run, metres) + metres(run[-1], after) - metres(before, after)
