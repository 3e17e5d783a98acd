# long: one pass over a workbook, read top to bottom
"""From the rows of a workbook to order lines: finds the header, reads each cell as what it should be.

A fault of the file as a whole is raised; a fault of one row stays with its row, so that the other orders
of the file can go on.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice

from .cell_values import Conventions, guess_conventions, to_code, to_date, to_number, to_text
from .column_mapping import (
    HEADER_SEARCH_ROWS,
    guess,
    is_header_again,
    is_second_header,
    letter,
    missing_fields,
    normalise,
    resolve,
)
from .import_fault import ImportFault
from .workbook_types import Row, SheetStart

SAMPLE_ROWS = 2000


@dataclass(frozen=True)
class RowSettings:
    """What an import profile says about reading rows. ``wanted`` is {field: header}; empty means guess."""

    wanted: dict = field(default_factory=dict)
    header_row: int = 1
    conventions: Conventions = Conventions()
    cancellation_marker: str = ""
    allow_zero_price: bool = False
    price_from_file: bool = True


@dataclass
class OrderRow:
    """One data row, read; ``fault`` says why it cannot be an order line. Quantity and price are exact."""

    sheet: int
    sheet_name: str
    number: int
    key: str = ""
    is_cancellation: bool = False
    customer_ref: str = ""
    customer_name: str = ""
    country: str = ""
    product_code: str = ""
    description: str = ""
    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    uom: str = ""
    currency: str = ""
    customer_order_ref: str = ""
    options: str = ""
    date: datetime | None = None
    commitment_date: datetime | None = None
    fault: ImportFault | None = None


def read_order_rows(events, settings):
    """Yield an OrderRow for every data row of ``events``; raise ImportFault if the file is not usable.

    Sheets without a single known header are left out and reported by an OrderRow-less ``SkippedSheet``.
    """
    found = False
    for sheet, rows in _by_sheet(events):
        reader = _SheetReader(sheet, settings)
        if sheet.hidden:
            _exhaust(rows)
            yield SkippedSheet(sheet.name)
            continue
        for item in reader.read(rows):
            found = found or isinstance(item, OrderRow)
            yield item
    if not found:
        raise ImportFault("OF-IMP-016")


@dataclass(frozen=True)
class SkippedSheet:
    """A sheet without order lines: hidden, empty, or without any of the wanted columns."""

    name: str


def _by_sheet(events):
    """Group events by sheet without holding them: yields (SheetStart, iterator that must be used up)."""
    events = iter(events)
    start = next(events, None)
    while isinstance(start, SheetStart):
        upcoming = []

        def rows(upcoming=upcoming):
            for event in events:
                if isinstance(event, SheetStart):
                    upcoming.append(event)
                    return
                yield event

        iterator = rows()
        yield start, iterator
        _exhaust(iterator)
        start = upcoming[0] if upcoming else None


def _exhaust(iterator):
    deque(iterator, maxlen=0)


class _SheetReader:
    def __init__(self, sheet, settings):
        self.sheet = sheet
        self.settings = settings
        self.mapping = None
        self.last_row = 0

    def read(self, events):
        try:
            yield from self._read(iter(events))
        except ImportFault as fault:
            raise fault.at(sheet=self.sheet.name) from None

    def _read(self, events):
        head = list(islice(events, SAMPLE_ROWS))
        rows = [event for event in head if isinstance(event, Row)]
        if not self._find_header(rows):
            yield SkippedSheet(self.sheet.name)
            _exhaust(events)
            return
        self.parser = RowParser(self.mapping, self._conventions(rows), self.settings)
        for event in head:
            yield from self._handle(event)
        for event in events:
            yield from self._handle(event)

    def _find_header(self, rows):
        """Resolve the columns from the header row; False if the sheet has nothing to do with orders."""
        expected = next((row for row in rows if row.number >= self.settings.header_row), None)
        if expected is None or not self._known_headers(expected.cells):
            other = self._header_elsewhere(rows)
            if other:
                raise ImportFault("OF-IMP-017", expected=self.settings.header_row, found=other).at(
                    row=other, column=self._first_header(rows, other)
                )
            if self.sheet.sheet > 0 or expected is None:
                return False
        self.mapping = resolve(
            expected.cells, self.settings.wanted, expected.number, self.settings.price_from_file
        )
        return True

    def _known_headers(self, cells):
        if not self.settings.wanted:
            return not missing_fields(guess(cells), self.settings.price_from_file) or len(guess(cells)) > 2
        names = {normalise(str(cell)) for cell in cells if cell is not None}
        return len(names & {normalise(text) for text in self.settings.wanted.values()}) > 1

    def _header_elsewhere(self, rows):
        for row in rows[:HEADER_SEARCH_ROWS]:
            if row.number != self.settings.header_row and self._known_headers(row.cells):
                return row.number
        return 0

    def _first_header(self, rows, number):
        cells = next(row.cells for row in rows if row.number == number)
        return str(next(cell for cell in cells if cell is not None))

    def _conventions(self, rows):
        given = self.settings.conventions
        below = [row.cells for row in rows if row.number > self.mapping.header_row]
        guessed = guess_conventions(
            self._texts(below, ("date", "commitment_date")),
            self._texts(below, ("quantity", "price", "discount")),
        )
        return Conventions(
            decimal=given.decimal or guessed.decimal,
            day_first=guessed.day_first if given.day_first is None else given.day_first,
            date_formats=given.date_formats,
        )

    def _texts(self, rows, fields):
        columns = [self.mapping.columns[name] for name in fields if name in self.mapping.columns]
        return [cells[column] for cells in rows for column in columns if column < len(cells)]

    def _handle(self, event):
        if not isinstance(event, Row):
            self._refuse_merged(event.merged)
            return
        if event.number <= self.mapping.header_row:
            return
        mapped = self.mapping.columns.values()
        if all(event.cells[column] is None for column in mapped if column < len(event.cells)):
            return  # a remark beside the table
        self._refuse_second_header(event)
        self.last_row = event.number
        yield self.parser.parse(event, self.sheet.name)

    def _refuse_second_header(self, event):
        first = event.number == self.mapping.header_row + 1
        if is_header_again(event.cells, self.mapping) or (
            first and is_second_header(event.cells, self.mapping)
        ):
            column = self.mapping.name("quantity")
            raise ImportFault("OF-IMP-014").at(row=event.number, column=column)

    def _refuse_merged(self, merged):
        """Merged cells hide values of the rows below the first; titles above and remarks below do no harm."""
        for first_row, last_row, first_col, last_col in merged:
            rows_touch = first_row <= self.last_row and last_row >= self.mapping.header_row
            columns = [col for col in self.mapping.columns.values() if first_col <= col + 1 <= last_col]
            if rows_touch and columns:
                name = self.mapping.header[min(columns)]
                found = f"{letter(first_col - 1)}{first_row}:{letter(last_col - 1)}{last_row}"
                raise ImportFault("OF-IMP-015", found=found).at(row=first_row, column=name)


class RowParser:
    """Reads the cells of one row; the first fault wins, so that a row has one reason."""

    def __init__(self, mapping, conventions, settings):
        self.mapping = mapping
        self.conventions = conventions
        self.settings = settings

    def parse(self, row, sheet_name):
        order_row = OrderRow(row.sheet, sheet_name, row.number)
        readers = (
            ("order_key", self._read_key),
            ("customer_ref", self._read_customer),
            ("product_code", self._read_product),
            ("quantity", self._read_quantity),
            ("price", self._read_price),
            ("date", self._read_dates),
            ("description", self._read_texts),
        )
        for name, reader in readers:
            try:
                reader(row.cells, order_row)
            except ImportFault as fault:
                column = fault.position.column or self.mapping.name(name)
                order_row.fault = order_row.fault or fault.at(sheet=sheet_name, row=row.number, column=column)
        return order_row

    def _cell(self, cells, name):
        column = self.mapping.columns.get(name)
        return cells[column] if column is not None and column < len(cells) else None

    def _read_key(self, cells, order_row):
        parts = [to_code(self._cell(cells, name), 128) for name in ("order_key", "order_key_2")]
        if not parts[0]:
            raise ImportFault("OF-IMP-030")
        order_row.key = "/".join(part for part in parts if part)
        marker = self.settings.cancellation_marker
        order_row.is_cancellation = bool(marker) and order_row.key.upper().startswith(marker.upper())

    def _read_customer(self, cells, order_row):
        order_row.customer_ref = to_code(self._cell(cells, "customer_ref"))
        order_row.customer_name = to_text(self._cell(cells, "customer_name"), 256)
        order_row.country = to_text(self._cell(cells, "country"), 64)
        if not order_row.customer_ref and not order_row.customer_name:
            raise ImportFault("OF-IMP-031")

    def _read_product(self, cells, order_row):
        order_row.product_code = to_code(self._cell(cells, "product_code"))
        if not order_row.product_code:
            raise ImportFault("OF-IMP-032")

    def _read_quantity(self, cells, order_row):
        quantity = to_number(self._cell(cells, "quantity"), self.conventions)
        order_row.quantity = quantity
        order_row.uom = to_text(self._cell(cells, "uom"), 64)
        if not quantity:
            raise ImportFault("OF-IMP-034")
        if quantity < 0 and not order_row.is_cancellation:
            raise ImportFault("OF-IMP-035", found=str(quantity))
        if quantity > 0 and order_row.is_cancellation:
            raise ImportFault("OF-IMP-049", found=str(quantity))

    def _read_price(self, cells, order_row):
        discount = self._cell(cells, "discount")
        if discount is not None:
            order_row.discount = to_number(discount, self.conventions)
        if not self.settings.price_from_file:
            return
        price = to_number(self._cell(cells, "price"), self.conventions)
        order_row.price = price
        if price < 0:
            raise ImportFault("OF-IMP-038", found=str(price))
        if not price and not self.settings.allow_zero_price and not order_row.is_cancellation:
            raise ImportFault("OF-IMP-037")

    def _read_dates(self, cells, order_row):
        order_row.date = to_date(self._cell(cells, "date"), self.conventions)
        order_row.commitment_date = to_date(self._cell(cells, "commitment_date"), self.conventions)

    def _read_texts(self, cells, order_row):
        order_row.description = to_text(self._cell(cells, "description"))
        order_row.currency = to_text(self._cell(cells, "currency"), 16)
        order_row.customer_order_ref = to_text(self._cell(cells, "customer_order_ref"), 128)
        order_row.options = ";".join(self._options(cells))

    def _options(self, cells):
        """Yield the options of a row as "name" or "class: name"."""
        yield from split_options(to_code(self._cell(cells, "options"), 4000))
        for column, option_class in self.mapping.option_columns.items():
            cell = cells[column] if column < len(cells) else None
            for name in split_options(to_code(cell, 4000)):
                yield f"{option_class}: {name}"


def split_options(text):
    """Return the names in a cell or a row's ``options``: between them stands ; or | or a new line."""
    return [name.strip() for name in re.split(r"[;|\n]", text or "") if name.strip()]
