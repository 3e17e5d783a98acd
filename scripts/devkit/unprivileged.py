"""PostgreSQL refuses to run as root. Run by root it is started in a user namespace of its own, where it is
user 1000 while its files stay root's; where namespaces are off (containers), as `postgres` or `nobody`.
"""

import functools
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from . import layout
from .errors import DevError

NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


def is_root() -> bool:
    return os.geteuid() == 0


@functools.cache
def _namespaces_work() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


@functools.cache
def owner() -> int:
    """The user that the cluster's files belong to."""
    if not is_root() or _namespaces_work():
        return os.geteuid()
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise DevError(
        "PostgreSQL refuses to run as root and there is no other user: run as an ordinary user or set PGHOST."
    )


def prefix() -> list[str]:
    """Words to put before a PostgreSQL program."""
    if not is_root():
        return []
    if _namespaces_work():
        return NAMESPACE
    if not shutil.which("setpriv"):
        raise DevError(
            "PostgreSQL refuses to run as root and setpriv is missing: run as an ordinary user or set PGHOST."
        )
    # The right to pass folders is kept: the project may lie below root's closed home folder.
    rights = "+dac_override,+dac_read_search"
    words = ["setpriv", f"--reuid={owner()}", f"--regid={pwd.getpwuid(owner()).pw_gid}", "--clear-groups"]
    keeps = subprocess.run(
        [*words, f"--inh-caps={rights}", f"--ambient-caps={rights}", "true"], capture_output=True, check=False
    )
    return [*words, f"--inh-caps={rights}", f"--ambient-caps={rights}"] if keeps.returncode == 0 else words


def reachable(program: Path, root: Path) -> Path:
    """``program`` of the folder ``root``, or its copy in /var/tmp if that user cannot reach it (below /root).

    PostgreSQL asks access(2) about its own binaries, which does not know the rights that ``prefix`` keeps.
    """
    if subprocess.run([*prefix(), "test", "-x", program], capture_output=True, check=False).returncode == 0:
        return program
    copy = copy_of(root)
    if not (copy / program.relative_to(root)).exists():
        shutil.rmtree(copy, ignore_errors=True)
        part = Path(f"{copy}.{os.getpid()}")
        shutil.copytree(root, part, symlinks=True)
        part.chmod(0o755)
        part.rename(copy)
    return copy / program.relative_to(root)


def copy_of(root: Path) -> Path:
    return Path("/var/tmp") / f"order-management-{layout.digest(root, root.stat().st_mtime_ns)[:10]}"


def hand_over(folder: Path) -> None:
    """Give a folder to the user that PostgreSQL runs as."""
    if owner() != os.geteuid():
        os.chown(folder, owner(), -1)
