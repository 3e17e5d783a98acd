"""The workbook that comes back holds the same values, a verdict per row, and no formula."""

import csv

import openpyxl
import workbooks as make
from of_tools.entry.workbook_annotate import annotate_csv, annotate_xlsx, harmless
from of_tools.entry.workbook_reader import read_workbook
from of_tools.entry.workbook_types import WorkbookLimits

EVIL = ("1001", "=1+1", "@SUM(A1)", -2, "2026-11-23", 9.5, "+C-1", "-x")


def annotated(tmp_path, name, content, write):
    path = tmp_path / "upload"
    path.write_bytes(content)
    target = tmp_path / "result"
    events = read_workbook(path, name, WorkbookLimits())
    write(events, lambda _sheet, row: "header" if row == 1 else ("refused", "=because", "S1"), target)
    return target


def test_text_that_looks_like_a_formula_is_text(tmp_path):
    content = make.csv([make.HEADER, EVIL], delimiter=";")
    target = annotated(tmp_path, "a.csv", content, annotate_xlsx)
    with open(target, "rb") as stream:
        rows = list(openpyxl.load_workbook(stream).worksheets[0].iter_rows())
    assert [cell.value for cell in rows[0]][-3:] == ["Import status", "Import reason", "Sales order"]
    assert {cell.data_type for cell in rows[1] if cell.value is not None} == {"s"}
    assert rows[1][1].value == "=1+1"
    assert rows[1][9].value == "=because"


def test_csv_cells_are_made_harmless(tmp_path):
    target = annotated(tmp_path, "a.csv", make.csv([make.HEADER, EVIL]), annotate_csv)
    with open(target, encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[1][1:4] == ["'=1+1", "'@SUM(A1)", "-2"]
    assert rows[1][8:] == ["refused", "'=because", "S1"]
    assert [harmless(text) for text in ("\tx", "\rx", "-x", "-1.5", "x=1")] == [
        "'\tx",
        "'\rx",
        "'-x",
        "-1.5",
        "x=1",
    ]


def test_an_earlier_annotation_is_replaced(tmp_path):
    rows = [
        (*make.HEADER, "Import status", "Import reason", "Sales order"),
        (*make.GOOD_ROW, "old", "old", "old"),
    ]
    target = annotated(tmp_path, "a.xlsx", make.xlsx(rows), annotate_xlsx)
    with open(target, "rb") as stream:
        header, row = openpyxl.load_workbook(stream).worksheets[0].iter_rows(values_only=True)
    assert len(header) == 11
    assert row == (*make.GOOD_ROW, "refused", "=because", "S1")
