"""Exactly once under parallel clients. ``E2E_GATE_ORDERS`` and ``E2E_GATE_PAIRS`` set the sizes."""

import os
import random
import threading
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import pytest
from served.clients import Json2Error

ORDERS = int(os.environ.get("E2E_GATE_ORDERS", "40"))
PAIRS = int(os.environ.get("E2E_GATE_PAIRS", "6"))
CLIENTS = 8


@pytest.fixture
def shop(fresh_server):
    """A server with enough workers, one customer and one product."""
    server = fresh_server(workers=4)
    server.rpc("res.partner", "create", [{"name": "Parallel", "ref": "C-PAR", "email": "p@par.test"}])
    product = {"name": "Bolt", "default_code": "BOLT", "type": "consu", "list_price": 1.0, "taxes_id": [(5,)]}
    server.rpc("product.product", "create", [product])
    server.api_key()
    return server


def _payload(number, **more):
    return {
        "customer": "C-PAR",
        "reference": f"NR-{number}",
        "lines": [{"product": "BOLT", "quantity": 2}],
        **more,
    }


def _submit(server, payload, key, protocol):
    """Submit as a patient client does: what lost against another transaction is sent again with the "
    "same key."""
    for _attempt in range(10):
        try:
            if protocol == "json2":
                return server.json2("sale.order", "submit_order", payload=payload, idempotency_key=key)
            client = type(server.client())(server.url, server.db, server.login, server.password)
            return client.call("sale.order", "submit_order", [payload, key])
        except (xmlrpc.client.Fault, Json2Error) as error:
            if "serialize" not in str(error):
                raise
    raise AssertionError("gave up")


def test_each_submission_makes_one_order(shop):
    jobs = [(number, attempt) for number in range(ORDERS) for attempt in range(3)]
    random.Random(7).shuffle(jobs)

    def run(job):
        number, attempt = job
        protocol = ("json2", "xmlrpc")[(number + attempt) % 2]
        return number, _submit(shop, _payload(number, confirm=True), f"key-{number}", protocol)

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(run, jobs))
    [(made,)] = shop.psql("SELECT count(*) FROM sale_order WHERE client_order_ref LIKE 'NR-%'")
    assert made == ORDERS
    for number in range(ORDERS):
        own = [answer for other, answer in answers if other == number]
        assert own[0] == own[1] == own[2]
        assert own[0]["state"] == "sale", own[0]


def _race(pool, work, pair):
    barrier = threading.Barrier(2)

    def run(argument):
        barrier.wait()
        return work(argument)

    return list(pool.map(run, pair))


def _confirm(server, order):
    try:
        client = type(server.client())(server.url, server.db, server.login, server.password)
        client.call("sale.order", "action_confirm", [[order]])
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return ""


def test_of_two_simultaneous_confirmations_of_a_duplicate_one_passes(shop):
    [customer] = shop.rpc("res.partner", "search", [[("ref", "=", "C-PAR")]])
    with ThreadPoolExecutor(2) as pool:
        for number in range(PAIRS):
            values = [
                {"partner_id": customer, "client_order_ref": ref}
                for ref in (f"PO-{number}9", f"p0 {number}9")
            ]
            pair = [shop.rpc("sale.order", "create", [one]) for one in values]
            said = _race(pool, lambda order: _confirm(shop, order), pair)
            states = sorted(row["state"] for row in shop.rpc("sale.order", "read", [pair, ["state"]]))
            assert states == ["draft", "sale"]
            assert "[OF-GATE-REFERENCE-DUPLICATE]" in "".join(said)
            assert "" in said


def test_of_two_simultaneous_submissions_of_a_duplicate_one_is_confirmed(shop):
    """Here neither order is there when the other is checked: only the unique index can tell."""
    with ThreadPoolExecutor(2) as pool:
        for number in range(PAIRS):
            pair = [(f"PO-{number}9", f"a-{number}"), (f"p0 {number}9", f"b-{number}")]
            answers = _race(
                pool,
                lambda one: _submit(
                    shop, {**_payload(0, confirm=True), "reference": one[0]}, one[1], "xmlrpc"
                ),
                pair,
            )
            assert sorted(answer["state"] for answer in answers) == ["draft", "sale"]
            [loser] = [answer for answer in answers if answer["state"] == "draft"]
            assert [finding["code"] for finding in loser["findings"]][:1] == ["OF-GATE-REFERENCE-DUPLICATE"]


def test_of_two_simultaneous_confirmations_over_the_credit_limit_one_passes(shop):
    """Each alone is within the limit; both together are not."""
    limited = {
        "name": "Limited",
        "email": "l@par.test",
        "use_partner_credit_limit": True,
        "credit_limit": 100,
    }
    [check] = shop.rpc("order.check", "search", [[("code", "=", "credit_limit")]])
    shop.rpc("order.check", "write", [[check], {"severity": "block"}])
    [bolt] = shop.rpc("product.product", "search", [[("default_code", "=", "BOLT")]])
    with ThreadPoolExecutor(2) as pool:
        for number in range(PAIRS):
            customer = shop.rpc("res.partner", "create", [{**limited, "ref": f"C-LIM-{number}"}])
            assert "[OF-GATE-CREDIT-LIMIT]" in _one_of_two(shop, pool, customer, bolt)


def test_of_two_simultaneous_confirmations_over_the_band_of_a_week_one_passes(shop):
    [bolt] = shop.rpc("product.product", "search", [[("default_code", "=", "BOLT")]])
    [template] = shop.rpc("product.product", "read", [[bolt], ["product_tmpl_id"]])
    rule = {"product_tmpl_id": template["product_tmpl_id"][0], "qty_agreed": 100, "period": "week"}
    shop.rpc("order.quantity.rule", "create", [rule])
    with ThreadPoolExecutor(2) as pool:
        for number in range(PAIRS):
            values = {"name": "Banded", "email": "b@par.test", "ref": f"C-BAND-{number}"}
            customer = shop.rpc("res.partner", "create", [values])
            assert "[OF-GATE-QUANTITY-BAND]" in _one_of_two(shop, pool, customer, bolt)


def _one_of_two(shop, pool, customer, product):
    """Confirm two orders of 60 each at the same instant: one passes. Return what the other was told."""
    line = [0, 0, {"product_id": product, "product_uom_qty": 60}]
    values = {"partner_id": customer, "order_line": [line]}
    pair = [
        shop.rpc("sale.order", "create", [{**values, "client_order_ref": f"TWO-{customer}-{side}"}])
        for side in "AB"
    ]
    said = _race(pool, lambda order: _confirm(shop, order), pair)
    states = sorted(row["state"] for row in shop.rpc("sale.order", "read", [pair, ["state"]]))
    assert (states, sorted(bool(text) for text in said)) == (["draft", "sale"], [False, True]), said
    return "".join(said)
