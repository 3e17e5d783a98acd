"""The model check: options that are always on, can never be chosen, or only look like a choice.

An option is *false-optional* when its model offers it as a choice below a parent, and yet it is on whenever
the parent is (also when the parent itself can never be on). In an option model the parent of a value is the
end item, which is always there; and every value that it requires by a rule with one value on each side.
"""

from pysat.solvers import Solver

from .engine import SOLVER, bits


def backbone(solver, variables) -> tuple[set[int], set[int]]:
    """Return (variables true in every model, variables false in every model) of a satisfiable formula.

    Each model rules out all candidates that it contradicts; phases are set against the candidates, so that a
    model contradicts many.
    """
    solver.solve()
    wanted = set(variables)
    candidates = {literal for literal in solver.get_model() if abs(literal) in wanted}
    true, false = set(), set()
    while candidates:
        literal = candidates.pop()
        solver.set_phases([-other for other in candidates])
        if solver.solve(assumptions=[-literal]):
            candidates &= set(solver.get_model())
        else:
            (true if literal > 0 else false).add(abs(literal))
    return true, false


def infer_tree(count: int, clauses) -> tuple[dict[int, int], dict[int, bool]]:
    """Recover a feature tree from clauses: child → parent, and child → declared mandatory.

    Features are numbered in the tree's order (a parent, then its first child's subtree, ...), as feature
    model tools write them, so a parent is the nearest open ancestor with a clause "child needs parent". A
    child is mandatory if "parent needs child" is a clause and it is no member of a group clause.
    """
    needs: dict[int, set] = {}
    groups: dict[int, set] = {}
    for clause in clauses:
        negative = [literal for literal in clause if literal < 0]
        if len(negative) == 1 and len(clause) == 2:
            needs.setdefault(-negative[0], set()).add(sum(clause) - negative[0])
        elif len(negative) == 1:
            groups.setdefault(-negative[0], set()).update(literal for literal in clause if literal > 0)
    parents, stack = {}, []
    for feature in range(1, count + 1):
        while stack and stack[-1] not in needs.get(feature, ()):
            stack.pop()
        if stack:
            parents[feature] = stack[-1]
        stack.append(feature)
    mandatory = {
        child: child in needs.get(parent, ()) and child not in groups.get(parent, ())
        for child, parent in parents.items()
    }
    return parents, mandatory


def analyse_clauses(count: int, clauses) -> dict[str, set[int]] | None:
    """Check a feature model in clauses; None if it has no configuration at all."""
    with Solver(name=SOLVER, bootstrap_with=clauses) as solver:
        if not solver.solve():
            return None
        always, never = backbone(solver, range(1, count + 1))
        parents, mandatory = infer_tree(count, clauses)
        false_optional = {
            child
            for child, parent in parents.items()
            if not mandatory[child] and not solver.solve(assumptions=[parent, -child])
        }
    return {"always": always, "never": never, "false_optional": false_optional}


def analyse_engine(engine) -> tuple[set, set, set]:
    """Return the values that are (always on, never possible, false-optional) in a satisfiable engine."""
    possible, _consistent = engine.possible(0)
    never = engine.all_mask & ~possible
    always = sum(mask & possible for mask in engine.single_masks if (mask & possible).bit_count() == 1)
    for bit in bits(possible & ~sum(engine.single_masks)):
        if not engine.can_do_without(bit):
            always |= bit
    offered = {
        value
        for option_class in engine.model.classes
        if option_class.multi or len(option_class.values) > 1
        for value in option_class.values
    }
    always, never = set(engine.unmask(always)), set(engine.unmask(never))
    forced = {
        engine.values[child - 1]
        for child, parent in _required_pairs(engine)
        if engine.solve([parent, -child]) is None
    }
    return always, never, (always & offered) | (forced - always)


def _required_pairs(engine):
    """Yield (child, parent) variables of rules "child requires parent" that are not stated the other way."""
    pairs = {
        (engine.var[rule.condition[0].values[0]], engine.var[rule.terms[0].values[0]])
        for rule in engine.model.rules
        if rule.kind == "requires"
        and all(len(side) == 1 and len(side[0].values) == 1 for side in (rule.condition, rule.terms))
        and not rule.condition[0].negated
        and not rule.terms[0].negated
    }
    return [pair for pair in sorted(pairs) if pair[::-1] not in pairs]
