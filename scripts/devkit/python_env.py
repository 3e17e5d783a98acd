"""The virtual environment with exactly the pinned packages, made without Debian's python3-venv if need be."""

import importlib.util
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from . import debian, layout
from .shell import run
from .steps import Step, ensure, locked

CONSTRAINTS = layout.REQUIREMENTS / "constraints.txt"
RUNTIME = ("odoo", "addons")
TESTING = ("odoo", "addons", "test", "lint")


def ensure_python(groups: Sequence[str] = RUNTIME) -> Path:
    """A virtual environment with the packages of ``requirements/<group>.txt``; answer its python.

    One environment serves all: groups that were asked for earlier stay in it.
    """
    with locked("python", "another run installs Python packages"):
        groups = sorted({*groups, *_installed_groups()})
        files = [layout.REQUIREMENTS / f"{group}.txt" for group in groups]
        key = json.dumps({"groups": groups, "hash": layout.digest(sys.version, *files, CONSTRAINTS)})
        title = f"Python packages ({', '.join(groups)})"
        ensure(Step("venv", title, layout.VENV, key, lambda work: _build(work, files), needs_mib=1000))
    return layout.VENV_PYTHON


def write_pins(_arguments: Sequence[str] = ()) -> int:
    """Take down the exact versions of everything that is installed now."""
    ensure_python(TESTING)
    frozen = run([layout.VENV_PYTHON, "-m", "pip", "freeze"], "Reading the installed versions").splitlines()
    head = [line for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    CONSTRAINTS.write_text("\n".join([*head, *sorted(frozen, key=str.lower)]) + "\n", encoding="utf-8")
    return 0


def _installed_groups() -> list[str]:
    stamp = layout.STAMPS / "venv"
    known = json.loads(stamp.read_text())["groups"] if stamp.is_file() and layout.VENV_PYTHON.exists() else []
    return [group for group in known if (layout.REQUIREMENTS / f"{group}.txt").is_file()]


def _build(work: Path, files: Sequence[Path]) -> None:
    if not _clone(work):
        _create(work)
    words = [word for file in files for word in ("-r", file)]
    run(
        [
            work / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
            *words,
            "-c",
            CONSTRAINTS,
        ],
        "The Python packages",
        env=layout.environment(PIP_NO_WARN_SCRIPT_LOCATION="1"),
        hint=" to pip's configuration",
    )
    _relocate(work, layout.VENV)


def _clone(work: Path) -> bool:
    """Start from the environment that is there: hard links, so it takes a second and no space."""
    config = layout.VENV / "pyvenv.cfg"
    version = f"{sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2]}"
    if (
        not (layout.STAMPS / "venv").is_file()
        or not config.is_file()
        or f"version = {version}\n" not in config.read_text()
    ):
        return False
    run(["cp", "-al", f"{layout.VENV}/.", work], "Copying the Python environment")
    return True


def _create(work: Path) -> None:
    run([sys.executable, "-m", "venv", "--without-pip", work], "Making the Python environment")
    python = work / "bin" / "python"
    if importlib.util.find_spec("ensurepip"):
        run(
            [python, "-m", "ensurepip", "--upgrade", "--default-pip"],
            "Putting pip into the Python environment",
        )
        return
    # Debian splits pip off Python; its wheel is a package that can be unpacked and can install itself.
    wheels = layout.APT / "pip"
    shutil.rmtree(wheels, ignore_errors=True)
    debian.unpack(debian.machine().download(["python3-pip-whl"], wheels / "debs"), wheels)
    wheel = next(wheels.glob("usr/share/python-wheels/pip-*.whl"))
    run(
        [python, f"{wheel}/pip", "install", "--no-index", "--no-input", wheel],
        "Putting pip into the Python environment",
    )


def _relocate(work: Path, target: Path) -> None:
    """Scripts name their interpreter by its full path: write the final one."""
    for script in [*(work / "bin").iterdir(), work / "pyvenv.cfg"]:
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        if str(work).encode() in content and b"\0" not in content:
            mode = script.stat().st_mode
            script.unlink()  # may be a hard link to the one in use
            script.write_bytes(content.replace(str(work).encode(), str(target).encode()))
            script.chmod(mode)
