"""Brute force over all configurations of a small option model: what every answer is compared with."""

from itertools import chain, combinations, product


def configurations(model):
    """Return all allowed configurations as frozensets of values."""
    choices = [
        [frozenset(s) for n in range(len(c.values) + 1) for s in combinations(c.values, n)]
        if c.multi
        else [frozenset([value]) for value in c.values]
        for c in model.classes
    ]
    everything = (frozenset(chain(*parts)) for parts in product(*choices))
    return [config for config in everything if all(holds(rule, config, model) for rule in model.rules)]


def holds(rule, config, model):
    if rule.kind == "table":
        return any(_row_holds(rule, row, config) for row in rule.rows)
    if not all(_term_holds(term, config) for term in rule.condition):
        return True
    count = sum(_term_holds(term, config) for term in rule.terms)
    total = len(rule.terms)
    return {
        "requires": count == total,
        "excludes": count <= (1 if total > 1 and not rule.condition else 0),
        "together": count in (0, total),
        "at_least": count >= rule.count,
        "at_most": count <= rule.count,
        "exactly": count == rule.count,
    }[rule.kind]


def _term_holds(term, config):
    return (not config.isdisjoint(term.values)) != term.negated


def _row_holds(rule, row, config):
    return all(cell is None or not config.isdisjoint(cell) for cell in row)
