"""Label with which a customer sends goods back (A6): to whom, the return number as text and as Code 128."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A6
MARGIN = 6 * mm


@dataclass(frozen=True)
class ReturnLabel:
    """``element``: the SSCC with its identifier for GS1-128, empty where there is none."""

    number: str
    title: str
    sender: Sequence[str]
    receiver: Sequence[str]
    contents: Sequence[str]
    back_by: str = ""
    sscc: str = ""


def return_label_pdf(label: ReturnLabel) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A6)
    canvas.setTitle(label.number)
    y = _lines(canvas, label.sender[:4], HEIGHT - 9 * mm, 7, 3.2)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(MARGIN, y - 4 * mm, f"{label.title} {label.number}"[:30])
    y = _lines(canvas, label.receiver[:6], y - 12 * mm, 13, 5.6)
    _lines(canvas, [*label.contents[:6], label.back_by], y - 3 * mm, 8, 3.8)
    if label.sscc:
        _barcode(canvas, f"\xf100{label.sscc}", f"(00){label.sscc}", 32 * mm)
    _barcode(canvas, label.number, label.number, 9 * mm)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _lines(canvas, lines, y, size, step):
    canvas.setFont("Helvetica", size)
    for line in filter(None, lines):
        canvas.drawString(MARGIN, y, line[:60])
        y -= step * mm
    return y


def _barcode(canvas, data, text, y):
    wide = Code128(data, barWidth=1, barHeight=15 * mm, quiet=0).width
    unit = min(0.6 * mm, (WIDTH - 2 * MARGIN - 5 * mm) / wide)
    symbol = Code128(data, barWidth=unit, barHeight=15 * mm, quiet=0)
    symbol.drawOn(canvas, (WIDTH - symbol.width) / 2, y)
    canvas.setFont("Helvetica", 9)
    canvas.drawCentredString(WIDTH / 2, y - 4 * mm, text)
