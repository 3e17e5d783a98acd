"""What the option benchmark compares with: rows looked up, and a plain solver for partial configurations."""

import json
from pathlib import Path

from pysat.solvers import Solver


class DataError(ValueError):
    """The data file cannot be used."""


def read(path: str) -> dict:
    """Return the model with every value as text, as JSON objects and Odoo name them.

    Raises :class:`DataError` with a sentence that names the place where the file is not what it should be.
    """
    data = _parsed(path)
    _check(data)
    domains = {name: [_text(value) for value in values] for name, values in data["variables"].items()}
    return {
        "variables": domains,
        "constraints": [_as_text(table, domains) for table in data.get("constraints", [])],
        "configurations": [
            {
                name: _text(value)
                for name, value in config.items()
                if value is not None or _text(value) in domains.get(name, ())
            }
            for config in data.get("configurations", [])
        ],
    }


def _as_text(table, domains) -> dict:
    """Return the table without doubles and without rows that name a value which their variable has not."""
    rows = dict.fromkeys(tuple(map(_text, row)) for row in table["tuples"])
    known = [set(domains[name]) for name in table["scope"]]
    held = [row for row in rows if all(v in values for v, values in zip(row, known, strict=True))]
    return {"scope": table["scope"], "tuples": [list(row) for row in held]}


def _text(value) -> str:
    """Numbers that are equal are one value, whether written 2 or 2.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _parsed(path: str) -> dict:
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DataError(f"{path} is no JSON file: {error}") from None
    if not isinstance(data, dict):
        raise DataError(f"{path}: the file holds no JSON object.")
    return data


def _check(data: dict) -> None:
    """Raise DataError for the first thing that is not as ``docs/benchmarks.md`` says."""
    variables = data.get("variables")
    if not isinstance(variables, dict) or not variables:
        raise DataError('"variables" must be an object {name: [values]}.')
    for name, values in variables.items():
        if not isinstance(values, list) or not values or len(set(map(_text, values))) != len(values):
            raise DataError(f'variables, "{name}": give a list of different values.')
    domains = {name: set(map(_text, values)) for name, values in variables.items()}
    for number, table in enumerate(_list(data, "constraints")):
        _check_table(f"constraints[{number}]", table, domains)
    for number, config in enumerate(_list(data, "configurations")):
        if not isinstance(config, dict):
            raise DataError(f"configurations[{number}] is no object {{name: value}}.")


def _list(data, key) -> list:
    found = data.get(key, [])
    if not isinstance(found, list):
        raise DataError(f'"{key}" must be a list.')
    return found


def _check_table(where, table, domains) -> None:
    if not isinstance(table, dict) or not isinstance(table.get("scope"), list) or "tuples" not in table:
        raise DataError(f'{where}: give "scope" and "tuples".')
    scope, rows = table["scope"], table["tuples"]
    unknown = [name for name in scope if name not in domains]
    if unknown or len(set(scope)) != len(scope) or not scope:
        raise DataError(f"{where}: the scope must name different variables (wrong: {unknown[:3] or scope}).")
    if not isinstance(rows, list) or not rows:
        raise DataError(f"{where} has no tuples: nothing would be allowed.")
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(scope):
            raise DataError(f"{where}, tuple {number}: {len(scope)} values are needed.")
    if not any(all(_text(v) in domains[n] for n, v in zip(scope, row, strict=True)) for row in rows):
        raise DataError(f"{where}: every tuple names a value that its variable has not.")


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
