"""No promise without stock, capacity and slot, however many ask at once. ``E2E_JIT_ORDERS`` sets the size."""

import os
import threading
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

ORDERS = int(os.environ.get("E2E_JIT_ORDERS", "40"))
STOCK, PLACES = ORDERS // 2, ORDERS // 2 + 4
TRIES = 8


@pytest.fixture
def shop(fresh_server):
    """Orders of one piece each, goods for half of them and two slots, in a server with four workers."""
    server = fresh_server(workers=4)
    warehouse = server.rpc("stock.warehouse", "search_read", [[], ["lot_stock_id"]], {"limit": 1})[0]
    product = server.rpc(
        "product.product", "create", [{"name": "Rare piece", "is_storable": True, "weight": 1}]
    )
    quant = {
        "product_id": product,
        "location_id": warehouse["lot_stock_id"][0],
        "inventory_quantity": STOCK,
    }
    made = server.rpc("stock.quant", "create", [quant], {"context": {"inventory_mode": True}})
    server.json2("stock.quant", "action_apply_inventory", ids=[made])  # answers nothing: no XML-RPC
    begin = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(days=2)
    for day in range(2):
        times = {
            "start": str(begin + timedelta(days=day)),
            "stop": str(begin + timedelta(days=day, hours=2)),
        }
        slot = {"warehouse_id": warehouse["id"], "capacity_drops": PLACES / 2, "capacity_kg": PLACES / 2}
        server.rpc("delivery.slot", "create", [{**slot, **times}])
    partner = server.rpc("res.partner", "create", [{"name": "Crowd", "tz": "Europe/Berlin"}])
    line = (0, 0, {"product_id": product, "product_uom_qty": 1})
    orders = server.rpc("sale.order", "create", [[{"partner_id": partner, "order_line": [line]}] * ORDERS])
    return server, orders, product


def promise_and_confirm(server, order, barrier):
    """A patient client: what lost against another transaction is sent again."""
    client = type(server.client())(server.url, server.db, server.login, server.password)
    barrier.wait()
    for _attempt in range(TRIES):
        try:
            client.call("sale.order", "promise_delivery", [[order]])
            client.call("sale.order", "action_confirm", [[order]])
        except xmlrpc.client.Fault as fault:
            if "[JD-" in fault.faultString:
                return "refused"
        else:
            return "sold"
    return "gave up"


def test_parallel_promises_and_confirmations_keep_stock_and_slots(shop):
    server, orders, product = shop
    barrier = threading.Barrier(ORDERS)
    with ThreadPoolExecutor(ORDERS) as pool:
        verdicts = list(pool.map(lambda order: promise_and_confirm(server, order, barrier), orders))
    sold = [order for order, verdict in zip(orders, verdicts, strict=True) if verdict == "sold"]
    assert 0 < len(sold) <= STOCK
    assert server.psql("SELECT count(*) FROM sale_order WHERE state = 'sale'") == [(len(sold),)]
    assert _without_slot(server) == _without_stock(server) == 0
    [(reserved, on_hand)] = server.psql(
        "SELECT sum(reserved_quantity), sum(quantity) FROM stock_quant q JOIN stock_location l"
        " ON l.id = q.location_id AND l.usage = 'internal' WHERE q.product_id = %s",
        product,
    )
    assert (reserved, on_hand) == (len(sold), STOCK)
    full = "claimed_drops > capacity_drops OR claimed_kg > capacity_kg"
    assert server.psql(f"SELECT count(*) FROM delivery_slot WHERE {full}") == [(0,)]


def _without_slot(server):
    """Confirmed orders without a live place of their own."""
    [(count,)] = server.psql(
        "SELECT count(*) FROM sale_order o LEFT JOIN delivery_slot_hold h ON h.key = o.slot_hold_key"
        " AND h.state IN ('held', 'confirmed') WHERE o.state = 'sale' AND h.id IS NULL"
    )
    return count


def _without_stock(server):
    """Confirmed orders whose goods are not reserved."""
    [(count,)] = server.psql(
        "SELECT count(*) FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id"
        " JOIN stock_move m ON m.sale_line_id = l.id WHERE o.state = 'sale' AND m.state <> 'assigned'"
    )
    return count
