"""Any workbook as one stream of rows, within limits. Runs inside the reading process."""

from .import_fault import ImportFault
from .workbook_csv import read_csv
from .workbook_sniff import sniff
from .workbook_types import Row, SheetStart
from .workbook_xls import read_xls
from .workbook_xlsx import read_xlsx

READERS = {"xlsx": read_xlsx, "xls": read_xls, "csv": read_csv}


def read_workbook(path, filename, limits):
    """Yield SheetStart, non-empty Row and SheetEnd events of the file at ``path``.

    Raises ImportFault, naming file, sheet and row, as soon as the content is not a workbook of the kind its
    name says or a limit is passed.
    """
    try:
        kind = sniff(path, filename, limits)
        yield from _Guard(limits).pass_on(READERS[kind](path, limits))
    except ImportFault as fault:
        raise fault.at(file=filename) from None


class _Guard:
    """Counts what a reader delivers and refuses the file when it is too much."""

    def __init__(self, limits):
        self.limits = limits
        self.cells = 0
        self.rows = 0
        self.empty = 0
        self.last_row = 0
        self.sheet = ""

    def pass_on(self, events):
        for event in events:
            if isinstance(event, Row):
                if self._is_filled(event):
                    yield event
                continue
            if isinstance(event, SheetStart):
                self.last_row, self.sheet = 0, event.name
            yield event

    def _is_filled(self, row):
        self._count(row.number - self.last_row - 1, row.number)
        self.last_row = row.number
        self.rows += 1
        if self.rows > self.limits.rows:
            raise ImportFault("OF-IMP-006", limit=self.limits.rows).at(sheet=self.sheet, row=row.number)
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row.cells):
            self._count(1, row.number)
            return False
        self._count_cells(row)
        return True

    def _count(self, empty, number):
        self.empty += max(empty, 0)
        if self.empty > self.limits.empty_rows:
            raise ImportFault("OF-IMP-007", limit=self.limits.empty_rows).at(sheet=self.sheet, row=number)

    def _count_cells(self, row):
        self.cells += len(row.cells)
        if self.cells > self.limits.cells:
            raise ImportFault("OF-IMP-009", limit=self.limits.cells).at(sheet=self.sheet, row=row.number)
        for cell in row.cells:
            if isinstance(cell, str) and len(cell) > self.limits.cell_chars:
                raise ImportFault("OF-IMP-020", limit=self.limits.cell_chars).at(
                    sheet=self.sheet, row=row.number
                )
