import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from of_tools.service_figures import figures
from status_sheet import SheetError, read_lines

NOW = datetime(2026, 12, 1).timestamp()
HEADER = ["order", "requested", "promised", "delivered"]


def csv_file(folder, *rows, header=HEADER, delimiter=","):
    path = folder / "lines.csv"
    path.write_text("\n".join(delimiter.join(row) for row in [header, *rows]), encoding="utf-8")
    return path


def counted(path, tz="Europe/Berlin"):
    found = figures(read_lines(path, tz), NOW)
    return found.counted, found.otif, found.late


def test_a_promised_day_ends_with_the_local_day(tmp_path):
    rows = [
        ["A", "", "2026-11-24", "2026-11-24 23:59:59"],
        ["B", "", "2026-11-24", "2026-11-25 00:00:01"],
        ["C", "", "2026-11-24", "2026-11-24T22:30:00+00:00"],
        ["D", "", "2026-11-24", "2026-11-24T23:30:00Z"],
    ]
    assert counted(csv_file(tmp_path, *rows)) == (4, 2, 2)
    assert counted(csv_file(tmp_path, *rows), "America/New_York") == (4, 3, 1)


def test_the_day_is_that_of_the_place_whose_time_is_told(tmp_path):
    rows = [
        ["A", "", "2026-11-24", "2026-11-25T00:30:00+01:00"],
        ["B", "", "2026-11-24", "2026-11-24T23:30:00-05:00"],
        ["C", "", "2026-11-24", "2026-11-24 23:59:59.900"],
        ["D", "", "2026-11-24T10:00:00Z", "2026-11-24T10:30:00+01:00"],
    ]
    assert counted(csv_file(tmp_path, *rows), "") == (4, 3, 1)


def test_a_time_zone_that_is_none(tmp_path):
    with pytest.raises(SheetError, match="no time zone"):
        read_lines(csv_file(tmp_path, ["A", "", "2026-11-24", ""]), "Europe/Nowhere")


def test_moments_and_days_against_each_other(tmp_path):
    rows = [
        ["A", "", "2026-11-24 10:00", "2026-11-24 10:00"],
        ["B", "", "2026-11-24 10:00", "2026-11-24 10:01"],
        ["C", "", "2026-11-24 10:00", "2026-11-24"],
        ["D", "", "2026-11-24 00:00:00", "2026-11-24 18:00"],
    ]
    assert counted(csv_file(tmp_path, *rows)) == (4, 3, 1)


def test_missing_values(tmp_path):
    rows = [
        ["no promise", "", "", "2026-11-24"],
        ["open and overdue", "", "2026-11-20", ""],
        ["open and not yet due", "", "2026-12-20", ""],
        ["short row"],
    ]
    assert counted(csv_file(tmp_path, *rows)) == (1, 0, 1)


def test_other_ways_to_write_it(tmp_path):
    header = [" Order ", "PROMISED", "Delivered", "remarks"]
    rows = [["A", "24.11.2026", "25.11.2026 08:00", "ß"], ["B", "24.11.2026", "24.11.2026 08:00", ""]]
    assert counted(csv_file(tmp_path, *rows, header=header, delimiter=";")) == (2, 1, 1)


def test_days_first_is_learnt_from_the_others(tmp_path):
    rows = [["A", "", "24/11/2026", "05/11/2026"], ["B", "", "05/11/2026", "24/11/2026"]]
    assert counted(csv_file(tmp_path, *rows)) == (2, 1, 1)


def test_xlsx_with_real_dates(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["A", None, datetime(2026, 11, 24), datetime(2026, 11, 24, 18)])
    book.active.append([17, None, datetime(2026, 11, 24, 12), datetime(2026, 11, 24, 18)])
    book.create_sheet("more").append(["not", "read"])
    book.save(tmp_path / "lines.xlsx")
    assert counted(tmp_path / "lines.xlsx") == (2, 1, 1)


def test_xls(tmp_path):
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet, style = book.add_sheet("lines"), xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM")
    for column, name in enumerate(HEADER):
        sheet.write(0, column, name)
    for row, hour in enumerate((9, 12), start=1):
        sheet.write(row, 0, f"O{row}")
        sheet.write(row, 2, datetime(2026, 11, 24, 10), style)
        sheet.write(row, 3, datetime(2026, 11, 24, hour), style)
    book.save(str(tmp_path / "lines.xls"))
    assert counted(tmp_path / "lines.xls") == (2, 1, 1)


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        ([["A", "", "soon", ""]], HEADER, r'row 2, column "promised": "soon"'),
        ([["A", "", "2026-11-24", "2026-02-30"]], HEADER, r'row 2, column "delivered"'),
        ([["A", "x", "2026-11-24", ""]], HEADER, r'row 2, column "requested"'),
        ([["A", "", "9999-12-31", ""]], HEADER, r'row 2, column "promised"'),
        ([["A", "", "05/06/2026", ""]], HEADER, r'row 2, column "promised"'),
        ([["", "", "2026-11-24", ""]], HEADER, r'row 2, column "order" is empty'),
        ([["A"]], ["order", "due"], "no column promised, delivered"),
    ],
)
def test_garbage_is_named(tmp_path, rows, header, said):
    with pytest.raises(SheetError, match=said):
        read_lines(csv_file(tmp_path, *rows, header=header), "UTC")


def test_not_a_sheet(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"\x00\x01garbage" * 50)
    (tmp_path / "empty.csv").write_text("")
    for name in ("x.xlsx", "empty.csv", "missing.csv"):
        with pytest.raises(SheetError, match=name):
            read_lines(tmp_path / name, "UTC")


def test_a_window_that_ends_at_24_00_ends_with_its_day(tmp_path):
    rows = [
        ["A", "", "2026-11-24 24:00", "2026-11-24 23:59:59"],
        ["B", "", "24.11.2026 24:00:00", "2026-11-25 00:00:01"],
        ["C", "", "2026-11-24", "2026-11-24T24:00"],
        ["D", "", "2026-11-23", "2026-11-24 24:00"],
    ]
    for tz in ("Europe/Berlin", ""):
        assert counted(csv_file(tmp_path, *rows), tz) == (4, 2, 2)


def test_two_columns_of_one_name_are_refused(tmp_path):
    header = ["order", "promised", "promised", "delivered"]
    with pytest.raises(SheetError, match="more than one column promised"):
        read_lines(csv_file(tmp_path, ["A", "2026-11-24", "2026-11-30", "2026-11-25"], header=header))


def test_a_formula_without_result_is_named(tmp_path):
    book = openpyxl.Workbook()
    for row in (HEADER, ["A", None, "=DATE(2026,1,1)", "2026-01-01"]):
        book.active.append(row)
    book.save(tmp_path / "lines.xlsx")
    with pytest.raises(SheetError, match='row 2, column "promised" holds a formula without its result'):
        read_lines(tmp_path / "lines.xlsx")
