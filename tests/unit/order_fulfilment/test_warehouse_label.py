"""Labels are printed, then read back by a barcode reader."""

import io

import zxingcpp
from of_tools.gs1 import parse
from of_tools.warehouse.label import Label, label_pdf, label_zpl
from PIL import Image, ImageOps
from pypdf import PdfReader
from reportlab.graphics.barcode import createBarcodeDrawing

LABEL = Label(
    sender="Velo Test GmbH",
    receiver=("Fietshuis ^XA B.V.", "Utrecht"),
    reference="WH/OUT/1",
    contents=("2 Units Chain",),
    elements=(("00", "006141411234567890"), ("420", "3511AB"), ("400", "S00042")),
)


def matrix_of(pdf):
    image = PdfReader(io.BytesIO(pdf)).pages[0].images[0].image
    framed = ImageOps.expand(image.convert("L"), border=16, fill=255)
    return zxingcpp.read_barcode(framed, formats=zxingcpp.BarcodeFormat.DataMatrix)


def test_data_matrix_is_read_back_as_gs1():
    found = matrix_of(label_pdf([LABEL]))
    assert found.symbology_identifier == "]d2"
    assert parse(found.text) == {
        "sscc": "006141411234567890",
        "ship_to_postcode": "3511AB",
        "customer_order": "S00042",
    }


def test_linear_symbol_is_read_back_as_gs1():
    data = "\xf1" + "00006141411234567890"
    picture = createBarcodeDrawing("Code128", value=data, barWidth=2, barHeight=80, quiet=1).asString("png")
    image = Image.open(io.BytesIO(picture)).convert("L")
    found = zxingcpp.read_barcode(image, formats=zxingcpp.BarcodeFormat.Code128)
    assert found.symbology_identifier == "]C1"
    assert parse(found.text) == {"sscc": "006141411234567890"}


def test_commands_in_a_name_do_not_reach_the_printer():
    assert "Fietshuis  XA B.V." in label_zpl([LABEL])
    assert label_zpl([LABEL]).count("^XA") == 1


def test_long_names_end_before_the_edge_and_the_symbol():
    long = "Ł" * 300
    label = Label(long, (long,), long, (long,), LABEL.elements)
    texts = [line for line in label_zpl([label]).splitlines() if "^A0N" in line]
    assert [line.count("Ł") for line in texts] == [60, 40, 44, 44]


def test_lines_and_commands_stay_inside_a_field_of_the_printer():
    label = Label("A\n^XZ~JA", ("Łódź Škoda",), "R", (), (("00", "006141411234567890"),))
    printed = label_zpl([label])
    assert "A  XZ JA" in printed
    assert "Łódź Škoda" in printed
