"""Rows of an .xls workbook (BIFF); the format itself ends a sheet at row 65,536."""

import io
import struct

import xlrd

from .import_fault import ImportFault
from .workbook_types import CellError, Row, SheetEnd, SheetStart

MERGED_CELLS_RECORD = 0x00E5
END_OF_SUBSTREAM = 0x000A


def read_xls(path, limits):
    """Yield SheetStart, Row and SheetEnd of every worksheet; formulas appear as their stored values."""
    try:
        book = xlrd.open_workbook(path, on_demand=True, ragged_rows=True, logfile=io.StringIO())
        for index in range(book.nsheets):
            sheet = book.sheet_by_index(index)
            yield SheetStart(index, sheet.name, sheet.visibility != 0)
            for row_index in range(sheet.nrows):
                if sheet.row_len(row_index):
                    yield Row(index, row_index + 1, _cells(book, sheet, row_index, limits))
            yield SheetEnd(index, tuple(_merged_ranges(book, index)))
            book.unload_sheet(index)
    except (ImportFault, MemoryError):
        raise
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise ImportFault("OF-IMP-003") from None
        raise ImportFault("OF-IMP-011", detail=str(error)[:100]) from None
    except Exception as error:  # a damaged file can fail anywhere inside xlrd
        raise ImportFault("OF-IMP-011", detail=f"{type(error).__name__}: {error}"[:100]) from None


def _cells(book, sheet, row_index, limits):
    values, types = sheet.row_values(row_index), sheet.row_types(row_index)
    if len(values) > limits.columns:
        raise ImportFault("OF-IMP-008", limit=limits.columns).at(sheet=sheet.name, row=row_index + 1)
    return tuple(_cell(book, kind, value) for kind, value in zip(types, values, strict=True))


def _cell(book, kind, value):
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if kind == xlrd.XL_CELL_NUMBER:
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if kind == xlrd.XL_CELL_DATE:
        return _date(book, value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return CellError(xlrd.error_text_from_code.get(value, "#ERROR"))
    return value


def _date(book, value):
    try:
        return xlrd.xldate.xldate_as_datetime(value, book.datemode)
    except (xlrd.xldate.XLDateError, OverflowError, ValueError):
        return CellError("#VALUE!")


def _merged_ranges(book, index):
    """Merged ranges of a sheet; xlrd reads them only with all formatting, at twice the memory."""
    position = book._sh_abs_posn[index]
    while position + 4 <= len(book.mem):
        code, length = struct.unpack("<HH", book.mem[position : position + 4])
        if code == END_OF_SUBSTREAM:
            return
        if code == MERGED_CELLS_RECORD:
            data = book.mem[position + 6 : position + 4 + length]
            for first_row, last_row, first_col, last_col in struct.iter_unpack(
                "<4H", data[: len(data) // 8 * 8]
            ):
                yield (first_row + 1, last_row + 1, first_col + 1, last_col + 1)
        position += 4 + length
