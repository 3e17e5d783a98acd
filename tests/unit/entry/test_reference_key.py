import pytest
from of_tools.entry.reference_key import reference_key


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("PO-00123", "po 123"),
        ("PO-00123", "P0 123"),
        ("PO00123", "PO123"),
        ("SO-00123", "S0123"),
        ("4500-0123", "45000123"),
        ("BIL-007", "BIL007"),
        ("B1L-7", "BIL7"),
        ("AB/12.34", "ab 1234"),
        ("ΑΒ-1", "AB1"),
        ("РО-55", "PO55"),
        ("１２３", "123"),
        ("000123", "123"),
        ("MÜLLER-8", "muller 8"),
        ("1O0", "100"),
        ("S5-88", "55BB"),
        ("PO-1001", "PO-l001"),
        ("PO-1001", "P0-I00l"),
        ("l001", "1001"),
        ("45001001", "4500l001"),
        ("BILL-0012", "BILL-12"),
        ("PL-0012", "PL12"),
        ("P\u200bO-12", "PO\u00ad-12"),
        ("\u0663\u0664\u0665", "345"),
        ("\u0417012", "3012"),
        ("PO-|001", "PO-1001"),
        ("45|001", "451001"),
        ("|001", "l001"),
        ("BI||-12", "BILL-12"),
        ("PO 12 | 5", "PO 12-5"),
        ("№ 4711", "4711"),
        ("№4711", "4711"),
        ("No. 0815", "815"),
        ("NO.PO-12", "PO-12"),
        ("no 4711", "4711"),
        ("Nr. 4711", "4711"),
        ("Nº 4711", "4711"),
        ("N° 4711", "4711"),
        ("#4711", "4711"),
        ("\uff034711", "4711"),
        ("# |23", "123"),
        (" - #No.: 4711", "4711"),
    ],
)
def test_same_reference(first, second):
    assert reference_key(first) == reference_key(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("PO-123", "PO-124"),
        ("100", "10"),
        ("2024-12", "2024-0012"),
        ("PO-1000", "PO-100"),
        ("A1", "C1"),
        ("PO-l001", "PO-l1"),
        ("NO-4711", "4711"),
        ("NO4711", "4711"),
        ("Norma 12", "12"),
        ("No PO", "PO"),
    ],
)
def test_different_reference(first, second):
    assert reference_key(first) != reference_key(second)


@pytest.mark.parametrize("text", ["", None, "  ", "-/-", "…", "#", "No.", "№", " | "])
def test_nothing_to_compare(text):
    assert reference_key(text) == ""


def test_only_zeros_is_still_a_reference():
    assert reference_key("000") == reference_key("0") == "0"
