"""Writes the workbook back with a status and a reason per row; nothing in it can act as a formula."""

import csv
from datetime import datetime

import xlsxwriter

from .column_mapping import RESULT_HEADERS, header_text, normalise
from .workbook_types import CellError, NoStoredValue, Row, SheetEnd, SheetStart

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
OURS = {normalise(text) for text in RESULT_HEADERS}
CELL_CHARS = 32_767


def annotate_xlsx(events, results, target, headers=RESULT_HEADERS):
    """Write ``events`` to the .xlsx file ``target``; ``results(sheet, row)`` gives the added cells or None.

    Runs in constant memory. ``results`` is asked once per row, in the order of the rows.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = None
        for event in events:
            if isinstance(event, SheetStart):
                sheet = _XlsxSheet(book, event, headers)
            elif isinstance(event, Row):
                sheet.write(event, results(event.sheet, event.number))


class _XlsxSheet:
    def __init__(self, book, start, headers):
        self.sheet = book.add_worksheet(start.name[:31] or None)
        if start.hidden:
            self.sheet.hide()
        self.headers = headers
        self.layout = None

    def write(self, row, result):
        if result == "header":
            self.layout, result = _Layout(row.cells), self.headers
        cells = self.layout.merge(row.cells, result) if self.layout else row.cells
        for index, cell in enumerate(cells):
            self._write_cell(row.number - 1, index, cell)

    def _write_cell(self, row, column, cell):
        if cell is None or cell == "" or isinstance(cell, NoStoredValue):
            return
        if isinstance(cell, bool):
            self.sheet.write_boolean(row, column, cell)
        elif isinstance(cell, int | float):
            self.sheet.write_number(row, column, cell)
        elif isinstance(cell, datetime):
            self.sheet.write_datetime(row, column, cell)
        else:
            text = cell.text if isinstance(cell, CellError) else str(cell)
            self.sheet.write_string(row, column, text[:CELL_CHARS])


class _Layout:
    """Where the columns of a sheet go: an earlier annotation is dropped, ours stands right of the header."""

    def __init__(self, header):
        self.width = len(header)
        self.kept = [index for index, cell in enumerate(header) if normalise(header_text(cell)) not in OURS]

    def merge(self, cells, result):
        kept = [cells[index] if index < len(cells) else None for index in self.kept]
        return [*kept, *(result or [None] * len(RESULT_HEADERS)), *cells[self.width :]]


def annotate_csv(events, results, target, headers=RESULT_HEADERS, delimiter=","):
    """As :func:`annotate_xlsx`, for text files; the UTF-8 mark tells spreadsheet programs the encoding."""
    layout = None
    with open(target, "w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        for event in events:
            if isinstance(event, SheetStart | SheetEnd):
                continue
            result = results(event.sheet, event.number)
            if result == "header":
                layout, result = _Layout(event.cells), headers
            cells = layout.merge(event.cells, result) if layout else event.cells
            writer.writerow([harmless(cell) for cell in cells])


def harmless(cell):
    """Text of a cell that no spreadsheet program takes for a formula; numbers stay numbers."""
    text = "" if cell is None else str(cell)
    if not text.startswith(FORMULA_STARTS):
        return text
    return text if _is_number(text) else "'" + text


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text
