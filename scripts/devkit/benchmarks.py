"""`make bench-<name>`: one program of tests/bench, in the project's environment."""

import os
import subprocess
import sys

from . import layout, python_env
from .errors import DevError


def run(arguments: list[str]) -> int:
    """Run it; its stdout is the result, so nothing else is printed there."""
    folder = layout.PROJECT / "tests" / "bench"
    known = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    name = (arguments[0] if arguments else "").replace("-", "_")
    if name not in known:
        raise DevError(
            f"There is no benchmark named {name!r}: choose one of {', '.join(known) or 'none yet'}."
        )
    words = arguments[1:]
    if "--data" in words and (data := words[words.index("--data") + 1]) and not os.path.exists(data):
        raise DevError(f"DATA={data} does not exist: name a folder or a file.")
    sys.stdout.flush()
    command = [str(layout.VENV_PYTHON), str(folder / f"bench_{name}.py"), *words]
    python_env.ensure_python(python_env.TESTING)
    return subprocess.run(command, env=layout.environment(), cwd=layout.PROJECT, check=False).returncode
