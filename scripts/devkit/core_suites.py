"""`make test-core`: Odoo's own tests with both add-ons installed must fail nowhere that a bare Odoo does not.

Two processes, each on a database of its own. Tests that fail on a bare Odoo as well (they were not written to
run after everything is installed) stand in tests/core/known_failures.txt; ``--bare`` renews that list. What
fails in the crowd is tried once more alone, so that a slow machine is not taken for a defect.
"""

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path

from . import jobs, layout, suites
from .database import Site, prepared, site
from .jobs import Job
from .python_env import TESTING
from .server import free_port
from .shell import say

KNOWN = layout.PROJECT / "tests" / "core" / "known_failures.txt"
KNOWN_HEAD = """\
# Tests of Odoo's own that fail on a bare Odoo when they run after installation; written by
# `make test-core ARGS=--bare`. `make test-core` fails on any other.
"""
HALVES = (
    ("stock", "stock_fleet", "stock_picking_batch", "repair", "test_lint"),
    ("sale", "sale_management", "sale_stock", "sale_mrp", "stock_account", "delivery", "stock_delivery")
    + ("mrp", "test_access_rights", "test_http", "test_rpc"),
)
# Test modules of Odoo's that are worth running over our registry.
EXTRA = ("test_lint", "test_access_rights", "test_http", "test_rpc")


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make test-core")
    parser.add_argument(
        "--bare", action="store_true", help="on a bare Odoo, to renew the list of known failures"
    )
    parser.add_argument(
        "--tags", action="append", help="Odoo's test tags instead of the two halves (repeatable)"
    )
    options = parser.parse_args(arguments)
    suites.setup()
    halves = options.tags or [",".join(f"/{module}" for module in half) for half in HALVES]
    with site("test", TESTING) as here:
        ran, failed = _run_all(here, halves, options.bare)
        if options.bare:
            kept = known_failures() - ran | failed
            KNOWN.write_text(KNOWN_HEAD + "".join(f"{test}\n" for test in sorted(kept)), encoding="utf-8")
            say(f"    written: {KNOWN.relative_to(layout.PROJECT)}")
            return 0
        new = failed - known_failures()
        if new:
            say(f"==> {len(new)} failed; trying them once more, alone")
            _ran, again = _run_all(here, [",".join(map(tag, sorted(new)))], bare=False)
            new &= again
    return report(ran, failed, new)


def known_failures() -> set[str]:
    lines = KNOWN.read_text(encoding="utf-8").splitlines() if KNOWN.is_file() else []
    return {line for line in lines if line and not line.startswith("#")}


def report(ran: set[str], failed: set[str], new: set[str]) -> int:
    """Print which fail, and the sum; exit status 1 if any is new, or if nothing ran."""
    for test in sorted(new):
        print(f"FAILED {test}")
    known = len(failed & known_failures())
    say(f"    {known} more fail on a bare Odoo too; all output: {layout.LOGS}/test-core-*.log")
    print(f"{len(ran - failed)} passed, {len(new)} failed", flush=True)
    return 1 if new or not ran else 0


def tag(test: str) -> str:
    """Odoo's tag for a test's id: ``odoo.addons.sale.tests.test_x.TestX.test_y`` → ``/sale:TestX.test_y``."""
    inner = re.search(r"odoo\.addons\.(\w+)\.tests\.[\w.]*?(\w+)(?:\.(test_\w+))?\)?$", test)
    if not inner:
        return test
    module, case, method = inner.groups()
    return f"/{module}:{case}" + (f".{method}" if method else "")


def _run_all(here: Site, tags: Sequence[str], bare: bool) -> tuple[set[str], set[str]]:
    """Run each of ``tags`` in a process of its own; answer (tests run, tests failed)."""
    names = [f"test_core_{number}" for number in range(len(tags))]
    here.write_config(ours=not bare)
    modules = EXTRA if bare else (*layout.OUR_MODULES, *EXTRA)
    for name in names:
        prepared(here, name, modules)
    try:
        work = [_job(here, name, wanted) for name, wanted in zip(names, tags, strict=True)]
        jobs.side_by_side(work, lanes=2, quiet=True)
        outcomes = [_read(_results(name)) for name in names]
    finally:
        here.write_config()
        for name in names:
            here.databases.drop(name)
    return set().union(*(ran for ran, _failed in outcomes)), set().union(
        *(failed for _ran, failed in outcomes)
    )


def _results(name: str) -> Path:
    return layout.RESULTS / f"{name}.jsonl"


def _job(here: Site, name: str, tags: str) -> Job:
    layout.RESULTS.mkdir(parents=True, exist_ok=True)
    _results(name).write_text("")
    words = ["server", "-c", here.config, "-d", name, f"--db-filter=^{name}$", f"--test-tags={tags}"]
    words += ["--stop-after-init", "--workers=0", "--max-cron-threads=0", "--log-level=warn"]
    words += [f"--http-port={free_port()}"]
    env = here.environment() | suites.tools_environment() | {"CORE_RESULTS": str(_results(name))}
    command = [layout.VENV_PYTHON, layout.PROJECT / "scripts/core_tests.py", *words]
    return Job(name.replace("_", "-").removeprefix("test-"), command, env)


def _read(results: Path) -> tuple[set[str], set[str]]:
    entries = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    ran = {entry["test"] for entry in entries if entry["outcome"] == "run"}
    return ran, {entry["test"] for entry in entries if entry["outcome"] == "failed"}
