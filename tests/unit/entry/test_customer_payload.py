import pytest
from of_tools.entry.customer_payload import customer_errors

GOOD = {
    "name": "Muster GmbH",
    "country": "DE",
    "credit_limit": 0,
    "is_company": False,
    "contacts": [{"purpose": "notices", "name": "Gate", "email": "gate@muster.test"}],
    "addresses": [{"street": "Hof 1"}, {"type": "invoice", "street": "Hof 2"}],
}


def found(payload):
    return [(error.code, error.path) for error in customer_errors(payload)]


def test_good_payload():
    assert found(GOOD) == []


@pytest.mark.parametrize("payload", [None, [], "x", 5])
def test_not_an_object(payload):
    assert found(payload) == [("OF-CUS-010", "payload")]


@pytest.mark.parametrize("name", [None, "", "   "])
def test_no_name(name):
    assert found({"name": name}) == [("OF-CUS-010", "name")]


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("name", 5),
        ("name", "x" * 501),
        ("vat", 5),
        ("zip", 1067),
        ("email", "nobody"),
        ("email", "a@b.test, c@d.test"),
        ("is_company", "yes"),
        ("credit_limit", "100"),
        ("credit_limit", float("nan")),
        ("credit_limit", -1),
        ("country", ["DE"]),
    ],
)
def test_wrong_value(field, content):
    assert found({**GOOD, field: content}) == [("OF-CUS-013", field)]


def test_parts():
    payload = {
        **GOOD,
        "type": "delivery",
        "contacts": [{"purpose": "fun", "name": "A"}, {"purpose": "orders"}],
        "addresses": [{"type": "moon"}],
    }
    assert found(payload) == [
        ("OF-CUS-012", "type"),
        ("OF-CUS-014", "contacts[0].purpose"),
        ("OF-CUS-010", "contacts[1].name"),
        ("OF-CUS-013", "addresses[0].type"),
    ]


@pytest.mark.parametrize("parts", ["x", {}, [1], 5])
def test_not_a_list_of_objects(parts):
    assert found({**GOOD, "contacts": parts}) == [("OF-CUS-015", "contacts")]


def test_two_contacts_for_one_purpose():
    contacts = [{"purpose": "orders", "name": name} for name in ("Ann", "Bob")]
    assert found({**GOOD, "contacts": contacts}) == [("OF-CUS-014", "contacts[1].purpose")]
