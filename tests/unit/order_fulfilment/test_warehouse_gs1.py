import re
from datetime import date
from pathlib import Path

import pytest
from of_tools.gs1 import (
    FNC1,
    Gs1Error,
    _date,
    build,
    check_digit,
    gtin,
    is_element_string,
    parse,
    scanned,
    sscc,
)
from of_tools.warehouse.gs1_identifiers import TABLE, UNMARKED


@pytest.mark.parametrize(("digits", "expected"), [("629104150021", 3), ("00614141123456789", 0), ("0", 0)])
def test_check_digit(digits, expected):
    assert check_digit(digits) == expected


def test_sscc_counts_on_into_the_extension_digit():
    assert sscc("4012345", 0) == "040123450000000001"[:17] + str(check_digit("04012345000000000"))
    assert sscc("4012345", 10**9)[:8] == "14012345"
    with pytest.raises(Gs1Error, match="beyond the serial numbers"):
        sscc("4012345", 10**10)


@pytest.mark.parametrize("prefix", ["123", "12345678901234", "40A2345", ""])
def test_sscc_refuses_a_prefix_that_is_none(prefix):
    with pytest.raises(Gs1Error, match="Company prefix"):
        sscc(prefix, 1)


def test_every_identifier_of_a_logistic_label():
    barcode = f"]C10109506000134352171412081010ABC{FNC1}3712{FNC1}400PO-77{FNC1}420D-10115"
    assert parse(barcode.replace("101010ABC", "1010ABC")) == {
        "gtin": "09506000134352",
        "expiry_date": date(2014, 12, 8),
        "lot": "10ABC",
        "quantity": 12,
        "customer_order": "PO-77",
        "ship_to_postcode": "D-10115",
    }


def test_form_with_brackets():
    assert parse("(00)006141411234567890(30)5(3102)001250(403)R1(21)S9(11)261100") == {
        "sscc": "006141411234567890",
        "count": 5,
        "net_weight": 12.5,
        "routing_code": "R1",
        "serial": "S9",
        "production_date": date(2026, 11, 30),
    }


@pytest.mark.parametrize(
    ("barcode", "message"),
    [
        ("0109506000134351", "check digit is wrong"),
        ("01095060001343", "needs 14 characters"),
        ("17261399", "is no date"),
        ("2312", "identifier 2312 is not known"),
        ("3106000001", "identifier 3106 is not known"),
        ("(310)3001250", "identifier 310 is not known"),
        ("(0104)006381333931", "identifier 0104 is not known"),
        (f"422276{FNC1}91A\x1e", r"\(91\) needs up to 90"),
        ("42227610A", "more than 3 characters, or its end"),
        ("410400638133393", "needs 13 characters"),
        ("4104006381333932", "check digit is wrong"),
        ("7006261301", "is no date"),
        ("91" + "A" * 91, "more than 90"),
        ("30ABC", "digits only"),
        ("3700", "nothing is in there"),
        ("10" + "A" * 21, "more than 20 characters"),
        (f"10A{FNC1}10B", "lot twice"),
        ("(10)A(", "brackets"),
        ("]C1", "empty"),
    ],
)
def test_what_breaks_the_standard_is_refused(barcode, message):
    with pytest.raises(Gs1Error, match=message):
        parse(barcode)


def test_what_a_picker_does_not_need_is_read_over():
    """A supplier's label says more than we ask for, and says it between what we ask for."""
    barcode = (
        f"]C10104006381333931241SUP-77{FNC1}1726123110L7{FNC1}422276{FNC1}3302001500"
        f"8008261101123015{FNC1}3922499{FNC1}91A(B)/x{FNC1}99{'Z' * 90}"
    )
    found = parse(barcode)
    assert {name: found[name] for name in ("gtin", "expiry_date", "lot")} == {
        "gtin": "04006381333931",
        "expiry_date": date(2026, 12, 31),
        "lot": "L7",
    }
    assert sorted(set(found) - {"gtin", "expiry_date", "lot"}) == [
        "241",
        "3302",
        "3922",
        "422",
        "8008",
        "91",
        "99",
    ]


def test_the_device_has_the_same_table_of_identifiers():
    folder = Path(__file__).parents[3] / "custom_addons/order_fulfilment/static/src/warehouse/scan_app"
    script = (folder / "gs1_identifiers.js").read_text()
    assert re.search(r"TABLE = `\n(.*?)`", script, re.DOTALL).group(1) == TABLE.lstrip("\n")
    assert re.search(r'UNMARKED = "(.*?)"', script).group(1) == UNMARKED


def test_century_of_a_date_moves_with_the_year():
    assert _date("17", "990101", today=date(2026, 1, 1)) == date(1999, 1, 1)
    assert _date("17", "300101", today=date(2081, 1, 1)) == date(2130, 1, 1)


def test_built_string_reads_back():
    elements = [("00", "006141411234567890"), ("10", "L1"), ("37", "24")]
    assert build(elements) == f"0000614141123456789010L1{FNC1}3724"
    assert parse(build(elements)) == {"sscc": "006141411234567890", "lot": "L1", "quantity": 24}


def test_forms_of_one_gtin_are_equal():
    assert gtin("9506000134352") == gtin("09506000134352")
    assert gtin("CHAIN-11") == "CHAIN-11"


@pytest.mark.parametrize(("barcode", "expected"), [("]d2010", True), ("(01)1", True), ("CHAIN-11", False)])
def test_which_scans_claim_to_be_gs1(barcode, expected):
    assert is_element_string(barcode) is expected


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("]E04006381333931", "4006381333931"),
        ("]C0LOT-7", "LOT-7"),
        ("]C10104006381333931", "]C10104006381333931"),
        ("10A<GS>3712", f"10A{FNC1}3712"),
        ("10A{GS}3712\r\n", f"10A{FNC1}3712"),
        (f"{FNC1}10A", f"{FNC1}10A"),
        ("]", "]"),
    ],
)
def test_what_a_scanner_sends(sent, meant):
    assert scanned(sent) == meant
