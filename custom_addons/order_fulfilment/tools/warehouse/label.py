"""Logistic label of a package (GS1, A6): for people, as GS1-128 and as GS1 DataMatrix; as PDF and as ZPL."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ..gs1 import build

WIDTH, HEIGHT = A6
MARGIN = 5 * mm
FONT = "OrderFulfilmentLabel"
CONTENT = ("02", "37", "10")  # the standard allows them together only
# Letters that fit: what is longer would run over the edge, or into the symbol beside it.
SENDER, RECEIVER, REFERENCE, CONTENT_LINE = 60, 40, 44, 44
MOST_MODULES = 300  # of a symbol across the label: bars of 0.3 mm, the finest that hand scanners read well


@dataclass(frozen=True)
class Label:
    """``elements``: pairs of identifier and data, the SSCC ("00") among them. ``contents``: lines of text."""

    sender: str
    receiver: tuple[str, ...]
    reference: str
    contents: tuple[str, ...]
    elements: tuple[tuple[str, str], ...]

    @property
    def second_line(self):
        """What the second GS1-128 symbol says beside the SSCC: as much as stays readable, in order.

        The DataMatrix carries everything.
        """
        chosen = ()
        content = tuple(pair for pair in self.elements if pair[0] in CONTENT)
        alone = [(pair,) for pair in self.elements if pair[0] not in ("00", *CONTENT)]
        for group in filter(None, [*alone, content]):
            if modules(chosen + group) <= MOST_MODULES:
                chosen += group
        return chosen

    @property
    def text(self):
        """The element string for people and for encoders that take brackets."""
        return "".join(f"({identifier}){data}" for identifier, data in self.elements)


def modules(elements) -> int:
    """Width of a GS1-128 symbol in modules."""
    data = "\xf1" + build(elements).replace("\x1d", "\xf1")
    return round(Code128(data, barWidth=1, barHeight=1, quiet=0).width)


def label_pdf(labels: Sequence[Label], font_file: str = "") -> bytes:
    """One A6 page per label. ``font_file``: a TrueType font, for names beyond western Europe's letters."""
    fonts = _fonts(font_file)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A6)
    for label in labels:
        _draw(canvas, label, *fonts)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _fonts(font_file):
    """``(plain, bold)`` names of fonts."""
    if not font_file:
        return "Helvetica", "Helvetica-Bold"
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, font_file))
    return FONT, FONT


def _draw(canvas, label, plain, bold):
    canvas.setFont(plain, 8)
    canvas.drawString(MARGIN, HEIGHT - 9 * mm, label.sender[:SENDER])
    canvas.setFont(bold, 12)
    y = HEIGHT - 17 * mm
    for line in label.receiver[:5]:
        canvas.drawString(MARGIN, y, line[:RECEIVER])
        y -= 5 * mm
    canvas.setFont(plain, 8)
    canvas.drawString(MARGIN, y - 2 * mm, label.reference[: 2 * REFERENCE])
    for index, line in enumerate(label.contents[:6]):
        canvas.drawString(MARGIN, y - (7 + 4 * index) * mm, line[:CONTENT_LINE])
    matrix = 26 * mm
    canvas.drawImage(_matrix(label), WIDTH - MARGIN - matrix, 62 * mm, matrix, matrix)
    _draw_linear(canvas, label.second_line, 36 * mm)
    _draw_linear(canvas, tuple(pair for pair in label.elements if pair[0] == "00"), 9 * mm)


def _draw_linear(canvas, elements, y):
    """GS1-128: Code 128 that begins with FNC1, as wide as the label allows."""
    if not elements:
        return
    data = "\xf1" + build(elements).replace("\x1d", "\xf1")
    unit = min(0.5 * mm, (WIDTH - 2 * MARGIN - 5 * mm) / modules(elements))
    symbol = Code128(data, barWidth=unit, barHeight=18 * mm, quiet=0)
    symbol.drawOn(canvas, (WIDTH - symbol.width) / 2, y)
    canvas.setFont("Helvetica", 9)
    text = "".join(f"({identifier}){value}" for identifier, value in elements)
    canvas.drawCentredString(WIDTH / 2, y - 4 * mm, text)


def _matrix(label):
    import zxingcpp  # needed, and loaded, for labels only
    from PIL import Image

    # square: few scanners know the rectangular extension
    symbol = zxingcpp.create_barcode(
        label.text, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True
    )
    return ImageReader(Image.fromarray(_grey(symbol.to_image(scale=8))))


def _grey(image):
    import numpy

    return numpy.array(image)


def label_zpl(labels: Sequence[Label]) -> str:
    """The same for a 203 dpi label printer (ZPL II), one format per label."""
    return "\n".join(_zpl(label) for label in labels)


def _zpl(label):
    others = label.second_line
    sscc = dict(label.elements)["00"]
    lines = ["^XA", "^CI28", "^PW840", "^LL1180", _zpl_text(30, 30, 24, label.sender, SENDER)]
    lines += [_zpl_text(30, 80 + 46 * row, 40, line, RECEIVER) for row, line in enumerate(label.receiver[:5])]
    lines.append(_zpl_text(30, 330, 24, label.reference, REFERENCE))
    contents = enumerate(label.contents[:6])
    lines += [_zpl_text(30, 370 + 30 * row, 24, line, CONTENT_LINE) for row, line in contents]
    matrix = "_1" + build(label.elements).replace("_", "__").replace("\x1d", "_1")
    lines.append(f"^FO600,330^BXN,7,200,,,,_^FD{_zpl_safe(matrix)}^FS")
    if others:
        text = "".join(f"({identifier}){data}" for identifier, data in others)
        unit = 3 if 3 * modules(others) <= 720 else 2
        lines.append(f"^FO60,590^BY{unit}^BCN,170,Y,N,N,D^FD{_zpl_safe(text).replace('>', '>0')}^FS")
    lines.append(f"^FO60,860^BY4^BCN,200,Y,N,N,D^FD(00){sscc}^FS")
    return "\n".join([*lines, "^XZ"])


def _zpl_text(x, y, size, text, most):
    return f"^FO{x},{y}^A0N,{size},{size}^FD{_zpl_safe(text[:most])}^FS"


def _zpl_safe(text):
    """Without the characters that begin commands or end lines, whatever a customer is called."""
    return "".join(" " if letter in "^~" or not letter.isprintable() else letter for letter in text)
