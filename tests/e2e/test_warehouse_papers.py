"""SSCCs and manifests under parallel clients, each in a process of its own. ``E2E_SSCC`` sets the size."""

import os
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import pytest

PACKAGES = int(os.environ.get("E2E_SSCC", "96"))
CLIENTS = 8
AT_ONCE = 4


@pytest.fixture
def warehouse(fresh_server):
    server = fresh_server(workers=4)
    server.rpc("res.company", "write", [[1], {"gs1_company_prefix": "4012345"}])
    return server


def _own_client(server):
    return type(server.client())(server.url, server.db, server.login, server.password)


def _patiently(call):
    """As a client does whose work lost against another one's: once more."""
    for _attempt in range(10):
        try:
            return call()
        except xmlrpc.client.Fault as error:
            if "serialize" not in str(error):
                raise
    raise AssertionError("gave up")


def test_no_sscc_is_given_twice(warehouse):
    ids = warehouse.rpc("stock.package", "create", [[{} for _package in range(PACKAGES)]])
    groups = [ids[start : start + AT_ONCE] for start in range(0, PACKAGES, AT_ONCE)]

    def label(group):
        client = _own_client(warehouse)
        return _patiently(lambda: client.call("stock.package", "action_print_label", [group]))

    with ThreadPoolExecutor(CLIENTS) as pool:  # every package is printed by two at once
        list(pool.map(label, [group for pair in zip(groups, groups, strict=True) for group in pair]))
    numbers = [sscc for (sscc,) in warehouse.psql("SELECT sscc FROM stock_package ORDER BY id")]
    assert len(numbers) == PACKAGES
    assert len(set(numbers)) == PACKAGES
    assert all(number and number[1:8] == "4012345" for number in numbers)


def test_one_open_manifest_per_carrier_and_day(warehouse):
    product = warehouse.rpc("product.product", "create", [{"name": "Parcel", "type": "service"}])
    values = {"name": "Parcel", "product_id": product}
    carrier = warehouse.rpc("delivery.carrier", "create", [values])

    def open_it(_number):
        client = _own_client(warehouse)
        try:
            return _patiently(lambda: client.call("carrier.manifest", "for_day", [carrier, "2031-03-03"]))
        except xmlrpc.client.Fault as error:  # lost the race for the first one: the index says so
            assert "OF-WH-060" in str(error)
            return client.call("carrier.manifest", "for_day", [carrier, "2031-03-03"])

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(open_it, range(CLIENTS)))
    assert len({answer["id"] for answer in answers}) == 1
    [(count,)] = warehouse.psql("SELECT count(*) FROM carrier_manifest WHERE carrier_id = %s", carrier)
    assert count == 1
