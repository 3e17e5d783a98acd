"""One connected part of an option model under a SAT solver, with memory.

Sets of values are integers, bit ``var - 1`` for a value's variable. Two memories make a click cheap:

* *witnesses*: whole configurations found earlier. One that holds the selection shows every one of its values
  to be possible, without asking the solver. They stay true as long as the model does.
* *refutations*: values known impossible under a set of choices stay impossible under any larger set.
"""

from collections import OrderedDict, deque

from pysat.solvers import Solver

from .encoding import Encoding
from .model import OptionModel
from .neighbours import Neighbours

SOLVER = "glucose4"  # robust on hard questions
DIVER = "minicard"  # quickest on easy ones
WITNESSES = 4000
DIVE_CONFLICTS = 200
TAKEN_OVER = 40  # witnesses of the last click that are made to fit the new one
LOOKED_AROUND = 6  # of them, before the solver is asked
REMEMBERED = 20000


class Engine:
    """Not safe for threads: the owner takes a lock around each call."""

    def __init__(self, model: OptionModel):
        self.model = model
        self.encoding = Encoding(model)
        self.var = self.encoding.var
        self.values = self.encoding.values
        self.size = len(self.values)
        self.bit = {value: 1 << (number - 1) for value, number in self.var.items()}
        self.single_masks = [self.mask(c.values) for c in model.classes if not c.multi]
        self.class_mask = {bit: mask for mask in self.single_masks for bit in bits(mask)}
        self.all_mask = (1 << self.size) - 1
        self._solver = Solver(name=SOLVER, bootstrap_with=self.encoding.clauses())
        self._diver = Solver(name=DIVER, bootstrap_with=self.encoding.clauses())
        self._witnesses: deque = deque(maxlen=WITNESSES)
        self._refuted: OrderedDict = OrderedDict()
        self._taken_over: OrderedDict = OrderedDict()
        self._neighbours = Neighbours(model, self.var, self.encoding.diagrams)

    def mask(self, values) -> int:
        mask = 0
        for value in values:
            mask |= self.bit[value]
        return mask

    def unmask(self, mask: int) -> list:
        return [self.values[bit.bit_length() - 1] for bit in bits(mask)]

    def literals(self, mask: int) -> list[int]:
        return [bit.bit_length() for bit in bits(mask)]

    def solve(self, literals) -> int | None:
        """Return the mask of a configuration under ``literals``, remembered as a witness, or None."""
        if not self._solver.solve(assumptions=literals):
            return None
        return self._witness(self._solver)

    def dive(self, literals) -> int | None:
        """As :meth:`solve`, with the values last preferred.

        Preferences take the solver's own memory of good values from it, and now and then it loses its way: so
        a dive has a budget of conflicts and a solver of its own; where it finds nothing the other is asked.
        """
        self._diver.conf_budget(DIVE_CONFLICTS)
        found = self._diver.solve_limited(assumptions=literals)
        if found is None:
            return self.solve(literals)
        return self._witness(self._diver) if found else None

    def _witness(self, solver) -> int:
        mask = 0
        for literal in solver.get_model()[: self.size]:
            if literal > 0:
                mask |= 1 << (literal - 1)
        self._witnesses.append(mask)
        return mask

    def core(self) -> list[int]:
        """Return the literals that the last failed :meth:`solve` needed."""
        return self._solver.get_core() or []

    def prefer(self, mask: int) -> None:
        """Have the next dives hold the values of ``mask`` where they can."""
        self._diver.set_phases([var if mask >> (var - 1) & 1 else -var for var in range(1, self.size + 1)])

    def is_consistent(self, chosen: int) -> bool:
        return self.is_witnessed(chosen) or self.solve(self.literals(chosen)) is not None

    def can_do_without(self, bit: int) -> bool:
        """Say whether a configuration leaves the value of ``bit`` out."""
        known = any(not mask & bit for mask in self._witnesses)
        return known or self.solve([-bit.bit_length()]) is not None

    def is_witnessed(self, chosen: int) -> bool:
        """Say whether a configuration that is known holds ``chosen``."""
        return any(mask & chosen == chosen for mask in reversed(self._witnesses))

    def near(self, witness: int, held: int, bit: int) -> int:
        """Return a configuration next to ``witness`` (holding ``held``) with ``bit``; 0 if none is near."""
        return self._neighbours.admit(witness, held | bit, bit)

    def refuted(self, chosen: int) -> int:
        """Return values that are known not to go with ``chosen``; there may be more."""
        settled = sum(mask for mask in self.single_masks if mask & chosen)
        return self._known_refuted(chosen) | settled & ~chosen

    def holding(self, chosen: int) -> list[int]:
        """Return the known configurations that hold ``chosen``."""
        return [mask for mask in self._witnesses if mask & chosen == chosen]

    def possible(self, chosen: int) -> tuple[int, bool]:
        """Return the mask of values that can be added to ``chosen``, and whether it is consistent.

        In a class that has its choice only that one remains; :meth:`swaps` tells the others.
        """
        if not self._take_over(chosen) and not self.is_consistent(chosen):
            return 0, False
        return self._open_values(chosen), True

    def _take_over(self, chosen: int) -> bool:
        """Make witnesses of those that lack one of ``chosen`` (the last click); say whether there are any."""
        if self._taken_over.get(chosen):
            return True
        found = []
        for mask in reversed(self._witnesses):
            missing = chosen & ~mask
            if missing and missing & (missing - 1) == 0:
                near = self._neighbours.admit(mask, chosen, missing)
                if near:
                    found.append(near)
                    if len(found) == TAKEN_OVER:
                        break
        self._witnesses.extend(found)
        self._note(self._taken_over, chosen, len(found))
        return bool(found)

    def swaps(self, chosen: int) -> int:
        """Return the values that can take the place of their class's choice with all others kept."""
        witnessed = self._swap_witnesses(chosen)
        possible = 0
        for class_mask in self.single_masks:
            if class_mask & chosen:
                known = witnessed.get(class_mask, 0) & class_mask
                possible |= known
                if known != class_mask:
                    possible |= self._search(chosen & ~class_mask, class_mask, known)
        return possible

    def _open_values(self, chosen: int) -> int:
        """Return what can be added to a consistent ``chosen`` in classes without a choice."""
        settled = sum(mask for mask in self.single_masks if mask & chosen)
        possible = chosen
        holding = self.holding(chosen)
        for mask in holding:
            possible |= mask
        target = self.all_mask & ~settled
        refuted = self._known_refuted(chosen)
        for mask in holding[-LOOKED_AROUND:]:
            unknown = target & ~possible & ~refuted
            if unknown:
                possible |= self._neighbours.around(mask, chosen, unknown)
        return chosen | self._search(chosen, target, possible)

    def _search(self, chosen: int, target: int, possible: int) -> int:
        """Return ``possible`` and whatever else of ``target`` goes with ``chosen``."""
        refuted = self._known_refuted(chosen)
        unknown = target & ~possible & ~refuted
        if not unknown:
            return possible & target
        literals = self.literals(chosen)
        consistent, implied = self._solver.propagate(assumptions=literals)
        refuted |= self._false_values(implied) if consistent else self.all_mask
        unknown &= ~refuted
        while unknown:
            self.prefer(unknown)
            value = unknown & -unknown
            found = self.dive([*literals, value.bit_length()])
            if found is None:
                refuted |= value
            else:
                possible |= found
                unknown &= ~possible
                possible |= self._neighbours.around(found, chosen, unknown)
            unknown &= ~(possible | refuted)
        self._note(self._refuted, chosen, self._refuted.get(chosen, 0) | refuted)
        return possible & target

    def _false_values(self, literals) -> int:
        false = 0
        for literal in literals:
            if -self.size <= literal < 0:
                false |= 1 << (-literal - 1)
        return false

    def _swap_witnesses(self, chosen: int) -> dict[int, int]:
        """Return class mask → values shown possible by a witness that differs from ``chosen`` only there."""
        found: dict = {}
        for mask in self._witnesses:
            missing = chosen & ~mask
            if missing and missing & (missing - 1) == 0 and missing in self.class_mask:
                class_mask = self.class_mask[missing]
                found[class_mask] = found.get(class_mask, 0) | mask
            elif not missing:
                for class_mask in self.single_masks:
                    if class_mask & chosen:
                        found[class_mask] = found.get(class_mask, 0) | mask
        return found

    def _known_refuted(self, chosen: int) -> int:
        refuted = self._refuted.get(chosen, 0) | self._refuted.get(0, 0)
        for bit in bits(chosen):
            refuted |= self._refuted.get(chosen ^ bit, 0)
        return refuted

    @staticmethod
    def _note(memory: OrderedDict, chosen: int, what) -> None:
        memory[chosen] = what
        if len(memory) > REMEMBERED:
            memory.popitem(last=False)


def bits(mask: int):
    """Yield the single bits of ``mask``, lowest first."""
    while mask:
        low = mask & -mask
        yield low
        mask ^= low
