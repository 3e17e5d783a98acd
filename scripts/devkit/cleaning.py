"""`make clean`: removes what was made, and stops our PostgreSQL first."""

import shutil

from . import layout, unprivileged
from .errors import DevError
from .postgres import Cluster
from .shell import say

CACHES = (".pytest_cache", ".ruff_cache", ".hypothesis", "node_modules")
MADE = (
    "apt",
    "bin",
    "cache",
    "conf",
    "data",
    "fonts.conf",
    "image",
    "log",
    "node",
    "npm-cache",
    "odoo",
    "pg",
    "results",
)
MADE += ("stamps", "system", "tmp", "venv", ".*.lock", "pytest-*", "*.lock")


def clean(_arguments: list[str]) -> int:
    """Refused while something of ours is running: it would be cut off from its files."""
    clusters = [Cluster("run"), Cluster("test")]
    if busy := [cluster.name for cluster in clusters if cluster.pid() and not cluster.is_idle()]:
        raise DevError(f"`make {busy[0]}` is still running: stop it first (Ctrl-C), then clean.")
    for cluster in clusters:
        cluster.stop()
    if (layout.SYSTEM / "postgres").is_dir():
        shutil.rmtree(unprivileged.copy_of(layout.SYSTEM / "postgres"), ignore_errors=True)
    for pattern in MADE:
        for path in layout.LOCAL.glob(pattern):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for name in CACHES:
        shutil.rmtree(layout.PROJECT / name, ignore_errors=True)
    for folder in ("scripts", "tests", "custom_addons"):
        for cache in list((layout.PROJECT / folder).rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)
    if layout.LOCAL.is_dir() and not layout.LOCAL.is_symlink() and not any(layout.LOCAL.iterdir()):
        layout.LOCAL.rmdir()
    say("removed all that was made here")
    return 0
