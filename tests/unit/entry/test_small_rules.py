from of_tools.entry import fiscal, order_content, pricing
from of_tools.entry.address import Address, missing_parts
from of_tools.entry.completeness import Requirement, missing, percent


def test_address_asks_for_the_post_code_where_there_is_one():
    assert missing_parts(Address(name="A", street="S 1", city="B", country="DE")) == ["zip"]
    assert missing_parts(Address(name="A", street="S 1", city="B", country="AE")) == []
    assert missing_parts(Address(), state_required=True) == ["name", "street", "city", "state", "country"]


def test_content_key_counts_goods_not_lines():
    split = order_content.content_key(7, [(1, 2), (2, 1), (1, 3)])
    assert split == order_content.content_key(7, [(2, 1), (1, 5)])
    assert split != order_content.content_key(8, [(2, 1), (1, 5)])
    assert order_content.content_key(7, []) == ""


def test_fingerprint_follows_the_inputs():
    assert order_content.fingerprint("a", [1, "x"]) == order_content.fingerprint("a", (1, "x"))
    assert order_content.fingerprint("a", [1]) != order_content.fingerprint("b", [1])


def test_credit_use():
    use = pricing.CreditUse(limit=1000, receivable=400, to_invoice=300, order=350)
    assert use.total == 1050
    assert use.excess == 50
    assert pricing.CreditUse(limit=0, receivable=400, to_invoice=0, order=0).excess == 0


def test_deviation():
    assert pricing.deviation_percent(90, 100) == -10
    assert pricing.deviation_percent(90, 0) == 0
    assert pricing.deviation_percent(0.95, 1) == -5
    assert pricing.deviation_percent(1.1, 1) == 10


def test_fiscal_rules():
    domestic = fiscal.FiscalRule(1, frozenset({10}))
    anywhere = fiscal.FiscalRule(2)
    assert fiscal.fits(domestic, 10)
    assert not fiscal.fits(domestic, 11)
    assert fiscal.fits(anywhere, 11)
    assert fiscal.candidates([domestic, anywhere], 10) == [1]


def test_fiscal_rule_for_a_part_of_a_country():
    whole = fiscal.FiscalRule(1, frozenset({10}))
    part = fiscal.FiscalRule(2, frozenset({10}), zip_from="35000", zip_to="35999")
    assert fiscal.fits(part, 10, 0, "35001")
    assert not fiscal.fits(part, 10, 0, "36000")
    assert not fiscal.fits(part, 10)
    assert fiscal.candidates([whole, part], 10, 0, "35001") == [2, 1]
    assert fiscal.candidates([whole, part], 10, 0, "28001") == [1]


def test_completeness_by_weight():
    items = [
        Requirement("a", "A", "r", True, 3),
        Requirement("b", "B", "r", False, 1),
        Requirement("c", "C", "r", False, 2),
    ]
    assert percent(items) == 50
    assert [item.field for item in missing(items)] == ["c", "b"]
    assert percent([]) == 100
