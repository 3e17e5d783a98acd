"""`make lint`: every check runs, what it finds is shown, and one sentence says which failed."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from . import layout, node_env, odoo_source, project_rules, python_env, translations
from .errors import DevError
from .shell import say

SCRIPTS = layout.PROJECT / "scripts"
# Messages that do not fit this project, each with its reason.
NOT_OURS = ",".join(
    (
        "missing-readme",  # the text stands in readme/
        "consider-merging-classes-inherited",  # capabilities share a model in a small file each
        "manifest-superfluous-key",  # an empty list in a manifest is where the next file goes
        "method-required-super",  # logs that nobody may change refuse write and unlink altogether
        "no-raise-unlink",  # the same
        "missing-return",  # compute methods answer nothing, as in Odoo
        "no-search-all",  # checks, units and profiles are small tables
        "prefer-env-translation",  # tools/ have no env and only mark their texts
    )
)


@dataclass(frozen=True)
class Check:
    """``run`` answers what is wrong, as text; empty is good."""

    name: str
    run: Callable[[], str]
    slow: bool = False


def run(arguments: Sequence[str] = ()) -> int:
    """Run all checks, or those that are named; ``--fast`` leaves out what needs Odoo."""
    python_env.ensure_python(python_env.TESTING)
    names = [word for word in arguments if not word.startswith("-")]
    if unknown := set(names) - {check.name for check in CHECKS}:
        raise DevError(f"There is no check {', '.join(sorted(unknown))}: choose from {', '.join(_names())}.")
    chosen = [
        check
        for check in CHECKS
        if check.name in names or (not names and not (check.slow and "--fast" in arguments))
    ]
    failed = [check.name for check in chosen if not _passes(check)]
    if failed:
        raise DevError(f"{len(failed)} of {len(chosen)} checks failed: {', '.join(failed)}.")
    print(f"lint: {len(chosen)} checks passed", flush=True)
    return 0


def rewrite(_arguments: Sequence[str] = ()) -> int:
    """What the tools can put right by themselves."""
    python_env.ensure_python(python_env.TESTING)
    _ruff("check", "--quiet", "--fix")
    _ruff("format", "--quiet")
    _javascript("eslint", "--fix", suffixes=(".js",))
    _javascript("prettier", "--write", "--log-level=warn", suffixes=(".js", ".scss"))
    return 0


def _names() -> list[str]:
    return [check.name for check in CHECKS]


def _passes(check: Check) -> bool:
    found = check.run().strip()
    if found:
        say(f"--- {check.name}\n{found}")
    return not found


def _program(command: Sequence[object], env: dict[str, str] | None = None) -> str:
    """Output of a program that found something, else nothing."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=layout.PROJECT,
        env=env or layout.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr) or f"exit status {done.returncode}" if done.returncode else ""


def _ruff(*words: str) -> str:
    return _program([layout.VENV / "bin" / "ruff", *words, layout.PROJECT])


def _pylint() -> str:
    env = layout.environment(PYTHONPATH=str(odoo_source.find().root))
    words = ["--rcfile", layout.PROJECT / ".pylintrc", f"--disable={NOT_OURS}", "--jobs=2", "--score=n"]
    return _program([layout.VENV_PYTHON, "-m", "pylint", *words, *_addons()], env)


def _addons() -> list:
    return [layout.ADDONS / module for module in layout.OUR_MODULES]


def _javascript(program: str, *words: str, suffixes: Sequence[str]) -> str:
    files = [path for path in project_rules.files() if path.suffix in suffixes]
    return _program([*node_env.command(program, *words), *files], node_env.environment()) if files else ""


def _in_odoo_python(script: str) -> str:
    env = layout.environment(PYTHONPATH=str(odoo_source.find().root))
    return _program([layout.VENV_PYTHON, SCRIPTS / "devkit" / script], env)


CHECKS = (
    Check("ruff", partial(_ruff, "check", "--quiet")),
    Check("ruff-format", partial(_ruff, "format", "--check", "--quiet")),
    Check("rules", project_rules.find_all),
    Check("pylint-odoo", _pylint, slow=True),
    Check("eslint", partial(_javascript, "eslint", suffixes=(".js",))),
    Check(
        "prettier", partial(_javascript, "prettier", "--check", "--log-level=warn", suffixes=(".js", ".scss"))
    ),
    Check("xml", partial(_in_odoo_python, "xml_check.py"), slow=True),
    Check("translations", translations.outdated, slow=True),
)
