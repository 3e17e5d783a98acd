"""Every kind of bad file is refused with its code, within the limits, and says where."""

import pytest
import workbooks as make
from of_tools.entry.import_fault import ImportFault
from of_tools.entry.order_rows import OrderRow, RowSettings, read_order_rows
from of_tools.entry.workbook_process import stream_workbook
from of_tools.entry.workbook_types import WorkbookLimits

GOOD = [make.HEADER, make.GOOD_ROW]
FORMULA = '<row r="2"><c r="A2" t="inlineStr"><is><t>1</t></is></c><c r="D2"><f>1+1</f></c></row>'
DOUBLED = [(*make.HEADER, "Quantity"), (*make.GOOD_ROW, 3)]
MISSING = [make.HEADER[:3] + make.HEADER[4:], make.GOOD_ROW[:3] + make.GOOD_ROW[4:]]

WHOLE_FILE = {
    "empty": ("a.xlsx", b"", "OF-IMP-001"),
    "a picture": ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100), "OF-IMP-001"),
    "a pdf": ("a.xls", b"%PDF-1.7", "OF-IMP-001"),
    "a web page as xls": ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "OF-IMP-001"),
    "binary as csv": ("a.csv", bytes(range(256)) * 4, "OF-IMP-001"),
    "xlsx named xls": ("a.xls", make.xlsx(GOOD), "OF-IMP-002"),
    "xls named xlsx": ("a.xlsx", make.xls(GOOD), "OF-IMP-002"),
    "csv named xlsx": ("a.xlsx", make.csv(GOOD), "OF-IMP-002"),
    "no extension": ("orders", make.xlsx(GOOD), "OF-IMP-002"),
    "encrypted xlsx": ("a.xlsx", make.encrypted(), "OF-IMP-003"),
    "encrypted xls": ("a.xls", make.encrypted_xls(), "OF-IMP-003"),
    "zip bomb": ("a.xlsx", make.zip_bomb(600), "OF-IMP-005"),
    "a million empty rows": ("a.xlsx", make.empty_rows(), "OF-IMP-007"),
    "a row far below": (
        "a.xlsx",
        make.with_sheet_xml(make.xml_row(1, *make.HEADER) + make.xml_row(1048576, *make.GOOD_ROW)),
        "OF-IMP-007",
    ),
    "a million cells": ("a.xlsx", make.million_cells(), "OF-IMP-008"),
    "entities": ("a.xlsx", make.doctype_bomb(), "OF-IMP-018"),
    "cut off": ("a.xlsx", make.xlsx(GOOD)[:-200], "OF-IMP-011"),
    "cut off xls": ("a.xls", make.xls(GOOD)[:1500], "OF-IMP-001"),
    "not xml": ("a.xlsx", make.with_sheet_xml("<row><c></row>"), "OF-IMP-011"),
    "missing column": ("a.xlsx", make.xlsx(MISSING), "OF-IMP-012"),
    "doubled column": ("a.xlsx", make.xlsx(DOUBLED), "OF-IMP-013"),
    "header twice": ("a.xlsx", make.xlsx([make.HEADER, make.HEADER, make.GOOD_ROW]), "OF-IMP-014"),
    "header with units": (
        "a.xls",
        make.xls([make.HEADER, ("no", "code", "text", "pieces", "day", "each", "no", ""), make.GOOD_ROW]),
        "OF-IMP-014",
    ),
    "merged xlsx": ("a.xlsx", make.xlsx([*GOOD, make.GOOD_ROW], merged=["A2:A3"]), "OF-IMP-015"),
    "merged xls": ("a.xls", make.xls([make.HEADER, make.GOOD_ROW], merged=[(1, 2, 3, 3)]), "OF-IMP-015"),
    "header only": ("a.xlsx", make.xlsx([make.HEADER]), "OF-IMP-016"),
    "title above": ("a.xlsx", make.xlsx([("Orders",), *GOOD]), "OF-IMP-017"),
    "broken utf-16": ("a.csv", b"\xff\xfeI\x00\x00\xd8\x00", "OF-IMP-019"),
}


def read(tmp_path, name, content, settings=None, limits=None):
    path = tmp_path / "upload"
    path.write_bytes(content)
    events = stream_workbook(path, name, limits or WorkbookLimits())
    try:
        return [
            row for row in read_order_rows(events, settings or RowSettings()) if isinstance(row, OrderRow)
        ]
    except ImportFault as fault:
        raise fault.at(file=name) from None


@pytest.mark.parametrize(("name", "content", "code"), WHOLE_FILE.values(), ids=list(WHOLE_FILE))
def test_a_bad_file_is_refused_with_its_code(tmp_path, name, content, code):
    with pytest.raises(ImportFault) as caught:
        read(tmp_path, name, content)
    assert caught.value.code == code
    assert caught.value.position.file == name
    assert f'[{code}] File "{name}"' in caught.value.text()


@pytest.mark.parametrize(
    ("case", "sheet", "row", "column"),
    [
        ("doubled column", "Sheet1", 1, "Quantity (I)"),
        ("missing column", "Sheet1", 1, "quantity"),
        ("header twice", "Sheet1", 2, "Quantity"),
        ("merged xlsx", "Sheet1", 2, "Invoice"),
        ("merged xls", "Sheet1", 2, "Quantity"),
        ("title above", "Sheet1", 2, "Invoice"),
    ],
)
def test_a_fault_says_where(tmp_path, case, sheet, row, column):
    name, content, _code = WHOLE_FILE[case]
    with pytest.raises(ImportFault) as caught:
        read(tmp_path, name, content)
    position = caught.value.position
    assert (position.sheet, position.row, position.column) == (sheet, row, column)


def test_limits_can_be_set(tmp_path):
    rows = [make.HEADER] + [make.GOOD_ROW] * 20
    for limits, code in (
        (WorkbookLimits(rows=10), "OF-IMP-006"),
        (WorkbookLimits(file_bytes=100), "OF-IMP-004"),
        (WorkbookLimits(columns=4), "OF-IMP-008"),
        (WorkbookLimits(cells=50), "OF-IMP-009"),
        (WorkbookLimits(inflated_bytes=1000), "OF-IMP-005"),
    ):
        with pytest.raises(ImportFault) as caught:
            read(tmp_path, "a.xlsx", make.xlsx(rows), limits=limits)
        assert caught.value.code == code


def test_time_is_limited_by_the_operating_system(tmp_path):
    deep = make.with_sheet_xml(["<a>" for _level in range(3_000_000)])
    with pytest.raises(ImportFault) as caught:
        read(tmp_path, "a.xlsx", deep, limits=WorkbookLimits(seconds=1, memory_bytes=120 * 2**20))
    assert caught.value.code in ("OF-IMP-010", "OF-IMP-011")


def test_a_formula_without_stored_value_is_a_fault_of_its_row(tmp_path):
    content = make.with_sheet_xml(make.xml_row(1, *make.HEADER) + FORMULA)
    (row,) = read(tmp_path, "a.xlsx", content)
    assert row.fault.code in ("OF-IMP-031",)
    settings = RowSettings(wanted={"order_key": "Invoice", "quantity": "Quantity", "customer_ref": "Invoice"})
    with pytest.raises(ImportFault) as caught:
        read(tmp_path, "a.xlsx", content, settings)
    assert caught.value.code == "OF-IMP-012"
