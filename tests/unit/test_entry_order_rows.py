"""Cells become orders lines exactly, or the row says why not."""

import pytest
import workbooks as make
from of_tools.entry.cell_values import Conventions, guess_conventions, to_code, to_date, to_number, to_text
from of_tools.entry.import_fault import ImportFault
from of_tools.entry.order_rows import RowSettings
from test_entry_workbook_hostile import read

ROW_FAULTS = {
    "no number": ("Invoice", "", "OF-IMP-030"),
    "no customer": ("Customer ID", "", "OF-IMP-031"),
    "no product": ("StockCode", "", "OF-IMP-032"),
    "quantity in words": ("Quantity", "two", "OF-IMP-033"),
    "quantity 0": ("Quantity", 0, "OF-IMP-034"),
    "negative quantity": ("Quantity", -1, "OF-IMP-035"),
    "no quantity": ("Quantity", "", "OF-IMP-036"),
    "price 0": ("Price", 0, "OF-IMP-037"),
    "negative price": ("Price", -1.5, "OF-IMP-038"),
    "no date": ("InvoiceDate", "soon", "OF-IMP-039"),
    "two ways to read a date": ("InvoiceDate", "03/04/2026", "OF-IMP-040"),
    "control character": ("Description", "Chain\x1b[2J", "OF-IMP-041"),
    "not a number": ("Quantity", "NaN", "OF-IMP-044"),
    "infinite": ("Price", "-inf", "OF-IMP-044"),
}


@pytest.mark.parametrize(("column", "value", "code"), ROW_FAULTS.values(), ids=list(ROW_FAULTS))
def test_a_faulty_row_says_where_and_what(tmp_path, column, value, code):
    row = list(make.GOOD_ROW)
    row[make.HEADER.index(column)] = value
    good, bad = read(tmp_path, "a.csv", make.csv([make.HEADER, make.GOOD_ROW, row], delimiter=";"))
    assert good.fault is None
    assert (bad.fault.code, bad.fault.position.row, bad.fault.position.column) == (code, 3, column)


def test_a_number_that_can_be_read_in_two_ways_is_refused():
    with pytest.raises(ImportFault) as caught:
        to_number("1.234", Conventions())
    assert caught.value.code == "OF-IMP-045"


def test_the_same_rows_in_three_formats_are_the_same_lines(tmp_path):
    rows = [make.HEADER, make.GOOD_ROW]
    lines = [
        read(tmp_path, name, content)[0]
        for name, content in (
            ("a.xlsx", make.xlsx(rows)),
            ("a.xls", make.xls(rows)),
            ("a.csv", make.csv(rows)),
            ("b.csv", make.csv(rows, "utf-16", ";")),
        )
    ]
    assert {(line.key, line.product_code, line.quantity, line.price, line.date) for line in lines} == {
        (lines[0].key, "CHAIN-11", 2, lines[0].price, lines[0].date)
    }
    assert str(lines[0].price) == "9.5"


def test_a_cancellation_is_known_by_its_number(tmp_path):
    row = ("C1001", "CHAIN-11", "Chain", -2, "2026-11-23", 9.5, "C-1", "Germany")
    settings = RowSettings(cancellation_marker="C")
    good, bad = read(tmp_path, "a.xlsx", make.xlsx([make.HEADER, row, (*row[:3], 2, *row[4:])]), settings)
    assert (good.is_cancellation, good.quantity, good.fault) == (True, -2, None)
    assert bad.fault.code == "OF-IMP-049"


def test_a_sheet_without_order_columns_is_left_out(tmp_path):
    notes = [("Remarks",), ("call back",)]
    assert len(read(tmp_path, "a.xlsx", make.xlsx([make.HEADER, make.GOOD_ROW], notes))) == 1


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1.234,56", "", "1234.56"),
        ("1,234.56", "", "1234.56"),
        ("1 234,5", "", "1234.5"),
        ("2,95", "", "2.95"),
        ("1.234", ",", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234.567", "", "1234567"),
        ("-3", "", "-3"),
        ("3-", "", "-3"),
        ("0.125", "", "0.125"),
    ],
)
def test_numbers_as_text(text, decimal, expected):
    assert str(to_number(text, Conventions(decimal=decimal))) == expected


@pytest.mark.parametrize("text", ["1,2,3", "12.34.56", "1e999", "0x10", "٣", "1_000", "--1", "."])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ImportFault):
        to_number(text, Conventions())


def test_a_float_counts_as_what_a_spreadsheet_shows():
    assert str(to_number(2.9499999999999997, Conventions())) == "2.95"
    assert to_code(21844.0) == to_code("21844") == to_code("21844.0") == "21844"
    assert to_code("85123A ") == "85123A"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-11-23", "2026-11-23 00:00:00"),
        ("2026-11-23T10:30:00", "2026-11-23 10:30:00"),
        ("23.11.2026 10:30", "2026-11-23 10:30:00"),
        ("23/11/2026", "2026-11-23 00:00:00"),
        ("11/23/2026 8:26", "2026-11-23 08:26:00"),
        ("23 Nov 2026", "2026-11-23 00:00:00"),
        (20261123, "2026-11-23 00:00:00"),
        (40153.4375, "2009-12-06 10:30:00"),
    ],
)
def test_dates_in_several_formats(cell, expected):
    assert str(to_date(cell, Conventions())) == expected


def test_one_clear_date_settles_the_others():
    conventions = guess_conventions(["03/04/2026", "25/04/2026"], ["1.234", "5,5"])
    assert str(to_date("03/04/2026", conventions)) == "2026-04-03 00:00:00"
    assert str(to_number("1.234", conventions)) == "1234"
    assert guess_conventions(["13/01/2026", "01/13/2026"], []).day_first is None


def test_line_breaks_become_blanks_but_control_characters_do_not_vanish():
    assert to_text("two\r\nlines") == "two lines"
    with pytest.raises(ImportFault):
        to_text("a\x00b")
