import pytest
from of_tools.entry import postcode


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("DE", "10115"), ("DE", "D-10115"), ("NL", "1011 AB"), ("NL", "1011ab"), ("GB", "SW1A 1AA"),
        ("GB", "M1 1AE"),
        ("FR", "69001"), ("US", "94103"), ("US", "94103-1234"), ("PL", "00-950"), ("SE", "114 55"),
        ("PT", "1000-205"),
        ("CA", "K1A 0B1"), ("IE", "D02 AF30"), ("BE", "1000"), ("LV", "LV-1010"), ("JP", "100-0001"),
        ("AE", ""), ("BE", "B-1000"), ("NO", "N-0150"), ("ES", "E-28001"), ("FI", "FIN-00100"),
        ("HU", "H-1051"), ("GB", "GIR 0AA"), ("VN", "700000"), ("SA", "12345-6789"), ("KZ", "A05E3B3"),
        (None, "whatever"),
    ],
)  # fmt: skip
def test_right_form(country, code):
    assert postcode.has_form(country, code)


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("DE", "1011"),
        ("DE", "1011A"),
        ("NL", "1011"),
        ("GB", "12345"),
        ("US", "9410"),
        ("FR", "690011"),
        ("PL", "950"),
        ("BE", "E-1000"),
        ("SA", "123456"),
    ],
)
def test_wrong_form(country, code):
    assert not postcode.has_form(country, code)


def test_compared_as_spoken():
    assert postcode.same("1011 ab", "1011AB", "NL")
    assert postcode.same("D-10115", "10115", "DE")
    assert not postcode.same("", "", "DE")
    assert not postcode.same("10115", "10117", "DE")


def test_example_keeps_the_form():
    assert postcode.example("NL") == "1234AA"
    assert all(
        postcode.has_form(country, postcode.example(country).replace("X", "1")) for country in postcode.FORMS
    )
