"""Windows and slots over XML-RPC and JSON-2, in the browser, and for a customer in another zone."""

import xmlrpc.client
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from nets.example_calls import is_denial
from served.clients import Json2Error

PROTOCOLS = ("xmlrpc", "json2")
BEGIN = datetime.now(UTC).replace(tzinfo=None, microsecond=0, second=0, minute=0, hour=9) + timedelta(days=40)


def call(server, protocol, model, method, ids=None, login=None, **kwargs):
    """Call over either protocol; ids first."""
    if protocol == "json2":
        given = {} if ids is None else {"ids": ids}
        return server.json2(model, method, login=login, **given, **kwargs)
    return server.rpc(model, method, [] if ids is None else [ids], kwargs, login=login)


def refusal(function, *arguments, **kwargs):
    """The error of a call that must be refused."""
    with pytest.raises((xmlrpc.client.Fault, Json2Error)) as caught:
        function(*arguments, **kwargs)
    return caught.value


def text_of(error):
    return getattr(error, "faultString", None) or error.message


def make(server, model, **values):
    [found] = server.rpc(model, "create", [[values]])
    return found


@pytest.fixture
def shop(server):
    """A warehouse whose next two slots are 40 days away, the first for one drop."""
    warehouse = server.rpc("stock.warehouse", "search", [[]], {"limit": 1})[0]
    old = server.rpc("delivery.slot", "search", [[("warehouse_id", "=", warehouse)]])
    server.rpc("delivery.slot", "write", [old, {"is_closed": True}])
    slots = [
        make(
            server,
            "delivery.slot",
            warehouse_id=warehouse,
            start=str(BEGIN + timedelta(hours=shift)),
            stop=str(BEGIN + timedelta(hours=shift + 2)),
            capacity_drops=drops,
        )
        for shift, drops in ((0, 1), (2, 5))
    ]
    customer = make(server, "res.partner", name="Window customer", tz="America/New_York")
    product = make(server, "product.product", name="Piece", type="consu")
    yield {"slots": slots, "customer": customer, "product": product, "warehouse": warehouse}
    server.rpc("delivery.slot", "write", [slots, {"is_closed": True}])
    server.rpc("delivery.slot", "write", [old, {"is_closed": False}])


def order_for(server, shop):
    line = (0, 0, {"product_id": shop["product"], "product_uom_qty": 1})
    return make(server, "sale.order", partner_id=shop["customer"], order_line=[line])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_windows_hold_confirm_and_release(server, shop, protocol):
    slot, key = shop["slots"][0], f"e2e-{protocol}-{shop['slots'][0]}"
    asked = {"date_from": str(BEGIN), "date_to": str(BEGIN + timedelta(hours=1))}
    windows = call(server, protocol, "delivery.slot", "get_windows", partner_id=shop["customer"], **asked)
    assert [(w["slot_id"], w["is_free"]) for w in windows if w["slot_id"] == slot] == [(slot, True)]
    held = call(server, protocol, "delivery.slot", "hold", slot_id=slot, key=key)
    assert held == call(server, protocol, "delivery.slot", "hold", slot_id=slot, key=key)
    full = refusal(call, server, protocol, "delivery.slot", "hold", slot_id=slot, key=key + "-other")
    assert "[JD-SLT-028]" in text_of(full)
    for _twice in range(2):
        assert call(server, protocol, "delivery.slot", "confirm", key=key)["state"] == "confirmed"
    for _twice in range(2):
        assert call(server, protocol, "delivery.slot", "release", key=key)["state"] == "released"
    assert server.rpc("delivery.slot", "read", [[slot], ["claimed_drops"]])[0]["claimed_drops"] == 0
    gone = refusal(call, server, protocol, "delivery.slot", "confirm", key=key)
    assert "[JD-SLT-034]" in text_of(gone)
    unknown = refusal(call, server, protocol, "delivery.slot", "confirm", key="nobody's")
    assert "[JD-SLT-032]" in text_of(unknown)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_portal_users_are_refused_on_every_verb(server, shop, protocol):
    server.create_user("jit_portal", "base.group_portal")
    order, slot = order_for(server, shop), shop["slots"][1]
    verbs = {
        "get_windows": {"partner_id": 1, "date_from": str(BEGIN), "date_to": str(BEGIN + timedelta(days=1))},
        "hold": {"slot_id": slot, "key": "portal"},
        "confirm": {"key": "portal"},
        "release": {"key": "portal"},
    }
    errors = [
        refusal(call, server, protocol, "delivery.slot", verb, login="jit_portal", **arguments)
        for verb, arguments in verbs.items()
    ]
    errors += [
        refusal(call, server, protocol, "sale.order", verb, [order], login="jit_portal", **arguments)
        for verb, arguments in (
            ("get_delivery_windows", {}),
            ("promise_delivery", {}),
            ("hold_slot", {"slot_id": slot}),
            ("release_slot", {}),
            ("renew_promise", {}),
        )
    ]
    assert all(map(is_denial, errors)), list(map(text_of, errors))
    assert server.psql("SELECT count(*) FROM delivery_slot_hold WHERE slot_id = %s", slot) == [(0,)]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_promise_says_why_not_earlier_in_the_customers_time(server, shop, protocol):
    call(server, protocol, "delivery.slot", "hold", slot_id=shop["slots"][0], key=f"first-{shop['slots'][0]}")
    order = order_for(server, shop)
    failing, possible = call(server, protocol, "sale.order", "get_delivery_windows", [order], count=1)
    local = BEGIN.replace(tzinfo=UTC).astimezone(ZoneInfo("America/New_York"))
    assert failing["reasons"] == [
        f"{local:%a %d %b %H:%M}–{local + timedelta(hours=2):%H:%M} (drops) is full"
    ]
    assert possible["local"].endswith("(America/New_York)")
    promise = call(server, protocol, "sale.order", "promise_delivery", [order])
    assert promise["slot_id"] == shop["slots"][1]
    call(server, protocol, "sale.order", "action_confirm", [order])
    [(state,)] = server.psql("SELECT state FROM delivery_slot_hold WHERE key = %s", promise["hold_key"])
    assert state == "confirmed"


def test_picker_in_the_browser_shows_reasons_and_promises(server, shop):
    call(server, "xmlrpc", "delivery.slot", "hold", slot_id=shop["slots"][0], key=f"b-{shop['slots'][0]}")
    order = order_for(server, shop)
    with server.browser() as page:
        page.goto(f"{server.url}/odoo/sales/{order}")
        page.click("button[name=action_choose_window]")
        row = page.locator(".modal .o_data_row:has-text('(drops) is full')")
        row.wait_for()
        assert row.locator("button[name=action_take]").count() == 0
        page.locator(".modal button[name=action_take]").first.click()
        page.wait_for_selector(".modal", state="detached")
        page.click(".nav-link[name=delivery_window]")
        page.wait_for_selector("[name=delivery_window_local]:has-text('America/New_York')")
    [row] = server.rpc("sale.order", "read", [[order], ["delivery_slot_id"]])
    assert row["delivery_slot_id"][0] == shop["slots"][1]
