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
        ("DE", "01067"), ("DE", "99998"), ("AT", "1010"), ("AT", "A-9992"), ("FR", "01000"), ("FR", "20090"),
        ("FR", "97400"), ("FR", "00200"), ("GB", "EC1A 1BB"), ("GB", "W1A 0AX"), ("GB", "B33 8TH"),
        ("GB", "DN55 1PT"), ("GB", "BF1 3AA"), ("CH", "8001"), ("CH", "9658"), ("BE", "9992"),
        ("NL", "9999 XK"), ("GB", "CR2 6XH"),
        ("US", "00501"), ("US", "99950"), ("CA", "H0H 0H0"), ("CA", "V6B 4Y8"), ("IE", "D6W XY00"),
        ("IE", "A65 F4E2"), ("NO", "0010"), ("DK", "0800"), ("AU", "0800"),
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
        ("NL", "0123 AB"),
        ("NL", "1234 SS"),
        ("NL", "1234 A"),
        ("DE", "00123"),
        ("DE", "00000"),
        ("AT", "0101"),
        ("AT", "10100"),
        ("FR", "99123"),
        ("FR", "7500"),
        ("GB", "SW1A 1CA"),
        ("GB", "SW1A 11A"),
        ("GB", "1AA SW1"),
        ("CH", "0801"),
        ("CH", "80011"),
        ("BE", "0100"),
        ("PL", "00-0000"),
        ("PL", "00-000"),
        ("US", "00401"),
        ("US", "94103-12"),
        ("CA", "D1A 0B1"),
        ("CA", "K1A OB1"),
        ("CA", "K1A 0U1"),
        ("IE", "D02 AFO0"),
        ("IE", "B02 AF30"),
        ("IE", "D02 AF3"),
        ("NO", "0000"),
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
