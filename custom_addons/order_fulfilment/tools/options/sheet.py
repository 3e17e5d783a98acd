"""Option rules on a sheet, as people type them, into plain data."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

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


def read_sheet(content: bytes, filename: str) -> list[list]:
    """Return the cells of the first sheet, empty rows left out at the end."""
    try:
        rows = _read_workbook(content) if filename.lower().endswith(".xlsx") else _read_csv(content)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise SheetError("unreadable") from error
    rows = [row for row in rows if any(cell not in (None, "") for cell in row)]
    if len(rows) < 2:
        raise SheetError("empty")
    return rows


def _read_workbook(content):
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True, max_row=MAX_ROWS)]


def _read_csv(content):
    text = content.decode("utf-8-sig")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def read_table(rows: list[list]) -> SheetTable:
    columns = tuple(_text(cell) for cell in rows[0] if _text(cell))
    table = []
    for number, row in enumerate(rows[1:], start=2):
        cells = [_text(cell) for cell in row]
        if len(cells) < len(columns) or any(cells[len(columns) :]):
            raise SheetError("width", number)
        table.append([_names(cell) for cell in cells[: len(columns)]])
    return SheetTable(columns, table)


def _names(cell):
    return None if cell in ("", "*") else tuple(name.strip() for name in cell.split("|") if name.strip())


def read_rules(rows: list[list]):
    """Yield (row number, rule): the rule's fields, its ``terms`` as (role, negated, names)."""
    header = [_text(cell).lower() for cell in rows[0]]
    for column in ("rule", "kind", "then"):
        if column not in header:
            raise SheetError("header", 1, column.capitalize())
    for number, row in enumerate(rows[1:], start=2):
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
