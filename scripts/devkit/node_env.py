"""ESLint and Prettier in the versions of package-lock.json."""

import shutil
from pathlib import Path

from . import layout, system_tools
from .shell import run
from .steps import Step, ensure

FILES = (layout.PROJECT / "package.json", layout.PROJECT / "package-lock.json")


def ensure_node() -> Path:
    """Folder with the packages; its own, so that none lies in the source tree."""
    npm = system_tools.find("npm")
    key = layout.digest(*FILES)
    ensure(
        Step("node", "ESLint and Prettier", layout.NODE, key, lambda work: _build(npm, work), needs_mib=200)
    )
    return layout.NODE / "node_modules"


def _build(npm: str, work: Path) -> None:
    for file in FILES:
        shutil.copy(file, work)
    words = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--cache", layout.LOCAL / "npm-cache"]
    run([npm, *words], "The npm packages", cwd=work, hint=" to npm's configuration")


def command(program: str, *words: object) -> list:
    """Command line of one of them."""
    paths = {"eslint": "eslint/bin/eslint.js", "prettier": "prettier/bin/prettier.cjs"}
    return [system_tools.find("node"), ensure_node() / paths[program], *words]


def environment() -> dict[str, str]:
    """The configuration file in the project finds its plugins through NODE_PATH."""
    return layout.environment(NODE_PATH=str(layout.NODE / "node_modules"))
