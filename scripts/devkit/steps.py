"""Resumable steps: each makes one folder, once per content of what it depends on, and whole or not at all.

A step builds into a temporary folder which is renamed into place when it is complete; its stamp (the hash of
its inputs) is written last. A step that was interrupted leaves nothing, and the next run begins it again.
"""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import layout
from .errors import DevError
from .shell import Heartbeat, say

_held: set[str] = set()  # locks that this process has


@dataclass(frozen=True)
class Step:
    name: str
    title: str
    target: Path
    key: str
    build: Callable[[Path], None]
    needs_mib: int = 0

    @property
    def stamp(self) -> Path:
        return layout.STAMPS / self.name

    def is_done(self) -> bool:
        return self.target.exists() and self.stamp.is_file() and self.stamp.read_text() == self.key


def ensure(step: Step) -> Path:
    """Make the step's folder unless it is there already; answer the folder."""
    if step.is_done():
        return step.target
    with locked("steps", f"another run is busy with: {step.title}"):
        if not step.is_done():
            _build(step)
    return step.target


def _build(step: Step) -> None:
    check_space(step.needs_mib, step.title)
    say(f"==> {step.title}")
    with scratch(step.name) as work, Heartbeat(step.title) as beat:
        step.build(work)
        step.stamp.unlink(missing_ok=True)
        replace(work, step.target)
    layout.STAMPS.mkdir(parents=True, exist_ok=True)
    step.stamp.write_text(step.key)
    say(f"    done in {beat.elapsed:.0f} s")


@contextlib.contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A temporary folder on the same disk as the target; gone afterwards unless it was renamed."""
    layout.TMP.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=layout.TMP))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def replace(work: Path, target: Path) -> None:
    """Rename ``work`` to ``target``; what was there goes away."""
    work.chmod(0o755)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        old = work.with_name(work.name + "-old")
        target.rename(old)
        work.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        work.rename(target)


@contextlib.contextmanager
def locked(name: str, waiting_for: str) -> Iterator[None]:
    """One process at a time; the lock dies with its holder, however it dies. A step may need another step."""
    if name in _held:
        yield
        return
    layout.LOCAL.mkdir(parents=True, exist_ok=True)
    with open(layout.LOCAL / f".{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"    waiting: {waiting_for}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        _held.add(name)
        try:
            yield
        finally:
            _held.discard(name)


def check_space(needs_mib: int, what: str) -> None:
    layout.LOCAL.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(layout.LOCAL).free >> 20
    if free < needs_mib:
        raise DevError(
            f"{what}: needs about {needs_mib} MiB and {free} MiB are free at {layout.LOCAL}: "
            "free some space or point LOCAL_DIR elsewhere."
        )
