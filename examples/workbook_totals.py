"""Adds up an order book without Odoo: what each order number should come to, to the cent."""

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CENT = Decimal("0.01")


def order_totals(path, headers):
    """{order number: (rows, amount)}; ``headers`` is {"order_key": header, "quantity": …, "price": …}.

    Amounts are rounded line by line, as on an invoice.
    """
    totals = defaultdict(lambda: [0, Decimal(0)])
    for sheet in _sheets(Path(path)):
        rows = iter(sheet)
        columns = None
        for row in rows:
            if columns is None:
                columns = _columns(row, headers)
                continue
            key = _text(row[columns["order_key"]])
            amount = _number(row[columns["quantity"]]) * _number(row[columns["price"]])
            totals[key][0] += 1
            totals[key][1] += amount.quantize(CENT, ROUND_HALF_UP)
    return {key: (rows, amount) for key, (rows, amount) in totals.items()}


def _columns(row, headers):
    names = [str(cell).strip() if cell is not None else "" for cell in row]
    if any(header not in names for header in headers.values()):
        return None
    return {field: names.index(header) for field, header in headers.items()}


def _sheets(path):
    if path.suffix.lower() == ".xls":
        import xlrd

        book = xlrd.open_workbook(path)
        return [[sheet.row_values(row) for row in range(sheet.nrows)] for sheet in book.sheets()]
    if path.suffix.lower() == ".xlsx":
        import openpyxl

        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        return [sheet.iter_rows(values_only=True) for sheet in book.worksheets]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        dialect = csv.Sniffer().sniff(stream.read(20_000), ";,\t|")
        stream.seek(0)
        return [list(csv.reader(stream, dialect))]


def _text(value):
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str("" if value is None else value).strip()


def _number(value):
    """0 for what is no number: such rows are refused, and their orders are not added up."""
    try:
        return Decimal(f"{value:.15g}" if isinstance(value, float) else str(value))
    except (ArithmeticError, ValueError):
        return Decimal(0)
