"""A made-up car line for when no data is given: a core of versions, and tables that allow them and more."""

import itertools
import random


def sample(variables=40, values=120, tables=45, seed=7) -> dict:
    """Return a model in the benchmark's JSON form; its configurations are the versions and partial ones."""
    rng = random.Random(seed)
    sizes = [2] * variables
    for _ in range(values - 2 * variables):
        sizes[rng.randrange(variables)] += 1
    domains = {f"V{i}": [f"v{j}" for j in range(size)] for i, size in enumerate(sizes)}
    versions = [{name: rng.choice(domain) for name, domain in domains.items()} for _ in range(20)]
    constraints = [_table(rng, domains, versions) for _ in range(tables)]
    partial = [dict(rng.sample(sorted(version.items()), len(version) // 2)) for version in versions]
    return {"variables": domains, "constraints": constraints, "configurations": [*versions, *partial]}


def _table(rng, domains, versions) -> dict:
    scope = rng.sample(sorted(domains), rng.randint(2, 5))
    rows = {tuple(version[name] for name in scope) for version in versions}
    for version in rng.sample(versions, 6):
        cells = [
            [version[name]]
            if rng.random() < 0.5
            else rng.sample(domains[name], rng.randint(1, len(domains[name])))
            for name in scope
        ]
        rows |= set(itertools.product(*cells))
    return {"scope": scope, "tuples": [list(row) for row in sorted(rows)]}
