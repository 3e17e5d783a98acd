"""Small workbooks, honest and hostile, made for the tests of the order import."""

import io
import zipfile

import openpyxl
import xlwt

HEADER = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country")
GOOD_ROW = ("1001", "CHAIN-11", "Chain", 2, "2026-11-23", 9.5, "C-1", "Germany")
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(*sheets, merged=()):
    """Bytes of an .xlsx; each sheet is a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xls(rows, merged=()):
    """Bytes of an .xls with one sheet; ``merged``: (first row, last row, first column, last column)."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for index, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(index, column, value)
    for first_row, last_row, first_column, last_column in merged:
        sheet.merge(first_row, last_row, first_column, last_column)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv(rows, encoding="utf-8", delimiter=","):
    text = "\r\n".join(delimiter.join(str(cell) for cell in row) for row in rows) + "\r\n"
    return text.encode(encoding)


def with_sheet_xml(sheet_data, tail="", head=""):
    """An .xlsx whose only sheet has ``sheet_data`` (XML, also as an iterable of pieces) in it."""
    source = zipfile.ZipFile(io.BytesIO(xlsx([HEADER])))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if entry.filename != SHEET:
                target.writestr(entry, source.read(entry))
        with target.open(SHEET, "w", force_zip64=True) as part:
            part.write(f'<?xml version="1.0"?>{head}<worksheet xmlns="{NAMESPACE}"><sheetData>'.encode())
            for piece in [sheet_data] if isinstance(sheet_data, str) else sheet_data:
                part.write(piece.encode())
            part.write(f"</sheetData>{tail}</worksheet>".encode())
    return stream.getvalue()


def xml_row(number, *values):
    """A row of inline strings as XML."""
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


def empty_rows(count=1_000_000):
    """A header, one order line and then ``count`` rows with nothing in them."""
    rows = (f'<row r="{number}"/>' for number in range(3, count + 3))
    return with_sheet_xml([xml_row(1, *HEADER), xml_row(2, *GOOD_ROW), *rows])


def zip_bomb(megabytes=2000):
    """A sheet that unpacks to ``megabytes`` of blanks."""
    return with_sheet_xml(" " * 2**20 for _megabyte in range(megabytes))


def million_cells():
    """1,000 rows of 1,000 numbers: small as a file, much as a sheet."""
    row = "".join("<c><v>1</v></c>" for _cell in range(1000))
    return with_sheet_xml([xml_row(1, *HEADER), *(f'<row r="{n}">{row}</row>' for n in range(2, 1002))])


def doctype_bomb():
    """Entities that unfold to 10^9 copies ("billion laughs")."""
    entities = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return with_sheet_xml(xml_row(1, "&a9;"), head=f"<!DOCTYPE x [{''.join(entities)}]>")


def encrypted():
    """What a password-protected .xlsx is: an OLE container with an EncryptedPackage stream."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    names = ("Root Entry", "EncryptedPackage", "EncryptionInfo")
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\x00") + bytes(64) for name in names)
    return head + entries


def encrypted_xls():
    """An .xls whose stream announces encryption (a FILEPASS record after the first BOF)."""
    data = xls([HEADER, GOOD_ROW])
    start = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    after = start + 4 + 16
    length = int.from_bytes(data[after + 2 : after + 4], "little")
    record = b"\x2f\x00" + length.to_bytes(2, "little") + b"\x00" * length
    return data[:after] + record + data[after + 4 + length :]
