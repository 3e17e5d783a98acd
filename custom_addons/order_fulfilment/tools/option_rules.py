"""Option rules that explain themselves: the public face of :mod:`.options`.

``Reasoner(model)`` compiles an :class:`OptionModel` once and then answers, exactly and not pairwise: what may
still be chosen, why something may not, the smallest change that admits it, a whole configuration, and what is
odd about the model itself. Parts of the model that no rule connects are compiled apart, so a click costs only
its own part. A reasoner is safe for threads (one lock) and is meant to be kept per process.
"""

import threading
from time import monotonic

from .options import analysis, complete, repair
from .options.checks import fit, validate
from .options.components import split
from .options.engine import Engine
from .options.explain import Explainer
from .options.model import (
    KINDS,
    Change,
    Completion,
    ModelReport,
    OptionClass,
    OptionModel,
    OptionModelError,
    Reason,
    Repair,
    Rule,
    State,
    Term,
)

__all__ = [
    "KINDS",
    "Change",
    "Completion",
    "ModelReport",
    "OptionClass",
    "OptionModel",
    "OptionModelError",
    "Reason",
    "Reasoner",
    "Repair",
    "Rule",
    "State",
    "Term",
]


class Reasoner:
    """Answers questions about one model; raises :class:`OptionModelError` where one is wrong."""

    def __init__(self, model: OptionModel):
        validate(model)
        self.model = fit(model)
        self._engines = [Engine(part) for part in split(self.model)]
        self._explainers: dict[int, Explainer] = {}
        self._engine_of = {value: engine for engine in self._engines for value in engine.values}
        self._class_of = {value: cls for cls in self.model.classes for value in cls.values}
        self._lock = threading.RLock()

    def state(self, selection) -> State:
        """Say what may still be chosen beside ``selection``; a class that has its choice keeps only that."""
        selection = self._known(selection)
        possible: list = []
        with self._lock:
            for engine, chosen in self._parts(selection):
                mask, consistent = engine.possible(chosen)
                if not consistent:
                    return State(frozenset(), False, frozenset(selection))
                possible += engine.unmask(mask)
        return State(frozenset(possible), True, frozenset(selection))

    def swaps(self, selection) -> frozenset:
        """Return the values that can replace their class's choice while all other choices stay."""
        with self._lock:
            parts = self._parts(self._known(selection))
            broken = [part for part in parts if not part[0].is_consistent(part[1])]
            if len(broken) > 1:
                return frozenset()
            return frozenset(
                v for engine, chosen in broken or parts for v in engine.unmask(engine.swaps(chosen))
            )

    def is_possible(self, selection) -> bool:
        """Say whether ``selection`` can be completed."""
        with self._lock:
            return all(engine.is_consistent(chosen) for engine, chosen in self._parts(self._known(selection)))

    def missing(self, selection) -> list:
        """Return the keys of the single-choice classes that ``selection`` leaves open."""
        chosen = set(self._known(selection))
        return [c.key for c in self.model.classes if not c.multi and chosen.isdisjoint(c.values)]

    def is_configuration(self, selection) -> bool:
        """Say whether ``selection`` is whole and allowed as it stands (multiple choices left out are off)."""
        selection = self._known(selection)
        if self.missing(selection):
            return False
        with self._lock:
            for engine, chosen in self._parts(selection):
                off = [-var for var in range(1, engine.size + 1) if not chosen >> (var - 1) & 1]
                if engine.solve([*engine.literals(chosen), *off]) is None:
                    return False
        return True

    def reason(self, selection, value=None) -> Reason | None:
        """Say why ``value`` cannot go with ``selection`` (its own class's choice aside); None if it can.

        Without ``value``: why the selection itself cannot be completed.
        """
        selection = self._known(selection)
        if value is not None:
            self._known([value])
            selection = self._without_class(selection, value)
        with self._lock:
            for engine, chosen in self._parts(selection):
                found = self._explainer(engine).reason(engine.bit.get(value, 0), chosen)
                if found is not None:
                    return found
        return None

    def repair(self, selection, wanted=(), prices=None, seconds=1.0) -> Repair | None:
        """Return the fewest changes of ``selection`` that admit all ``wanted`` values, cheapest of equals.

        A wanted value takes the place of its own class's choice; that is no change counted. None if the
        wanted values can never be chosen together.
        """
        selection, wanted = self._known(selection), self._known(wanted)
        prices = prices or {}
        kept = selection
        for value in wanted:
            kept = self._without_class(kept, value)
        result: list = []
        proved = True
        with self._lock:
            for engine, chosen in self._parts([*kept, *wanted]):
                target = engine.mask(value for value in wanted if value in engine.bit)
                part, fine = _repair_part(engine, target, chosen & ~target, prices, monotonic() + seconds)
                if part is None:
                    return None
                result += engine.unmask(part)
                proved = proved and fine
        return self._as_repair(selection, result, prices, proved)

    def complete(
        self, selection=(), preferred=(), prices=None, cheapest=False, seconds=5.0
    ) -> Completion | None:
        """Return a whole configuration with ``selection``; None if there is none.

        By order: each class takes a ``preferred`` value if it can, else the first it can. ``cheapest``: the
        lowest total of ``prices`` (whole numbers, by value).
        """
        selection, preferred = self._known(selection), set(preferred)
        prices = prices or {}
        values: list = []
        proved = True
        with self._lock:
            for engine, chosen in self._parts(selection):
                if cheapest:
                    mask, fine = complete.complete_cheapest(engine, chosen, prices, seconds)
                    proved = proved and fine
                else:
                    likes = engine.mask(value for value in engine.values if value in preferred)
                    mask = complete.complete_by_order(engine, chosen, likes)
                if mask is None:
                    return None
                values += engine.unmask(mask)
        values = self._in_order(values)
        return Completion(tuple(values), sum(prices.get(value, 0) for value in values), proved)

    def configurations(self, selection=(), all_extras=True):
        """Yield whole configurations that hold ``selection``, lazily: there may be many.

        Without ``all_extras`` multiple choices stay off unless chosen or forced.
        ."""
        found = _combine(self._parts(self._known(selection)), all_extras)
        while True:
            with self._lock:
                values = next(found, None)
            if values is None:
                return
            yield tuple(self._in_order(values))

    def check(self) -> ModelReport:
        """Check the model: see :mod:`.options.analysis`; ``conflict`` is a minimal set of rules."""
        with self._lock:
            for engine in self._engines:
                if engine.solve([]) is None:
                    found = self._explainer(engine).reason(0, 0)
                    return ModelReport(conflict=found.rules, satisfiable=False)
            found = [analysis.analyse_engine(engine) for engine in self._engines]
        always, never, false_optional = (set().union(*sets) for sets in zip(*found, strict=True))
        return ModelReport(*(tuple(self._in_order(part)) for part in (always, never, false_optional)))

    def _explainer(self, engine) -> Explainer:
        if id(engine) not in self._explainers:
            self._explainers[id(engine)] = Explainer(engine)
        return self._explainers[id(engine)]

    def _known(self, values) -> list:
        values = list(dict.fromkeys(values))
        for value in values:
            if value not in self._engine_of:
                raise OptionModelError("unknown_value", f"There is no option {value!r} here.", value)
        return values

    def _without_class(self, selection, value) -> list:
        owner = self._class_of[value]
        return [other for other in selection if owner.multi or self._class_of[other] is not owner]

    def _parts(self, selection):
        """Return (engine, mask of its chosen values) for every part of the model."""
        return [(engine, engine.mask(v for v in selection if v in engine.bit)) for engine in self._engines]

    def _in_order(self, values) -> list:
        values = set(values)
        return [value for cls in self.model.classes for value in cls.values if value in values]

    def _as_repair(self, before, after, prices, proved) -> Repair:
        changes = []
        before, after = set(before), set(after)
        for option_class in self.model.classes:
            old = [value for value in option_class.values if value in before and value not in after]
            new = [value for value in option_class.values if value in after and value not in before]
            for index in range(max(len(old), len(new))):
                pair = (old[index] if index < len(old) else None, new[index] if index < len(new) else None)
                changes.append(Change(option_class.key, *pair))
        difference = sum(prices.get(v, 0) for v in after) - sum(prices.get(v, 0) for v in before)
        return Repair(tuple(self._in_order(after)), tuple(changes), difference, proved)


def _combine(parts, all_extras):
    """Yield the values of every combination of the parts' configurations; the last part varies fastest."""
    if not parts:
        yield []
        return
    engine, chosen = parts[0]
    for mask in complete.iterate(engine, chosen, all_extras):
        for rest in _combine(parts[1:], all_extras):
            yield [*engine.unmask(mask), *rest]


def _repair_part(engine, wanted, chosen, prices, deadline):
    """Return (mask of the repaired selection of one part or None, proved)."""
    removals, proved = repair.smallest_removals(engine, wanted, chosen, deadline)
    best = None
    enough = monotonic() + repair.TIE_SECONDS
    for removed in removals:
        if best and monotonic() > enough:
            break
        kept = wanted | (chosen & ~removed)
        mask, price = repair.cheapest_replacement(engine, kept, removed, prices)
        price -= sum(prices.get(value, 0) for value in engine.unmask(removed))
        if best is None or price < best[0]:
            best = (price, kept | mask)
    return (best[1], proved) if best else (None, proved)
