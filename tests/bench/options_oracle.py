"""What the option benchmark compares with: rows looked up, and a plain solver for partial configurations."""

import json
from pathlib import Path

from pysat.solvers import Solver


def read(path: str) -> dict:
    """Return the model with every value as text, as JSON objects and Odoo name them."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    return {
        "variables": {name: [str(value) for value in values] for name, values in data["variables"].items()},
        "constraints": [
            {"scope": table["scope"], "tuples": [[str(value) for value in row] for row in table["tuples"]]}
            for table in data["constraints"]
        ],
        "configurations": [
            {name: str(value) for name, value in config.items() if value is not None}
            for config in data.get("configurations", [])
        ],
    }


def corrupt(config: dict, data: dict, rng) -> dict:
    """Return ``config`` with one of its values replaced by another of the same variable."""
    names = [name for name in config if len(data["variables"][name]) > 1]
    if not names:
        return dict(config)
    name = rng.choice(names)
    others = [value for value in data["variables"][name] if value != config[name]]
    return {**config, name: rng.choice(others)}


class Oracle:
    """Can a configuration be completed? Shares no code with the reasoner."""

    def __init__(self, data: dict):
        self._data = data
        self._tables = [
            (table["scope"], {tuple(row) for row in table["tuples"]}) for table in data["constraints"]
        ]
        self._solver = None

    def allows(self, config: dict) -> bool:
        variables = self._data["variables"]
        if any(name not in variables or value not in variables[name] for name, value in config.items()):
            return False
        if len(config) == len(variables):
            return all(tuple(config[name] for name in scope) in rows for scope, rows in self._tables)
        self._solver = self._solver or self._encode()
        return self._solver.solve(assumptions=[self._var[name, value] for name, value in config.items()])

    def _encode(self):
        names = [(name, value) for name, values in self._data["variables"].items() for value in values]
        self._var = {pair: number for number, pair in enumerate(names, start=1)}
        solver, top = Solver(name="g4"), len(names)
        for name, values in self._data["variables"].items():
            literals = [self._var[name, value] for value in values]
            solver.add_clause(literals)
            for index, literal in enumerate(literals):
                solver.append_formula([[-literal, -other] for other in literals[:index]])
        for scope, rows in self._tables:
            numbers = range(top + 1, top + len(rows) + 1)
            top += len(rows)
            solver.add_clause(list(numbers))
            for number, row in zip(numbers, rows, strict=True):
                for name, value in zip(scope, row, strict=True):
                    solver.add_clause([-number, self._var[name, value]])
        return solver
