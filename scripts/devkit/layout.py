"""Where everything lies. All that is made goes below one folder, `.local` (or $LOCAL_DIR)."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOCAL = Path(os.environ.get("LOCAL_DIR") or PROJECT / ".local").resolve()

ADDONS = PROJECT / "custom_addons"
OUR_MODULES = ("order_fulfilment", "jit_delivery")
REQUIREMENTS = PROJECT / "requirements"

APT = LOCAL / "apt"
BIN = LOCAL / "bin"
LOGS = LOCAL / "log"
NODE = LOCAL / "node"
ODOO = LOCAL / "odoo"
RESULTS = LOCAL / "results"
STAMPS = LOCAL / "stamps"
SYSTEM = LOCAL / "system"
TMP = LOCAL / "tmp"
VENV = LOCAL / "venv"
VENV_PYTHON = VENV / "bin" / "python"

DATABASE = "order_management"


def digest(*parts: object) -> str:
    """Short hash of texts and of files' contents (paths are read, a missing file counts as empty)."""
    sha = hashlib.sha256()
    for part in parts:
        is_file = isinstance(part, Path)
        sha.update(
            part.read_bytes() if is_file and part.is_file() else b"" if is_file else str(part).encode()
        )
        sha.update(b"\0")
    return sha.hexdigest()[:16]


def tree_digest(folders: Iterable[Path], skip: tuple[str, ...] = ("__pycache__", "tests", "readme")) -> str:
    """Hash over names and contents of all files below ``folders``, without those in ``skip`` folders."""
    files = (
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not set(path.relative_to(folder).parts[:-1]) & set(skip)
    )
    return digest(*(part for path in files for part in (path.relative_to(PROJECT), path)))


def choose_temp_folder() -> None:
    """Give all that we start a temporary folder of ours if the user may not write to the usual one."""
    usual = os.environ.get("TMPDIR") or "/tmp"
    if not os.access(usual, os.W_OK | os.X_OK):
        TMP.mkdir(parents=True, exist_ok=True)
        os.environ["TMPDIR"] = str(TMP)


def environment(**extra: str) -> dict[str, str]:
    """The environment for programs that we start: our own tools first on the PATH."""
    env = {**os.environ, **extra}
    env["PATH"] = f"{BIN}{os.pathsep}{env.get('PATH', os.defpath)}"
    return env
