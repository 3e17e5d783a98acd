"""Runs test processes, alone or side by side, and adds up what pytest reports."""

import contextlib
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import layout
from .errors import DevError
from .shell import Heartbeat, say, stop_group

NO_TESTS = 5  # pytest's exit status when nothing was collected


@dataclass(frozen=True)
class Job:
    name: str
    command: Sequence[object]
    env: dict[str, str]

    @property
    def log(self) -> Path:
        return layout.LOGS / f"test-{self.name}.log"

    @property
    def words(self) -> list[str]:
        return [str(word) for word in self.command]


@dataclass(frozen=True)
class Result:
    job: Job
    status: int
    seconds: float

    @property
    def failed(self) -> bool:
        return self.status not in (0, NO_TESTS)


@contextlib.contextmanager
def started(job: Job, **streams) -> Iterator[subprocess.Popen]:
    """The job's process in a session of its own; it is gone, with its children, when the block ends."""
    process = subprocess.Popen(
        job.words,
        env=job.env,
        cwd=layout.PROJECT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        **streams,
    )
    try:
        yield process
    finally:
        stop_group(process)


def in_foreground(job: Job) -> int:
    """Run with its output on the terminal; no tests at all is no failure."""
    layout.LOGS.mkdir(parents=True, exist_ok=True)
    with started(job) as process:
        status = process.wait()
    return 0 if status == NO_TESTS else status


def side_by_side(jobs: Sequence[Job], lanes: int, quiet: bool = False) -> list[Result]:
    """Run them, ``lanes`` at a time, and show what each printed when it is done (``quiet``: not)."""
    running: list[subprocess.Popen] = []

    def work(job: Job) -> Result:
        layout.LOGS.mkdir(parents=True, exist_ok=True)
        say(f"==> {job.name}")
        begun = time.monotonic()
        with open(job.log, "wb") as log, started(job, stdout=log, stderr=subprocess.STDOUT) as process:
            running.append(process)
            with Heartbeat(job.name, 60):
                status = process.wait()
        result = Result(job, status, time.monotonic() - begun)
        say(f"    {job.name}: done in {result.seconds:.0f} s" if quiet else _shown(result))
        return result

    with ThreadPoolExecutor(lanes) as pool:
        futures = [pool.submit(work, job) for job in jobs]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in running:
                stop_group(process, patience=10)
            raise


def _shown(result: Result) -> str:
    """All of it when it failed, else the last line."""
    lines = result.job.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines() or [
        "no output"
    ]
    text = "\n".join(lines) if result.failed else f"    {result.job.name}: {lines[-1]}"
    return f"{text}\n    {result.job.name}: {'FAILED' if result.failed else 'ok'} in {result.seconds:.0f} s"


def summary(results: Sequence[Result]) -> int:
    """Print the sum of all suites; exit status 1 if anything failed, also when no test did."""
    counts = [_counts(layout.RESULTS / f"{result.job.name}.xml") for result in results]
    passed, failed, skipped = (sum(column) for column in zip(*counts, strict=True))
    broken = [result.job.name for result in results if result.failed]
    if broken:
        say(f"failed: {', '.join(broken)} (output: {layout.LOGS}/test-*.log)")
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    if not broken and not passed:
        raise DevError("No test was run at all: are the tests in tests/ and custom_addons/*/tests?")
    return 1 if broken else 0


def _counts(report: Path) -> tuple[int, int, int]:
    """(passed, failed, skipped) of a JUnit report; none where there is no report."""
    if not report.is_file():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")
    tests = failed = skipped = 0
    for suite in suites:
        tests += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(tests - failed - skipped, 0), failed, skipped
