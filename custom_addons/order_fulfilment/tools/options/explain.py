"""Irreducible reasons: which choices and rules together make something impossible."""

from pysat.solvers import Solver

from .engine import SOLVER, Engine
from .model import Reason


class Explainer:
    """Keeps one solver in which every rule can be switched off by a literal of its own."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._encoding = engine.encoding
        self._rules = engine.model.rules
        top = self._encoding.top
        self._selector = {index: top + 1 + index for index in range(len(self._rules))}
        self._index = {selector: index for index, selector in self._selector.items()}
        self._solver = Solver(name=SOLVER, bootstrap_with=self._encoding.structure)
        for index in self._selector:
            self._add(self._solver, index)

    def _add(self, solver, index):
        off = -self._selector[index]
        for clause in self._encoding.by_rule[index]:
            solver.add_clause([off, *clause])

    def reason(self, wanted: int, chosen: int) -> Reason | None:
        """Return why ``wanted`` values cannot go with ``chosen`` ones; None if they can.

        The engine, which knows the whole model best, says which choices play a part; only with these the
        rules are looked at.
        """
        fixed = self._engine.literals(wanted)
        free = self._engine.literals(chosen & ~wanted)
        if self._engine.solve([*fixed, *free]) is not None:
            return None
        found = set(self._engine.core())
        free = [literal for literal in free if literal in found]
        self._solver.solve(assumptions=[*fixed, *self._selector.values(), *free])
        core = [literal for literal in self._solver.get_core() or () if literal not in set(fixed)]
        return self._as_reason(self._shrink(fixed, core))

    def _shrink(self, fixed, core):
        """Leave out one literal after the other, on a solver that holds only the core's rules."""
        with Solver(name=SOLVER, bootstrap_with=self._encoding.structure) as solver:
            for literal in core:
                if literal in self._index:
                    self._add(solver, self._index[literal])
            needed, rest = [], list(core)
            while rest:
                tried = rest.pop()
                if solver.solve(assumptions=[*fixed, *needed, *rest]):
                    needed.append(tried)
                    continue
                found = set(solver.get_core() or ())
                rest = [literal for literal in rest if literal in found]
        return needed

    def _as_reason(self, literals) -> Reason:
        choices = [literal for literal in literals if literal not in self._index]
        rules = sorted(self._index[literal] for literal in literals if literal in self._index)
        return Reason(
            tuple(self._engine.values[literal - 1] for literal in sorted(choices)),
            tuple(self._rules[index].key for index in rules),
        )
