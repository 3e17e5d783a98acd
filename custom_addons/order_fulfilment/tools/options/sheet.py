"""Option rules on a sheet, as people type them, into plain data."""

import tempfile
from dataclasses import dataclass
from datetime import date, datetime

from ..entry.workbook_process import stream_workbook
from ..entry.workbook_types import Row, WorkbookLimits
from .model import KINDS

HEADER = ("rule", "kind", "if", "then", "number", "from", "to", "message")
MAX_ROWS = 100_000


class SheetError(ValueError):
    """A fault of the sheet; ``row`` counts as the sheet does, from 1."""

    def __init__(self, code, row=0, what=""):
        super().__init__(code)
        self.code, self.row, self.what = code, row, what


@dataclass(frozen=True)
class SheetTable:
    """A table of allowed combinations by names; a cell is a tuple of names or None for any."""

    columns: tuple
    rows: list
    numbers: list


def read_sheet(content: bytes, filename: str) -> list[tuple]:
    """Return (row number, cells) of the first sheet's rows that are not empty.

    The file is a stranger's: it is read as an order book is, by a bounded process of its own, and what is
    wrong with it as a whole is raised as an ``ImportFault``.
    """
    name = filename or ("sheet.xlsx" if content.startswith(b"PK") else "sheet.csv")
    with tempfile.NamedTemporaryFile() as stream:
        stream.write(content)
        stream.flush()
        events = stream_workbook(stream.name, name, WorkbookLimits(rows=MAX_ROWS))
        rows = [(e.number, e.cells) for e in events if isinstance(e, Row) and e.sheet == 0]
    if len(rows) < 2:
        raise SheetError("empty")
    return rows


def read_table(rows: list[tuple]) -> SheetTable:
    """Read a header of class names and a row for each allowed combination; ``*`` or nothing means any."""
    columns = tuple(_text(cell) for cell in rows[0][1] if _text(cell))
    table, numbers = [], []
    for number, row in rows[1:]:
        cells = [_text(cell) for cell in row]
        if any(cells[len(columns) :]):
            raise SheetError("width", number)
        cells += [""] * (len(columns) - len(cells))
        table.append([_names(cell) for cell in cells[: len(columns)]])
        numbers.append(number)
    return SheetTable(columns, table, numbers)


def _names(cell):
    return None if cell in ("", "*") else tuple(name.strip() for name in cell.split("|") if name.strip())


def read_rules(rows: list[tuple]):
    """Yield (row number, rule): the rule's fields, its ``terms`` as (role, negated, names)."""
    header = [_text(cell).lower() for cell in rows[0][1]]
    for column in ("rule", "kind", "then"):
        if column not in header:
            raise SheetError("header", rows[0][0], column.capitalize())
    for number, row in rows[1:]:
        cells = dict(zip(header, [*row, *[None] * len(header)], strict=False))
        yield number, _read_rule(number, cells)


def _read_rule(number, cells):
    kind = _text(cells.get("kind")).lower().replace(" ", "_")
    if kind not in KINDS or kind == "table":
        raise SheetError("kind", number, _text(cells.get("kind")))
    return {
        "name": _text(cells.get("rule")),
        "kind": kind,
        "count": _number(number, cells.get("number")),
        "date_from": _date(number, cells.get("from")),
        "date_to": _date(number, cells.get("to")),
        "message": _text(cells.get("message")),
        "terms": [*_terms("condition", cells.get("if")), *_terms("term", cells.get("then"))],
    }


def _terms(role, cell):
    for text in filter(None, (part.strip() for part in _text(cell).split(";"))):
        yield role, text.startswith("!"), _names(text.lstrip("! ")) or ()


def _number(row, cell):
    text = _text(cell)
    if not text:
        return 1
    if not text.isdigit():
        raise SheetError("number", row, text)
    return int(text)


def _date(row, cell):
    if isinstance(cell, datetime | date):
        return cell.date() if isinstance(cell, datetime) else cell
    text = _text(cell)
    try:
        return date.fromisoformat(text) if text else False
    except ValueError as error:
        raise SheetError("date", row, text) from error


def _text(cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
