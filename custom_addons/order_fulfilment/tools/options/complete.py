"""From a partial selection to a whole configuration."""

from threading import Timer

from pysat.examples.rc2 import RC2Stratified
from pysat.formula import WCNF

from .engine import Engine


def complete_by_order(engine: Engine, chosen: int, preferred: int) -> int | None:
    """Return the configuration in which each class in turn takes the first value it can.

    A class's preferred values come first, then its values in the order offered; what a class takes binds the
    classes after it. Values of multiple-choice classes stay off unless preferred or forced.
    """
    engine.prefer(chosen | preferred)
    model = engine.dive(engine.literals(chosen))
    if model is None:
        return None
    held, off = chosen, []
    for option_class in engine.model.classes:
        for literal in _wishes(engine, option_class, preferred, engine.refuted(chosen)):
            found = model if _holds(model, literal) else _hold(engine, model, held, off, literal)
            if found is not None:
                model = found
                held |= 1 << (literal - 1) if literal > 0 else 0
                off += [literal] if literal < 0 else []
                if not option_class.multi:
                    break
    return model


def _hold(engine: Engine, model: int, held: int, off: list, literal: int) -> int | None:
    """Return a configuration with ``literal`` beside what is ``held`` and ``off``; None if there is none.

    It is looked for next to ``model`` first, which costs a hundredth of a question to the solver.
    """
    near = engine.near(model, held, 1 << (literal - 1)) if literal > 0 else 0
    return near or engine.solve([*engine.literals(held), *off, literal])


def _wishes(engine: Engine, option_class, preferred: int, refuted: int = 0):
    """Return the literals to try for a class: one is to hold (single) or each if it can (multiple)."""
    variables = [engine.var[value] for value in option_class.values]
    if option_class.multi:
        return [var if preferred >> (var - 1) & 1 else -var for var in variables]
    variables = [var for var in variables if not refuted >> (var - 1) & 1]
    return sorted(variables, key=lambda var: not preferred >> (var - 1) & 1)


def _holds(model: int, literal: int) -> bool:
    return bool(model >> (abs(literal) - 1) & 1) == (literal > 0)


def complete_cheapest(engine: Engine, chosen: int, prices: dict, seconds: float) -> tuple[int | None, bool]:
    """Return (the configuration of the lowest total price, proved), by MaxSAT within ``seconds``."""
    fallback = complete_by_order(engine, chosen, _cheapest_each(engine, prices))
    if fallback is None:
        return None, True
    penalties = list(_penalties(engine, prices))
    if not penalties:
        return fallback, True
    formula = WCNF()
    formula.extend(engine.encoding.clauses())
    formula.extend([[literal] for literal in engine.literals(chosen)])
    for literal, weight in penalties:
        formula.append([-literal], weight=weight)
    with RC2Stratified(formula, solver="g3", adapt=True, exhaust=False, minz=True) as rc2:
        timer = Timer(seconds, rc2.interrupt)
        timer.start()
        try:
            model = rc2.compute(expect_interrupt=True)
        finally:
            timer.cancel()
    if not model:
        return fallback, False
    return sum(1 << (literal - 1) for literal in model if 0 < literal <= engine.size), True


def _cheapest_each(engine: Engine, prices: dict) -> int:
    mask = 0
    for option_class in engine.model.classes:
        if not option_class.multi:
            cheapest = min(option_class.values, key=lambda value: prices.get(value, 0))
            mask |= engine.bit[cheapest]
        else:
            mask |= engine.mask(value for value in option_class.values if prices.get(value, 0) < 0)
    return mask


def _penalties(engine: Engine, prices: dict):
    """Yield (literal that costs, by how much more than the least): weights of MaxSAT are above zero."""
    for option_class in engine.model.classes:
        least = 0 if option_class.multi else min(prices.get(value, 0) for value in option_class.values)
        for value in option_class.values:
            extra = prices.get(value, 0) - least
            if extra:
                yield (engine.var[value] if extra > 0 else -engine.var[value]), abs(extra)


def iterate(engine: Engine, chosen: int, all_extras: bool = True):
    """Yield every configuration that holds ``chosen``, in the order of classes and values.

    Without ``all_extras`` a multiple choice is on only where it is chosen or forced.
    """
    order = [list(_wishes(engine, option_class, 0)) for option_class in engine.model.classes]
    steps = []
    for option_class, literals in zip(engine.model.classes, order, strict=True):
        steps += [[lit, -lit] for lit in literals] if option_class.multi else [literals]
    first_only = (
        set() if all_extras else {tuple(each) for each in steps if len(each) == 2 and each[0] == -each[1]}
    )
    yield from _descend(engine, engine.literals(chosen), steps, first_only)


def _descend(engine, literals, steps, first_only):
    model = engine.solve(literals)
    if model is None:
        return
    if not steps:
        yield model
        return
    for literal in steps[0]:
        found = False
        for found_mask in _descend(engine, [*literals, literal], steps[1:], first_only):
            found = True
            yield found_mask
        if found and tuple(steps[0]) in first_only:
            return
