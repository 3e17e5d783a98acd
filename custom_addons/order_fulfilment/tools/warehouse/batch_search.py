"""The search of :mod:`..batching`: merge by savings, then move and exchange orders between batches."""

import random
import time
from heapq import nlargest
from itertools import combinations

EPSILON = 1e-9
SHORTLIST = 40


class Search:
    """``length(batch)``, ``fits(batch)`` and ``is_allowed(batches)`` say what a plan costs and whether it
    may be; ``estimate(batch)`` is a length that costs next to nothing.

    Batches are tuples of orders. Every accepted plan is allowed if the plan it began from was.
    """

    def __init__(self, length, estimate, fits, is_allowed, seconds, kicks=40, seed=1):
        self.length, self.estimate, self.fits, self.is_allowed = length, estimate, fits, is_allowed
        self.deadline = time.monotonic() + seconds
        self.kicks, self.dice = kicks, random.Random(seed)

    def _has_time(self):
        return time.monotonic() < self.deadline

    # -- savings -------------------------------------------------------------------------------------------
    def merge(self, batches):
        """Merge the pair that saves most until none fits; a merge that would make an order late is passed
        by.

        Walks are measured for the pairs that look best only; out of time, the looks decide.
        """
        batches = list(batches)
        rough = {
            pair: self._rough_saving(*pair)
            for pair in combinations(batches, 2)
            if self.fits(pair[0] + pair[1])
        }
        while rough:
            one, other = self._best_pair(rough)
            rest = [batch for batch in batches if batch not in (one, other)]
            joined = one + other
            if not self._is_worth(one, other) or not self.is_allowed([*rest, joined]):
                del rough[one, other]
                continue
            rough = {pair: gain for pair, gain in rough.items() if not {one, other} & set(pair)}
            possible = [batch for batch in rest if self.fits(batch + joined)]
            rough.update({(batch, joined): self._rough_saving(batch, joined) for batch in possible})
            batches = [*rest, joined]
        return batches

    def _best_pair(self, rough):
        if not self._has_time():
            return max(rough, key=rough.get)
        return max(nlargest(SHORTLIST, rough, key=rough.get), key=lambda pair: self._saving(*pair))

    def _is_worth(self, one, other):
        return not self._has_time() or self._saving(one, other) > EPSILON

    def _rough_saving(self, one, other):
        return self.estimate(one) + self.estimate(other) - self.estimate(one + other)

    def _saving(self, one, other):
        return self.length(one) + self.length(other) - self.length(one + other)

    # -- local search --------------------------------------------------------------------------------------
    def improve(self, batches):
        """Descend, then shake and descend again, as long as time and kicks last."""
        best = self._descend(list(batches))
        for _kick in range(self.kicks):
            if not self._has_time() or len(best) < 3:
                break
            candidate = self._shaken(best)
            if candidate is None:
                continue
            candidate = self._descend(candidate)
            if self._total(candidate) < self._total(best) - EPSILON:
                best = candidate
        return best

    def _total(self, batches):
        return sum(map(self.length, batches))

    def _descend(self, batches):
        improved = True
        while improved and self._has_time():
            improved = self._pass_over(batches)
        return batches

    def _pass_over(self, batches):
        """Try every pair of batches once; apply what saves."""
        improved = False
        for one, other in combinations(range(len(batches)), 2):
            if not self._has_time():
                break
            if one < len(batches) and other < len(batches):
                improved |= self._improve_pair(batches, one, other)
        batches[:] = [batch for batch in batches if batch]
        return improved

    def _improve_pair(self, batches, one, other):
        now = self._cost(batches[one]) + self._cost(batches[other])
        for left, right in self._exchanges(batches[one], batches[other]):
            if self._cost(left) + self._cost(right) < now - EPSILON:
                changed = [*batches]
                changed[one], changed[other] = left, right
                if self.is_allowed([batch for batch in changed if batch]):
                    batches[:] = changed
                    return True
        return False

    def _cost(self, batch):
        return self.length(batch) if batch else 0.0

    def _exchanges(self, one, other):
        """Yield the pairs of batches after moving one order, or exchanging one for one or for two."""
        for leaving, coming in self._trades(one, other):
            left = tuple(order for order in one if order not in leaving) + coming
            right = tuple(order for order in other if order not in coming) + leaving
            if self.fits(left) and self.fits(right):
                yield left, right

    @staticmethod
    def _trades(one, other):
        yield from (((order,), ()) for order in one)
        yield from (((), (order,)) for order in other)
        yield from (((a,), (b,)) for a in one for b in other)
        yield from (((a,), pair) for a in one for pair in combinations(other, 2))
        yield from ((pair, (b,)) for pair in combinations(one, 2) for b in other)

    def _shaken(self, batches):
        """Take three batches apart and merge their orders anew in a random order."""
        chosen = self.dice.sample(range(len(batches)), 3)
        loose = [order for index in chosen for order in batches[index]]
        self.dice.shuffle(loose)
        filled = []
        for order in loose:
            room = [index for index, batch in enumerate(filled) if self.fits((*batch, order))]
            if room:
                index = min(room, key=lambda i: self.length((*filled[i], order)) - self.length(filled[i]))
                filled[index] = (*filled[index], order)
            else:
                filled.append((order,))
        candidate = [batch for index, batch in enumerate(batches) if index not in chosen] + filled
        return candidate if self.is_allowed(candidate) else None
