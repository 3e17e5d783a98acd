"""The test targets. Each suite is one pytest process; `make test` runs them and lint two at a time."""

import contextlib
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import jobs, layout, odoo_source, python_env, selfie, system_tools
from .database import Site, prepared, site, template_for
from .jobs import Job

TESTS = layout.PROJECT / "tests"


def setup(_arguments: Sequence[str] = ()) -> int:
    """Everything that the tests need."""
    python_env.ensure_python(python_env.TESTING)
    system_tools.find("chromium")
    system_tools.find_optional("wkhtmltopdf")
    selfie.add(odoo_source.find())
    return 0


def run_unit(arguments: list[str]) -> int:
    python_env.ensure_python(python_env.TESTING)
    return jobs.in_foreground(unit_job(arguments))


def run_addons(arguments: list[str]) -> int:
    setup()
    with site("test", python_env.TESTING) as here, addons_job(here, arguments) as job:
        return jobs.in_foreground(job)


def run_e2e(arguments: list[str]) -> int:
    setup()
    with site("test", python_env.TESTING) as here:
        return jobs.in_foreground(e2e_job(here, arguments))


def run_all(arguments: list[str]) -> int:
    """Lint and all suites, two at a time on two cores; the last line is the sum of pytest's results."""
    setup()
    shutil.rmtree(layout.RESULTS, ignore_errors=True)
    with site("test", python_env.TESTING) as here, addons_job(here, arguments) as addons:
        lint = Job("lint", [sys.executable, layout.PROJECT / "scripts/dev.py", "lint"], layout.environment())
        results = jobs.side_by_side([lint, unit_job(arguments), addons, e2e_job(here, arguments)], lanes=2)
    return jobs.summary(results)


def pytest_command(name: str, folders: Sequence[Path], arguments: Sequence[str]) -> list:
    """pytest on ``folders``, unless the arguments name paths themselves (relative to the project)."""
    named = any(
        (layout.PROJECT / word.split("::")[0]).exists() for word in arguments if not word.startswith("-")
    )
    layout.RESULTS.mkdir(parents=True, exist_ok=True)
    words = [
        "-q",
        "--tb=short",
        f"--junitxml={layout.RESULTS / name}.xml",
        "-o",
        f"cache_dir={layout.LOCAL}/pytest-{name}",
    ]
    return [layout.VENV_PYTHON, "-m", "pytest", *words, *arguments, *([] if named else folders)]


def unit_job(arguments: Sequence[str]) -> Job:
    """Tests of pure rules; without Odoo on the path, so that none can lean on it."""
    command = pytest_command("unit", [TESTS / "unit"], ["-p", "no:odoo", *arguments])
    return Job("unit", command, layout.environment(PYTHONPATH=""))


@contextlib.contextmanager
def addons_job(here: Site, arguments: Sequence[str]) -> Iterator[Job]:
    """The add-ons' own tests, by pytest-odoo, on a fresh database with both installed."""
    database = prepared(here, "test_addons")
    options = [
        f"--odoo-config={here.config}",
        f"--odoo-database={database}",
        "--odoo-http",
        "--odoo-log-level=error",
    ]
    folders = [layout.ADDONS / module for module in layout.OUR_MODULES]
    env = here.environment() | tools_environment()
    try:
        yield Job("addons", pytest_command("addons", folders, [*options, *arguments]), env)
    finally:
        here.databases.drop(database)


def e2e_job(here: Site, arguments: Sequence[str]) -> Job:
    """Tests on a served Odoo; tests/e2e/conftest.py serves it, with what is named here."""
    env = here.environment() | tools_environment()
    env |= {
        "E2E_PREFIX": "e2e",
        "E2E_DATA_DIR": str(here.data_dir),
        "E2E_CORE_TEMPLATE": template_for(here, (), demo=False),
        "E2E_ADDONS_PATH": here.odoo.addons_path,
    }
    return Job("e2e", pytest_command("e2e", [TESTS / "e2e"], ["-p", "no:odoo", *arguments]), env)


def tools_environment() -> dict[str, str]:
    """Where the browser and PostgreSQL's programs are."""
    postgres = Path(system_tools.find("postgres")).parent
    chromium = system_tools.find("chromium")
    path = layout.environment()["PATH"]
    return {"CHROMIUM": chromium, "PATH": f"{path}:{postgres}"}
