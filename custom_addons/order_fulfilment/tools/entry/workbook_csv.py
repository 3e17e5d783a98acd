"""Rows of a delimited text file: encoding and delimiter are found out, every cell is text."""

import codecs
import csv

from .import_fault import ImportFault
from .workbook_types import Row, SheetEnd, SheetStart

DELIMITERS = ";,\t|"
SAMPLE_CHARS = 64 * 1024


def read_csv(path, limits, encoding="", delimiter=""):
    """Yield SheetStart, Row and SheetEnd of the one nameless sheet of the text file at ``path``.

    ``encoding`` and ``delimiter`` overrule detection; row numbers are those of the records, as a spreadsheet
    program shows them.
    """
    encoding = encoding or detect_encoding(path)
    yield SheetStart(0, "")
    csv.field_size_limit(limits.cell_chars + 1)
    number = 0
    try:
        with open(path, encoding=encoding, newline="") as stream:
            delimiter = delimiter or detect_delimiter(stream.read(SAMPLE_CHARS))
            stream.seek(0)
            for number, cells in enumerate(csv.reader(stream, delimiter=delimiter), start=1):
                if any(cells):
                    yield Row(0, number, _row(cells, limits, number))
    except UnicodeError:
        raise ImportFault("OF-IMP-019", encoding=encoding).at(row=number + 1) from None
    except csv.Error as error:
        code = "OF-IMP-020" if "field larger" in str(error) else "OF-IMP-011"
        raise ImportFault(code, limit=limits.cell_chars, detail=str(error)).at(row=number + 1) from None
    yield SheetEnd(0)


def detect_encoding(path):
    """UTF-16 by its mark, UTF-8 if the whole file is valid, else the Western code page."""
    with open(path, "rb") as stream:
        head = stream.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(head)
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def detect_delimiter(sample):
    """The delimiter that splits the sample's lines into the most cells, equally often in each line."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()][:-1] or sample.splitlines()[:1]

    def score(delimiter):
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        if not counts:
            return (0, 0)
        width = counts[0]
        return (sum(count == width for count in counts) * (width > 1), width)

    return max(DELIMITERS, key=score)


def _row(cells, limits, number):
    if len(cells) > limits.columns:
        raise ImportFault("OF-IMP-008", limit=limits.columns).at(row=number)
    return tuple(cell or None for cell in cells)
