"""Workers killed, PostgreSQL crashed, answers lost: acknowledged work is there afterwards, exactly once.

``E2E_FAULT_ORDERS`` sets how many orders are under way (30 if not set).
"""

import base64
import contextlib
import os
import time
import xmlrpc.client

import pytest
from served import database, process
from served.clients import Json2Client
from served.dropping_proxy import DroppingProxy
from served.load import Load, Supervisor, kill_at_work, until_answered
from served.private_postgres import PrivatePostgres

ORDERS = int(os.environ.get("E2E_FAULT_ORDERS", "30"))
KILLS = 3


def _open_shop(server):
    """One customer and one stocked product, known by their codes."""
    customer = {"name": "Fault customer", "ref": "C-FAULT", "is_company": True, "street": "Testweg 1"}
    place = {"zip": "10115", "city": "Berlin", "email": "f@fault.test", "phone": "+49 30 1234567"}
    server.rpc("res.partner", "create", [{**customer, **place}])
    goods = {"name": "Bolt", "default_code": "BOLT", "is_storable": True, "list_price": 1.0, "weight": 1}
    [product] = server.rpc("product.product", "create", [[{**goods, "taxes_id": [(5,)]}]])
    [stock] = server.json2("stock.warehouse", "search_read", domain=[], fields=["lot_stock_id"], limit=1)
    values = {"product_id": product, "location_id": stock["lot_stock_id"][0], "inventory_quantity": 100_000}
    quant = server.rpc("stock.quant", "create", [[values]])
    server.json2("stock.quant", "action_apply_inventory", ids=quant)


def _payload(key: str) -> dict:
    line = {"product": "BOLT", "quantity": 2}
    return {"customer": "C-FAULT", "reference": key, "confirm": True, "lines": [line]}


def _keys(word: str) -> list[str]:
    """References unlike each other: the gate takes similar ones for typing errors."""
    return [f"{word} {number * 7919:07d}" for number in range(1, ORDERS + 1)]


def _submitter(server, url: str | None = None):
    client = Json2Client(url or server.url, server.db, server.api_key(), timeout=60)

    def submit(key: str) -> dict:
        arguments = {"payload": _payload(key), "idempotency_key": key}
        return until_answered(client, "sale.order", "submit_order", **arguments)

    return submit


def _assert_each_once(server, answers: dict) -> None:
    """One confirmed order with one transfer per key, and it is the one that was answered."""
    rows = server.psql(
        """SELECT o.client_order_ref, o.id, o.state, count(p.id) FROM sale_order o
             LEFT JOIN stock_picking p ON p.sale_id = o.id WHERE o.client_order_ref IN %s
            GROUP BY o.id""",
        tuple(answers),
    )
    expected = {(key, answer["order_id"], "sale", 1) for key, answer in answers.items()}
    assert sorted(rows) == sorted(expected)


def test_worker_killed_while_confirming(fresh_server):
    server = fresh_server(workers=2)
    _open_shop(server)
    with contextlib.closing(database.connect(server.db)) as link:
        load = Load(_submitter(server), _keys("kill"))
        for number in range(KILLS):
            load.wait_for(number * ORDERS // (2 * KILLS))
            kill_at_work(server, _query(link))
        assert load.answered < ORDERS, "all was over before the last worker was killed"
        answers = load.join()
    _assert_each_once(server, answers)


def test_first_answer_of_every_call_lost(fresh_server):
    server = fresh_server(workers=2)
    _open_shop(server)
    keys = _keys("lost")[:6]
    with DroppingProxy(server.url) as proxy:
        submit, answers = _submitter(server, proxy.url), {}
        for key in keys[:3]:
            answers[key] = submit(key)
        models = xmlrpc.client.ServerProxy(f"{proxy.url}/xmlrpc/2/object")
        who = (server.db, server.client().uid, server.password)
        for key in keys[3:]:  # the plain client sends again by itself
            answers[key] = models.execute_kw(*who, "sale.order", "submit_order", [_payload(key), key])
        assert proxy.dropped == len(keys)
    _assert_each_once(server, answers)


@pytest.fixture
def crashing(running_servers):
    """A server on a PostgreSQL of its own: (server, PostgreSQL)."""
    with PrivatePostgres().running() as postgres:
        name = postgres.load(database.prepared(), f"{database.PREFIX}_crash")
        server = process.Server(name, connection=postgres.connection).start()
        running_servers.append(server)
        yield server, postgres
        running_servers.remove(server)
        server.stop()


def test_postgresql_crashed_under_load(crashing):
    server, postgres = crashing
    _open_shop(server)
    server.api_key()
    with Supervisor(server):
        load = Load(_submitter(server), _keys("crash"))
        load.wait_for(ORDERS // 3)
        postgres.crash()
        time.sleep(1)
        postgres.start_again()
        server.forget_connections()
        answers = load.join()
    _assert_each_once(server, answers)


def _book(orders: int) -> str:
    """An order book with two lines per order, in base64."""
    header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"
    rows = [
        f"F{number},BOLT,Bolt,{line},2026-01-05 10:00,1.5,C-FAULT,Germany"
        for number in range(orders)
        for line in (1, 2)
    ]
    return base64.b64encode("\n".join([header, *rows]).encode()).decode()


def test_worker_killed_while_importing(fresh_server):
    server = fresh_server(workers=2)
    if not server.psql("SELECT 1 FROM ir_model WHERE model = 'order.import'"):
        pytest.skip("the order import is not there yet")
    _open_shop(server)
    parameter = {"key": "order_fulfilment.import_direct_bytes", "value": "0"}
    server.rpc("ir.config_parameter", "create", [[parameter]])
    orders = 5 * ORDERS
    run = server.json2("order.import", "import_workbook", filename="book.csv", content_base64=_book(orders))
    with contextlib.closing(database.connect(server.db)) as link:
        _wait_for_orders(server, orders // 4)
        kill_at_work(server, _query(link), "cron")
    _wait_for_orders(server, orders)
    status = _wait_until_done(server, run["id"])
    assert (status["state"], status["counts"]["accepted"]) == ("done", orders)
    assert server.psql("SELECT count(*), count(DISTINCT import_key) FROM sale_order") == [(orders, orders)]
    lines = "SELECT DISTINCT count(*) FROM sale_order_line GROUP BY order_id"
    assert server.psql(lines) == [(2,)]


def _wait_for_orders(server, count: int) -> None:
    deadline = time.monotonic() + 180
    while server.psql("SELECT count(*) FROM sale_order")[0][0] < count and time.monotonic() < deadline:
        server.wake_jobs()
        time.sleep(0.1)


def _wait_until_done(server, run: int) -> dict:
    deadline = time.monotonic() + 180
    while True:
        status = server.json2("order.import", "import_status", import_id=run)
        if status["state"] in ("done", "failed", "cancel") or time.monotonic() > deadline:
            return status
        server.wake_jobs()
        time.sleep(0.5)


def _query(link):
    def query(text: str, *parameters):
        with link.cursor() as cursor:
            cursor.execute(text, parameters or None)
            return cursor.fetchall()

    return query
