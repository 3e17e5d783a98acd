"""Whole labels are printed, as PDF and as ZPL, and read back by a barcode reader library."""

import numpy
import pypdfium2
import pytest
import zxingcpp
from of_tools.gs1 import element_text, is_gtin, parse
from of_tools.warehouse.label import MOST_MODULES, Label, label_pdf, label_zpl, modules
from zpl_printer import printed

SSCC = ("00", "006141411234567890")
CASES = [
    (SSCC,),
    (SSCC, ("420", "10115"), ("400", "S00042")),
    (
        SSCC,
        ("420", "3511AB"),
        ("400", "PO-2026/0001.A"),
        ("02", "04012345000030"),
        ("37", "12"),
        ("10", "L7"),
    ),
    (SSCC, ("420", "SW1A1AA"), ("400", "A" * 30), ("02", "04012345000030"), ("37", "99999999")),
]
NAMES = {"420": "ship_to_postcode", "400": "customer_order", "37": "quantity", "10": "lot", "02": "content"}


def label(elements):
    return Label("Velo Test GmbH", ("Fietshuis B.V.", "Utrecht"), "WH/OUT/1", ("2 Units Chain",), elements)


def rendered(pdf):
    """First page at 300 dpi, in grey."""
    page = pypdfium2.PdfDocument(pdf)[0]
    return numpy.array(page.render(scale=300 / 72).to_pil().convert("L"))


def symbols(image):
    """``{symbology identifier: [parsed element string]}`` of all that a reader finds."""
    found = {}
    for read in zxingcpp.read_barcodes(image):
        found.setdefault(read.symbology_identifier, []).append(parse(read.text))
    return found


def expected(elements):
    values = {NAMES[identifier]: data for identifier, data in elements if identifier != "00"}
    if "quantity" in values:
        values["quantity"] = int(values["quantity"])
    return {"sscc": SSCC[1], **values}


@pytest.mark.parametrize("elements", CASES, ids=len)
@pytest.mark.parametrize("medium", ["pdf", "zpl"])
def test_every_symbol_of_a_label_is_read_back(medium, elements):
    made = label(elements)
    page = rendered(label_pdf([made])) if medium == "pdf" else printed(label_zpl([made]))
    found = symbols(page)
    assert found["]d2"] == [expected(elements)]  # the DataMatrix says everything
    linear = {key: value for read in found["]C1"] for key, value in read.items()}
    assert linear == expected((SSCC, *made.second_line))
    assert {"sscc": SSCC[1]} in found["]C1"]  # alone in its symbol, as carriers want it


def test_what_would_make_bars_too_fine_is_left_to_the_matrix():
    made = label(CASES[-1])
    assert modules(made.second_line) <= MOST_MODULES
    assert ("400", "A" * 30) not in made.second_line
    assert ("420", "SW1A1AA") in made.second_line


@pytest.mark.parametrize(
    ("text", "element"),
    [("PO 4500017", "PO4500017"), ("Nr. §7", ""), ("a(b)", ""), ("x" * 31, ""), ("", ""), ("A^XZ", "")],
)
def test_texts_are_taken_as_they_are_or_not_at_all(text, element):
    assert element_text(text, 30) == element


def test_only_real_numbers_are_gtins():
    assert [is_gtin(code) for code in ("4012345000030", "4012345000031", "12345", "ABC")] == [
        True,
        False,
        False,
        False,
    ]
