"""Reads a workbook in a process of its own, so that a hostile file can hurt nothing but that process.

The parent calls :func:`stream_workbook`; the child runs this file as a script and writes one JSON array per
event to its output. Memory and processor time of the child are bounded by the operating system.
"""

import contextlib
import json
import os
import selectors
import subprocess
import sys
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

if not __package__:  # started as a script: make this folder importable as a package without Odoo
    import importlib.util

    _here = Path(__file__).resolve().parent
    _spec = importlib.util.spec_from_file_location(
        "of_entry", _here / "__init__.py", submodule_search_locations=[str(_here)]
    )
    sys.modules["of_entry"] = importlib.util.module_from_spec(_spec)
    __package__ = "of_entry"

from .import_fault import ImportFault
from .workbook_types import (
    NO_STORED_VALUE,
    CellError,
    NoStoredValue,
    Row,
    SheetEnd,
    SheetStart,
    WorkbookLimits,
)

CHUNK_BYTES = 1 << 16


def stream_workbook(path, filename, limits):
    """The events of ``workbook_reader.read_workbook``, read by a bounded child process."""
    command = [
        sys.executable,
        "-P",
        str(Path(__file__).resolve()),
        str(path),
        filename,
        json.dumps(asdict(limits)),
    ]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    finished = False
    try:
        for line in _lines(child.stdout, limits, filename):
            event = _decode(json.loads(line))
            if event is None:
                finished = True
                break
            yield event
        if not finished:  # killed by the operating system
            raise ImportFault("OF-IMP-010", limit=_budget(limits)).at(file=filename)
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _budget(limits):
    return f"{limits.seconds} s or {limits.memory_bytes >> 20} MiB"


def _lines(pipe, limits, filename):
    """Lines from ``pipe``; a child that is silent for longer than any honest work takes is given up."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(timeout=limits.seconds * 8):
                raise ImportFault("OF-IMP-010", limit=_budget(limits)).at(file=filename)
            chunk = os.read(pipe.fileno(), CHUNK_BYTES)
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines


def _encode_cell(cell):
    if isinstance(cell, datetime):
        return ["d", cell.replace(tzinfo=None).isoformat()]
    if isinstance(cell, date):
        return ["d", datetime.combine(cell, time()).isoformat()]
    if isinstance(cell, CellError):
        return ["e", cell.text]
    if isinstance(cell, NoStoredValue):
        return ["f"]
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


def _decode_cell(cell):
    if not isinstance(cell, list):
        return cell
    if cell[0] == "d":
        return datetime.fromisoformat(cell[1])
    return CellError(cell[1]) if cell[0] == "e" else NO_STORED_VALUE


def _encode(event):
    if isinstance(event, Row):
        return ["r", event.sheet, event.number, [_encode_cell(cell) for cell in event.cells]]
    if isinstance(event, SheetStart):
        return ["s", event.sheet, event.name, event.hidden]
    return ["m", event.sheet, event.merged]


def _decode(data):
    kind, *rest = data
    if kind == "r":
        return Row(rest[0], rest[1], tuple(_decode_cell(cell) for cell in rest[2]))
    if kind == "s":
        return SheetStart(*rest)
    if kind == "m":
        return SheetEnd(rest[0], tuple(tuple(merged) for merged in rest[1]))
    if kind == "fault":
        raise ImportFault.from_json(rest[0])
    return None


class TimeIsUp(BaseException):
    """The processor time a file may cost is used up; no library's error handling may swallow it."""


def _bound_this_process(limits):
    import resource
    import signal

    def stop(_signal, _frame):
        raise TimeIsUp

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        hard = limits.seconds + limits.rows // limits.rows_per_second
        resource.setrlimit(resource.RLIMIT_CPU, (hard + 5, hard + 5))


def _earn_time(limits):
    """Rows delivered buy more time."""
    import signal

    left, _interval = signal.getitimer(signal.ITIMER_PROF)
    signal.setitimer(signal.ITIMER_PROF, left + 1)


def _send_all(path, filename, limits, out):
    from .workbook_reader import read_workbook

    for count, event in enumerate(read_workbook(path, filename, limits), start=1):
        out.write(json.dumps(_encode(event)) + "\n")
        if count % limits.rows_per_second == 0:
            _earn_time(limits)


def main(path, filename, limits_json):
    limits = WorkbookLimits(**json.loads(limits_json))
    out = sys.stdout
    try:
        _bound_this_process(limits)
        _send_all(path, filename, limits, out)
        last = ["end"]
    except ImportFault as fault:
        last = ["fault", fault.to_json()]
    except (TimeIsUp, MemoryError):
        last = ["fault", ImportFault("OF-IMP-010", limit=_budget(limits)).at(file=filename).to_json()]
    out.write(json.dumps(last) + "\n")
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
