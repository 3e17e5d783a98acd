"""The vocabulary of the workbook readers: limits, rows and the two cell values that are not plain Python."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WorkbookLimits:
    """How much of a stranger's file is read before it is refused.

    ``seconds`` is processor time before the first row and grows by one second per ``rows_per_second`` rows
    delivered, so that a long honest file passes and a hostile one that delivers nothing does not.
    ``memory_bytes`` bounds the address space of the reading process.
    """

    file_bytes: int = 64 * 2**20
    inflated_bytes: int = 512 * 2**20
    rows: int = 1_048_576
    empty_rows: int = 10_000
    columns: int = 256
    cells: int = 20_000_000
    cell_chars: int = 32_767
    seconds: int = 8
    rows_per_second: int = 500
    memory_bytes: int = 256 * 2**20


@dataclass(frozen=True)
class CellError:
    """A cell that a spreadsheet shows as an error, such as ``#N/A``."""

    text: str


@dataclass(frozen=True)
class NoStoredValue:
    """A formula cell into which no program has stored a result; formulas are never evaluated here."""


NO_STORED_VALUE = NoStoredValue()


@dataclass(frozen=True)
class Row:
    """One non-empty row: cells are None, str, bool, int, float, datetime, CellError or NoStoredValue."""

    sheet: int
    number: int
    cells: tuple


@dataclass(frozen=True)
class SheetEnd:
    """Sent after the last row of a sheet: its merged ranges as (first row, last row, first col, last col)."""

    sheet: int
    merged: tuple = field(default=())


@dataclass(frozen=True)
class SheetStart:
    """Sent before the first row of a sheet."""

    sheet: int
    name: str
    hidden: bool = False
