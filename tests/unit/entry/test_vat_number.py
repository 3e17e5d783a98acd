import pytest
from of_tools.entry import vat_number


@pytest.mark.parametrize(
    ("vat", "country"),
    [
        ("DE136695976", "DE"), ("136695976", "DE"), ("BE0477472701", "BE"), ("NL123456782B90", "NL"),
        ("FR23334175221", "FR"), ("EL094259216", "GR"), ("ATU12011204", "AT"), ("GB980780684", "GB"),
        ("12-3456789", "US"),
    ],
)  # fmt: skip
def test_right(vat, country):
    assert vat_number.problem(vat, country) == ""


@pytest.mark.parametrize(
    ("vat", "country", "why"),
    [
        ("DE136695977", "DE", "check_digit"),
        ("BE0477472702", "BE", "check_digit"),
        ("DE13669597", "DE", "length"),
        ("ATX12011204", "AT", "form"),
    ],
)
def test_wrong(vat, country, why):
    assert vat_number.problem(vat, country) == why


def test_slash_means_none():
    assert not vat_number.is_given("/")
    assert not vat_number.is_given(None)
    assert vat_number.is_given("DE136695976")
