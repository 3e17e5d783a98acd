"""Reads the sheet of bench_status: one line per row with order, requested, promised, delivered.

Any workbook that order import reads (.csv in any encoding and delimiter, .xlsx, .xls). A date without a time
of day, which is also one at midnight, means its whole local day; 24:00 is the end of its day. Other moments
are local wall time unless they name their zone. Where nobody says which place is meant, a delivery that
names its zone came on the day that it says. What cannot be read is refused with sheet, row and column.
"""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import tool_packages

tool_packages.mount()

from of_tools.entry.cell_values import Conventions, guess_conventions, to_date  # noqa: E402
from of_tools.entry.import_fault import ImportFault  # noqa: E402
from of_tools.entry.workbook_reader import read_workbook  # noqa: E402
from of_tools.entry.workbook_types import NoStoredValue, Row, WorkbookLimits  # noqa: E402
from of_tools.service_figures import Lines  # noqa: E402

REQUIRED = ("order", "promised", "delivered")
DATES = ("requested", "promised", "delivered")
LIMITS = WorkbookLimits(file_bytes=2**30, rows=5_000_000, cells=100_000_000)
SAMPLE = 2_000
INSTANT = 1e-6  # before the next day begins
END_OF_DAY = re.compile(r"(\S+?)[T ]+24:00(?::00(?:\.0+)?)?$")


class SheetError(Exception):
    """What is wrong with the sheet, where, and what to do."""


def read_lines(path: Path, tz: str = "") -> Lines:
    """Lines of the first sheet, against their promise; ``tz`` is where the goods are received."""
    zone = _zone(tz)
    columns, rows = _table(path)
    conventions = guess_conventions(_date_texts(rows, columns), ())

    @lru_cache(maxsize=200_000)
    def span(cell) -> tuple[float, float] | None:
        return _span(cell, conventions, zone)

    @lru_cache(maxsize=200_000)
    def wall(cell) -> float:
        if isinstance(cell, str) and END_OF_DAY.match(cell.strip()):
            return span(cell)[0]
        return _moment(cell, conventions).replace(tzinfo=zone).timestamp()

    orders, latest, delivered = [], [], []
    for number, cells in rows:
        found = {name: cells[at] if at < len(cells) else None for name, at in columns.items()}
        if _is_empty(found["order"]):
            raise SheetError(f'{path.name}, row {number}, column "order" is empty: give the order a number.')
        spans = {
            name: _read_span(span, f"{path.name}, row {number}", name, found.get(name)) for name in DATES
        }
        orders.append(found["order"])
        latest.append(spans["promised"][1] if spans["promised"] else None)
        # A date alone does not say when on the day it came: it keeps every promise for that day.
        came = spans["delivered"][0] if spans["delivered"] else None
        is_day = spans["promised"] and spans["promised"][0] != spans["promised"][1]
        delivered.append(wall(found["delivered"]) if came is not None and is_day and not tz else came)
    return Lines(orders, latest, delivered)


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz or "UTC")
    except (ValueError, ZoneInfoNotFoundError):
        raise SheetError(f'There is no time zone "{tz}": write one like Europe/Berlin.') from None


def _read_span(span: Callable, where: str, name: str, cell) -> tuple[float, float] | None:
    try:
        return span(cell)
    except (ImportFault, OverflowError):
        if isinstance(cell, NoStoredValue):
            raise SheetError(
                f'{where}, column "{name}" holds a formula without its result: save the sheet in a'
                " spreadsheet program first."
            ) from None
        raise SheetError(
            f'{where}, column "{name}": "{str(cell)[:40]}" is no date that can be read in one way only; '
            "write it as 2026-11-24 or 2026-11-24 10:30."
        ) from None


def _table(path: Path) -> tuple[dict[str, int], list[tuple[int, tuple]]]:
    """Column positions by name, and the numbered rows below the header."""
    if not path.is_file():
        raise SheetError(f"{path}: there is no such file.")
    try:
        rows = [(row.number, row.cells) for row in _first_sheet(path)]
    except ImportFault as fault:
        raise SheetError(str(fault)) from None
    if not rows:
        raise SheetError(f"{path.name} is empty: it needs a header with {', '.join(REQUIRED)}.")
    header = [str(cell or "").strip().lower() for cell in rows[0][1]]
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise SheetError(
            f"{path.name}, row {rows[0][0]}: no column {', '.join(missing)}; there are: {', '.join(header)}"
        )
    if twice := [name for name in ("order", *DATES) if header.count(name) > 1]:
        raise SheetError(f"{path.name}, row {rows[0][0]}: more than one column {', '.join(twice)}; keep one.")
    return {name: header.index(name) for name in ("order", *DATES) if name in header}, rows[1:]


def _first_sheet(path: Path) -> Iterator[Row]:
    for event in read_workbook(path, path.name, LIMITS):
        if getattr(event, "sheet", 0):
            return
        if isinstance(event, Row):
            yield event


def _date_texts(rows, columns) -> list[str]:
    at = [position for name, position in columns.items() if name in DATES]
    cells = (cells[position] for _number, cells in rows[:SAMPLE] for position in at if position < len(cells))
    return [cell for cell in cells if isinstance(cell, str)]


def _is_empty(cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _span(cell, conventions: Conventions, zone: ZoneInfo) -> tuple[float, float] | None:
    """First and last second that a cell names, or None if it is empty."""
    if _is_empty(cell):
        return None
    if isinstance(cell, str) and (end := END_OF_DAY.match(cell.strip())):
        _first, last = _span(end[1], conventions, zone)
        return last, last
    moment = _moment(cell, conventions)
    if moment.time() != time.min or moment.tzinfo:
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
        return seconds, seconds
    following = datetime.combine(moment.date() + timedelta(days=1), time.min, tzinfo=zone)
    return moment.replace(tzinfo=zone).timestamp(), following.timestamp() - INSTANT


def _moment(cell, conventions: Conventions) -> datetime:
    if isinstance(cell, str):
        try:
            return datetime.fromisoformat(cell.strip())
        except ValueError:
            pass  # not ISO: as people write it
    return to_date(cell, conventions)
