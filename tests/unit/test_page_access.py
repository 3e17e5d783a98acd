import pytest
from of_tools.tracking.page_access import (
    address_group,
    normalize_post_code,
    normalize_reference,
    pair_matches,
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("10115", "10115"), (" 101 15 ", "10115"), ("sw1a 1aa", "SW1A1AA"), ("3511-AB", "3511AB"), (None, "")],
)
def test_post_code_as_people_type_it(typed, expected):
    assert normalize_post_code(typed) == expected


@pytest.mark.parametrize("typed", ["１０１１５", "١٠١١٥", "१०११५"])
def test_digits_of_any_script(typed):
    assert normalize_post_code(typed) == "10115"
    assert normalize_reference(f"ｓ{typed}") == "S10115"


def test_reference_as_people_type_it():
    assert normalize_reference(" s00042 ") == "S00042"
    assert len(normalize_reference("x" * 10_000)) == 64
    assert normalize_reference("S00\x0042\x1b") == "S0042"


@pytest.mark.parametrize(
    ("known", "typed", "position"),
    [
        (["10115"], "101 15", 0),
        (["3511 AB"], "3511ab", 0),
        (["10115", "20095"], "20095", 1),
        (["10115"], "10116", -1),
        ([], "10115", -1),
        ([""], "", -1),
        (["", "10115"], "", -1),
        (["--"], "", -1),
    ],
)
def test_pair_matches(known, typed, position):
    assert pair_matches(known, typed) == position


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("", "unknown"),
        ("junk", "unknown"),
    ],
)
def test_address_group(address, group):
    assert address_group(address) == group
