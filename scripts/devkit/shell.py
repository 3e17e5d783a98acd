"""Running programs: quiet on success, their output kept for the explanation on failure."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from . import layout
from .errors import CommandError, explain


def say(text: str) -> None:
    """One line of progress; stdout stays free for results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def run(
    command: list,
    what: str,
    *,
    env: dict | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
    hint: str = "",
    merge: bool = True,
) -> str:
    """Run ``command`` and return what it printed (stderr too unless ``merge`` is off).

    Raises CommandError with one sentence that begins with ``what`` if it fails.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            env=env or layout.environment(),
            cwd=cwd or layout.PROJECT,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merge else subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise CommandError(f"{what} failed: the program {words[0]} is not on this machine.") from error
    if done.returncode:
        fail(what, words, (done.stdout or "") + (done.stderr or ""), hint)
    return done.stdout


def fail(what: str, words: list[str], output: str, hint: str = "") -> None:
    """Keep the output in a log file and raise the sentence that fits."""
    known = explain(what, output, str(layout.LOCAL), hint)
    if known:
        raise CommandError(known, output)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said = next((line for line in reversed(lines) if "error" in line.lower() or line.startswith("E:")), "")
    said = said or (lines[-1] if lines else "no output")
    log = keep_log(what, words, output)
    raise CommandError(f"{what} failed: {said} (all of its output: {log})", output)


def keep_log(what: str, words: list[str], output: str) -> Path:
    layout.LOGS.mkdir(parents=True, exist_ok=True)
    name = "".join(char if char.isalnum() else "-" for char in what.lower())[:40].strip("-")
    log = layout.LOGS / f"{name}.log"
    log.write_text(f"$ {' '.join(words)}\n{output}", encoding="utf-8")
    return log


class Heartbeat:
    """Says every ``seconds`` that ``title`` is still going on, so that a long step does not look dead."""

    def __init__(self, title: str, seconds: int = 30):
        self.title, self.seconds = title, seconds
        self.started = time.monotonic()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self) -> None:
        while not self._done.wait(self.seconds):
            say(f"    … {self.title}: {time.monotonic() - self.started:.0f} s")

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exc):
        self._done.set()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def stop_group(process: subprocess.Popen, patience: float = 20) -> None:
    """Stop a process that leads its own session, and its children: first politely, then for good."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
