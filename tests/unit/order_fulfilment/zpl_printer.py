"""As much of a label printer as our ZPL uses: draws its symbols on a page of dots, for a barcode reader."""

import re

import numpy
import zxingcpp
from PIL import Image

FIELD = re.compile(r"\^FO(\d+),(\d+)(.*?)\^FD(.*?)\^FS", re.S)


def printed(zpl: str) -> Image.Image:
    """The label as printed, without its text; a symbol beyond the edge is an error."""
    width, height = (int(re.search(rf"\^{word}(\d+)", zpl)[1]) for word in ("PW", "LL"))
    page = numpy.full((height, width), 255, numpy.uint8)
    for x, y, commands, data in FIELD.findall(zpl):
        symbol = _symbol(commands, data)
        if symbol is not None:
            high, wide = symbol.shape
            assert int(x) + wide <= width, f"{data} overhangs the label: {int(x) + wide} of {width} dots"
            assert int(y) + high <= height
            page[int(y) : int(y) + high, int(x) : int(x) + wide] = symbol
    return Image.fromarray(page)


def _symbol(commands, data):
    if linear := re.search(r"\^BY(\d+)\^BCN,(\d+),Y,N,N,D", commands):  # mode D: identifiers in brackets
        return _drawn(zxingcpp.BarcodeFormat.Code128, data, int(linear[1]), height=int(linear[2]))
    if matrix := re.search(r"\^BXN,(\d+),200,,,,(.)", commands):
        escape = matrix[2]
        assert data.startswith(f"{escape}1"), "a GS1 DataMatrix begins with FNC1"
        text = data[2:].replace(f"{escape}1", "\x1d").replace(escape * 2, escape)
        return _drawn(zxingcpp.BarcodeFormat.DataMatrix, _bracketed(text), int(matrix[1]))
    return None


def _bracketed(text):
    from of_tools.warehouse.gs1_identifiers import FORMATS

    found = ""
    while text:
        size = next(size for size in (2, 3) if text[:size] in FORMATS)
        rule = FORMATS[text[:size]]
        end = size + rule.longest if not rule.marked else (text + "\x1d").index("\x1d")
        found += f"({text[:size]}){text[size:end]}"
        text = text[end:].removeprefix("\x1d")
    return found


def _drawn(kind, text, dots, height=None):
    options = {"force_square": True} if height is None else {}
    modules = numpy.array(zxingcpp.create_barcode(text, kind, gs1=True, **options).to_image(scale=1))
    inside = _without_border(modules)
    if height is None:
        return numpy.kron(inside, numpy.ones((dots, dots), numpy.uint8))
    return numpy.repeat(numpy.repeat(inside[:1], dots, axis=1), height, axis=0)


def _without_border(modules):
    rows, columns = (numpy.where((modules == 0).any(axis=axis))[0] for axis in (1, 0))
    return modules[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
