"""Odd arguments to booking and promising, over both protocols: a clear refusal, nothing half-written.

Each argument in turn is given each odd value, the others being right. A call may succeed (an id as a text of
digits is an id); a refusal carries one of our codes, or is Odoo's own about a call that cannot be read.
"""

import math
import re
import xmlrpc.client
from datetime import UTC, datetime, timedelta

import pytest
from served.clients import Json2Error

DAY = datetime.now(UTC).replace(tzinfo=None, microsecond=0, second=0, minute=0, hour=9) + timedelta(days=60)
CODE = re.compile(r"\[(JD|OF)-[A-Z]{3}-\d{3}\]")
ODD = [
    *(None, True, False, "", " ", "x", "0", "-1", "1.5", "9" * 40, "\0", "💥" * 300, "'; DROP TABLE x; --"),
    *(0, -1, 2**31 - 1, 2**31, 2**63, -(10**30), 1.5, 1e308, math.nan, math.inf, -math.inf),
    *([], [1], [None], [[]], {}, {"x": 1}, {"drops": "1"}, {"kg": math.nan}, {"kg": -1}, {"drops": 0}),
    *({"drops": 10**12}, {"drops": None}, {"drops": [1]}, "2027-02-30", "0001-01-01 00:00:00"),
    *("9999-12-31 23:59:59", "2020-01-01 00:00:00", "9999-12-31 23:59:59+14:00", "١٢"),
]
# Odoo's own answers about a call that names no method it can run with these arguments or ids.
UNREADABLE = (
    "missing",
    "unexpected keyword",
    "not well-formed",
    "does not exist or has been deleted",
    "positional argument",
)


def make(server, model, **values):
    [found] = server.rpc(model, "create", [[values]])
    return found


@pytest.fixture
def server(fresh_server):
    """A server of its own: a second company would be in the way of other tests."""
    return fresh_server(workers=2)


@pytest.fixture
def shop(server):
    """A slot with room, an order, a deleted order, and a slot of another company."""
    warehouse = server.rpc("stock.warehouse", "search", [[]], {"limit": 1})[0]
    times = {"start": str(DAY), "stop": str(DAY + timedelta(hours=2))}
    slot = make(server, "delivery.slot", warehouse_id=warehouse, capacity_drops=500, capacity_kg=900, **times)
    customer = make(server, "res.partner", name="Fuzzed", tz="Asia/Kathmandu")
    piece = make(server, "product.product", name="Fuzzed piece", type="consu")
    line = (0, 0, {"product_id": piece, "product_uom_qty": 1})
    order = make(server, "sale.order", partner_id=customer, order_line=[line])
    deleted = make(server, "sale.order", partner_id=customer, order_line=[line])
    server.rpc("sale.order", "unlink", [[deleted]])
    company = make(server, "res.company", name=f"Fuzzed {slot}")
    foreign = make(server, "stock.warehouse", name=f"Fuzzed {slot}", code=f"F{slot}", company_id=company)
    their = make(server, "delivery.slot", warehouse_id=foreign, capacity_drops=5, **times)
    return {"slot": slot, "customer": customer, "order": order, "deleted": deleted, "their": their}


def calls(shop):
    """The calls as {(model, method): right arguments}; ``ids`` are of the records called."""
    span = {"date_from": str(DAY - timedelta(days=1)), "date_to": str(DAY + timedelta(days=1))}
    order, slots = {"ids": [shop["order"]]}, "delivery.slot"
    hold = {"slot_id": shop["slot"], "load": {"kg": 1}, "minutes": 5, "overbook_reason": "", "key": "fuzz"}
    return {
        (slots, "get_windows"): {
            "partner_id": shop["customer"],
            **span,
            "load": {"kg": 1},
            "warehouse_id": False,
        },
        (slots, "hold"): hold,
        (slots, "confirm"): {"key": "fuzz"},
        (slots, "release"): {"key": "fuzz"},
        ("sale.order", "get_delivery_windows"): {**order, "count": 2, "not_before": str(DAY)},
        ("sale.order", "get_line_windows"): {**order, "not_before": str(DAY)},
        ("sale.order", "promise_delivery"): {**order, "slot_id": shop["slot"], "not_before": str(DAY)},
        ("sale.order", "promise_as_available"): {**order, "not_before": str(DAY)},
        ("sale.order", "hold_slot"): {**order, "slot_id": shop["slot"], "overbook_reason": ""},
        ("sale.order", "release_slot"): dict(order),
        ("sale.order", "renew_promise"): dict(order),
    }


def outcome(server, protocol, model, method, given, login=None):
    """Return (status, text) of a refused call, or None of one that succeeded or that cannot be sent."""
    given = dict(given)
    try:
        if protocol == "json2":
            server.json2(model, method, login=login, **given)
        else:
            ids = [given.pop("ids")] if "ids" in given else []
            server.rpc(model, method, ids, given, login=login)
    except Json2Error as error:
        return error.status, error.message
    except xmlrpc.client.Fault as fault:
        return fault.faultCode, fault.faultString
    except (OverflowError, TypeError, ValueError):  # XML-RPC has no None and no long numbers
        return None
    return None


def is_clear(refused):
    status, text = refused
    if "Traceback" in text and not any(word in text for word in UNREADABLE):
        return False
    if CODE.search(text):
        return status in (2, 3, 4, 403, 404, 422)
    return any(word in text for word in UNREADABLE) and status != 500


def variants(given):
    for name in given:
        for value in ODD:
            yield {**given, name: [value] if name == "ids" else value}
    yield {**given, "ids": [1, 2]} if "ids" in given else {**given, "nonsense": 1}


def overdrawn(server):
    """Slots whose counters are not the sum of their holds, or that hold more than they have."""
    return server.psql(
        """SELECT s.id FROM delivery_slot s LEFT JOIN delivery_slot_hold h
               ON h.slot_id = s.id AND h.state IN ('held', 'confirmed') AND NOT h.is_overbooked
            GROUP BY s.id HAVING s.claimed_drops <> COALESCE(sum(h.drops), 0)
               OR s.claimed_kg <> COALESCE(sum(h.kg), 0) OR s.claimed_drops > s.capacity_drops"""
    )


def test_odd_arguments_are_refused_with_a_code_and_leave_nothing_behind(server, shop):
    unclear = []
    for (model, method), given in calls(shop).items():
        for number, odd in enumerate(variants(given)):
            for protocol in ("json2", "xmlrpc")[: 2 if number % 3 == 0 else 1]:
                refused = outcome(server, protocol, model, method, odd)
                if refused and not is_clear(refused):
                    unclear.append((protocol, method, str(odd)[:150], refused[0], refused[1][-300:]))
    assert not unclear, "\n".join(map(str, unclear[:20]))
    assert not overdrawn(server)


@pytest.mark.parametrize("protocol", ("xmlrpc", "json2"))
def test_foreign_and_deleted_records_are_missing(server, shop, protocol):
    server.create_user("fuzz_clerk", "sales_team.group_sale_salesman_all_leads")
    for model, method, given, code in (
        ("delivery.slot", "hold", {"slot_id": shop["their"], "key": "their"}, "JD-SLT-026"),
        ("sale.order", "hold_slot", {"ids": [shop["order"]], "slot_id": shop["their"]}, "JD-SLT-026"),
        ("sale.order", "promise_delivery", {"ids": [shop["order"]], "slot_id": shop["their"]}, "JD-SLT-026"),
        ("sale.order", "promise_delivery", {"ids": [shop["deleted"]]}, "does not exist"),
    ):
        _status, text = outcome(server, protocol, model, method, given, "fuzz_clerk")
        assert code in text, (method, text)
    assert server.psql("SELECT claimed_drops FROM delivery_slot WHERE id = %s", shop["their"]) == [(0,)]
