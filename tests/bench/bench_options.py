"""Option rules: remaining values per click, reasons, verdicts and the model check, on a real model.

``--data``: a DIMACS file with ``c <number> <name>`` lines (model check only), or the JSON of
docs/benchmarks.md, which is loaded into a product template and asked through the web controller. Without it
a small made-up car line. ``rejected_wrongly`` counts every verdict that differs from the oracle's, for given
configurations and for one-value corruptions of them; the oracle looks rows up, or, for partial ones, asks a
solver with one variable per row.
"""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import options_oracle
import options_web
import tool_packages
from options_sample import sample
from support import arguments, finish, progress

tool_packages.mount()

from of_tools.option_rules import OptionClass, OptionModel, Reasoner, Rule  # noqa: E402
from of_tools.options.analysis import analyse_clauses  # noqa: E402

KEYS = [
    "variables",
    "values",
    "constraints",
    "loadable",
    "accepted",
    "rejected_wrongly",
    "click_ms_p50",
    "click_ms_p95",
    "reason_ms_p95",
    "dead_ends",
    "always",
    "never",
    "false_optional",
    "analyse_s",
]


def main() -> None:
    args = arguments(__doc__, clicks=10000, corruptions=10000, seed=1)
    try:
        figures = measure(args)
    except options_oracle.DataError as error:
        sys.exit(f"The data cannot be used. {error}")
    finish({key: figures.get(key) for key in KEYS})


def measure(args) -> dict:
    """Return the figures of the data that ``args`` name; without a name, of a made-up model."""
    if args.data and not args.data.endswith(".json"):
        return bench_dimacs(Path(args.data))
    data = options_oracle.read(args.data) if args.data else sample()
    return {**analyse(data), **bench_web(data, args)}


def bench_dimacs(path: Path) -> dict:
    count, clauses = read_dimacs(path)
    start = time.perf_counter()
    found = analyse_clauses(count, clauses)
    seconds = time.perf_counter() - start
    if found is None:
        progress("The model has no configuration at all.")
        found = {"always": (), "never": (), "false_optional": ()}
    sizes = {key: len(values) for key, values in found.items()}
    return {
        "variables": count,
        "values": 2 * count,
        "constraints": len(clauses),
        "loadable": len(clauses),
        "analyse_s": round(seconds, 3),
        **sizes,
    }


def read_dimacs(path: Path):
    """Return (number of variables, clauses); clauses end with 0, lines do not matter."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise options_oracle.DataError(f"{path} cannot be read: {error}") from None
    count, numbers = 0, []
    for line_number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or words[0] in ("c", "%"):
            continue
        try:
            if words[0] == "p":
                count = int(words[2])
                continue
            numbers += map(int, words)
        except (ValueError, IndexError):
            raise options_oracle.DataError(f"{path}, line {line_number}: this is no DIMACS CNF.") from None
    if not count or max(map(abs, numbers), default=0) > count:
        raise options_oracle.DataError(f'{path}: the line "p cnf <variables> <clauses>" is missing or wrong.')
    return count, _clauses(numbers)


def _clauses(numbers) -> list:
    clauses, clause = [], []
    for literal in numbers:
        if literal:
            clause.append(literal)
        elif clause:
            clauses.append(clause)
            clause = []
    return clauses


def analyse(data: dict) -> dict:
    """The model check on the pure rules."""
    start = time.perf_counter()
    classes = tuple(OptionClass(n, tuple((n, v) for v in vs)) for n, vs in data["variables"].items())
    rules = tuple(
        Rule(
            number,
            "table",
            columns=tuple(table["scope"]),
            rows=[[[(n, v)] for n, v in zip(table["scope"], row, strict=True)] for row in table["tuples"]],
        )
        for number, table in enumerate(data["constraints"])
    )
    report = Reasoner(OptionModel(classes, rules)).check()
    seconds = time.perf_counter() - start
    progress(f"model check: {seconds:.2f} s, satisfiable: {report.satisfiable}")
    return {
        "variables": len(classes),
        "values": sum(len(c.values) for c in classes),
        "constraints": len(rules),
        "always": len(report.always),
        "never": len(report.never),
        "false_optional": len(report.false_optional),
        "analyse_s": round(seconds, 3),
    }


def bench_web(data: dict, args) -> dict:
    rng = random.Random(args.seed)
    with options_web.loaded(data) as model:
        figures = {"loadable": model.loadable, **judge(data, model, args.corruptions, rng)}
        return {**figures, **click(model, args.clicks, rng)}


def judge(data, model, corruptions, rng) -> dict:
    """Verdicts on the given configurations and on one-value corruptions, against the oracle."""
    oracle = options_oracle.Oracle(data)
    given = data.get("configurations", [])
    verdicts = model.verdicts(given)
    wrong = sum(
        not verdict and oracle.allows(config) for config, verdict in zip(given, verdicts, strict=True)
    )
    progress(f"given: {sum(verdicts)} of {len(given)} accepted, {wrong} wrongly rejected")
    broken = [
        options_oracle.corrupt(rng.choice(given), data, rng) for _ in range(corruptions if given else 0)
    ]
    judged = model.verdicts(broken)
    differing = sum(oracle.allows(config) != verdict for config, verdict in zip(broken, judged, strict=True))
    progress(f"corruptions: {len(broken)}, of them possible: {sum(judged)}, judged differently: {differing}")
    return {"accepted": sum(verdicts), "rejected_wrongly": wrong + differing}


def click(model, clicks, rng) -> dict:
    """Random sessions: any value still possible, until every class has its choice; then the next customer."""
    times, reasons, dead_ends = [], [], 0
    selection: list = []
    while len(times) < clicks:
        state, milliseconds = model.state(selection)
        times.append(milliseconds)
        if not state["consistent"] or not model.every_open_class_has_a_value(state):
            dead_ends += 1
            selection = []
            continue
        if state["impossible"] and selection and len(times) % 5 == 0:
            reasons.append(model.reason(selection, rng.choice(state["impossible"])))
        choices = model.choices(state)
        selection = [*selection, rng.choice(choices)] if choices else []
        if len(times) % 500 == 0:
            progress(
                f"clicks: {len(times)}, p95 {percentile(times, 95)} ms, reasons {percentile(reasons, 95)} ms"
            )
    return {
        "click_ms_p50": percentile(times, 50),
        "click_ms_p95": percentile(times, 95),
        "reason_ms_p95": percentile(reasons, 95),
        "dead_ends": dead_ends,
    }


def percentile(times, percent) -> float | None:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 2) if ordered else 0.0


if __name__ == "__main__":
    main()
