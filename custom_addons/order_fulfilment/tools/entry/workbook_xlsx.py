"""Rows of an .xlsx workbook, streamed: memory does not grow with the number of rows."""

import warnings
from xml.etree.ElementTree import iterparse

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import (
    DATA_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    WorkSheetParser,
)
from openpyxl.xml.constants import SHEET_MAIN_NS

from .import_fault import ImportFault
from .workbook_types import NO_STORED_VALUE, CellError, Row, SheetEnd, SheetStart

MERGE_CELL_TAG = f"{{{SHEET_MAIN_NS}}}mergeCell"
TEXT_TAG = f"{{{SHEET_MAIN_NS}}}t"


class _RowParser(WorkSheetParser):
    """openpyxl's cell parser with a row loop that keeps nothing and notes formulas and merged ranges."""

    merged = ()

    def parse(self):
        parent = None
        inside_row = False
        for event, element in iterparse(self.source, ("start", "end")):
            tag = element.tag
            if event == "start":
                if tag == DATA_TAG:
                    parent = element
                inside_row = inside_row or tag == ROW_TAG
            elif tag == ROW_TAG:
                inside_row = False
                yield self.parse_row(element)
                parent.clear()
            elif not inside_row:
                if tag == MERGE_CELL_TAG and len(self.merged) < 1000:
                    self.merged += (element.get("ref"),)
                element.clear()

    def parse_cell(self, element):
        plain = self._plain_text(element)
        if plain is not None:
            return plain
        cell = super().parse_cell(element)
        if cell["data_type"] == "e":
            cell["value"] = CellError(str(cell["value"]))
        elif cell["value"] is None and element.find(FORMULA_TAG) is not None:
            cell["value"] = NO_STORED_VALUE
        return cell

    def _plain_text(self, element):
        """An inline string without formatting: ten times faster than building openpyxl's text objects."""
        if element.get("t") != "inlineStr":
            return None
        child = element.find(INLINE_STRING)
        if child is None or len(child) != 1 or child[0].tag != TEXT_TAG:
            return None
        self.col_counter = _column_of(element.get("r")) or self.col_counter + 1
        return {"row": self.row_counter, "column": self.col_counter, "value": child[0].text, "data_type": "s"}


def _column_of(coordinate):
    column = 0
    for letter in coordinate or "":
        if letter.isdigit():
            break
        column = column * 26 + ord(letter.upper()) - 64
    return column


def read_xlsx(path, limits):
    """Yield SheetStart, Row and SheetEnd of every worksheet; formulas appear as their stored values."""
    with warnings.catch_warnings(), open(path, "rb") as stream:
        warnings.simplefilter("ignore")
        try:
            yield from _read_sheets(stream, limits)
        except (ImportFault, MemoryError):
            raise
        except Exception as error:  # a damaged file can fail anywhere inside openpyxl
            raise ImportFault("OF-IMP-011", detail=f"{type(error).__name__}: {error}"[:100]) from None


def _read_sheets(stream, limits):
    workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    for index, sheet in enumerate(workbook.worksheets):
        yield SheetStart(index, sheet.title, sheet.sheet_state != "visible")
        yield from _read_sheet(workbook, index, sheet, limits)


def _read_sheet(workbook, index, sheet, limits):
    with sheet._get_source() as source:
        parser = _RowParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        for number, cells in parser.parse():
            yield Row(index, number, _dense(cells, limits, sheet.title, number))
        merged = tuple(_rows_and_columns(ref) for ref in parser.merged if ref)
    yield SheetEnd(index, merged)


def _dense(cells, limits, sheet, number):
    """Cells by column; a lone cell far to the right must not allocate the columns before it."""
    filled = [cell for cell in cells if cell["value"] is not None]
    if not filled:
        return ()
    width = max(cell["column"] for cell in filled)
    if width > limits.columns:
        raise ImportFault("OF-IMP-008", limit=limits.columns).at(sheet=sheet, row=number)
    row = [None] * width
    for cell in filled:
        row[cell["column"] - 1] = cell["value"]
    return tuple(row)


def _rows_and_columns(ref):
    min_col, min_row, max_col, max_row = range_boundaries(ref)
    return (min_row, max_row, min_col, max_col)
