"""The same drops proven and invoiced by several processes at once: nothing twice, nothing lost."""

import threading
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import pytest

DROPS, CLIENTS = 6, 4


@pytest.fixture
def shipped(fresh_server):
    """A server, a payer with a daily calendar, and delivered orders nobody has invoiced."""
    server = fresh_server(workers=4)
    calendar = server.rpc(
        "sale.invoice.calendar", "create", [{"name": "Daily", "frequency": "daily", "cutoff_hour": 0.0}]
    )
    partner = server.rpc(
        "res.partner", "create", [{"name": "Payer", "is_company": True, "invoice_calendar_id": calendar}]
    )
    goods = {
        "name": "Bolt",
        "is_storable": True,
        "list_price": 3,
        "invoice_policy": "delivery",
        "taxes_id": [(5,)],
    }
    product = server.rpc("product.product", "create", [goods])
    pickings = [_ship(server, partner, product) for _drop in range(DROPS)]
    server.psql("UPDATE stock_move SET date = now() - interval '3 days' WHERE state = 'done'")
    return {"server": server, "calendar": calendar, "partner": partner, "pickings": pickings}


def _ship(server, partner, product):
    line = (0, 0, {"product_id": product, "product_uom_qty": 5})
    order = server.rpc("sale.order", "create", [{"partner_id": partner, "order_line": [line]}])
    server.rpc("sale.order", "action_confirm", [[order]])
    [picking] = server.rpc("stock.picking", "search", [[("sale_id", "=", order)]])
    moves = server.rpc("stock.move", "search", [[("picking_id", "=", picking)]])
    server.rpc("stock.move", "write", [moves, {"quantity": 5, "picked": True}])
    context = {"context": {"skip_backorder": True, "skip_sms": True}}
    server.rpc("stock.picking", "button_validate", [[picking]], context)
    return picking


def _at_once(server, jobs):
    """Run calls at the same moment, each on a connection of its own; answer their results or faults."""
    ready = threading.Barrier(len(jobs))

    def run(job):
        client = type(server.client())(server.url, server.db, server.login, server.password)
        ready.wait()
        try:
            return client.call(*job)
        except xmlrpc.client.Fault as fault:
            return fault

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def _invoiced(server):
    query = """SELECT drop_move_id, SUM(quantity) FROM account_move_line
                WHERE drop_move_id IS NOT NULL GROUP BY drop_move_id"""
    return {move: float(quantity) for move, quantity in server.psql(query)}


def test_a_calendar_run_by_several_at_once_invoices_each_drop_once(shipped):
    server = shipped["server"]
    job = ("sale.invoice.calendar", "action_run", [[shipped["calendar"]]])
    answers = _at_once(server, [job] * CLIENTS)
    faults = [answer for answer in answers if isinstance(answer, xmlrpc.client.Fault)]
    assert all("serialize" in str(fault) or "concurrent" in str(fault) for fault in faults), faults
    server.rpc(*job)
    assert sorted(_invoiced(server).values()) == [5.0] * DROPS
    [[count]] = server.psql("SELECT COUNT(*) FROM account_move WHERE move_type = 'out_invoice'")
    assert count == 1


def test_a_later_run_to_the_same_cut_off_by_several_at_once(shipped):
    """The payer is claimed though nothing about him changes: his drops until then are invoiced already."""
    server = shipped["server"]
    job = ("sale.invoice.calendar", "action_run", [[shipped["calendar"]]])
    server.rpc(*job)
    [[partner, product]] = server.psql(
        "SELECT order_partner_id, product_id FROM sale_order_line ORDER BY id LIMIT 1"
    )
    _ship(server, partner, product)
    server.psql("UPDATE stock_move SET date = now() - interval '3 days' WHERE state = 'done'")
    _at_once(server, [job] * CLIENTS)
    server.rpc(*job)
    assert sorted(_invoiced(server).values()) == [5.0] * (DROPS + 1)


def test_one_proof_sent_on_several_connections_is_one_proof(shipped):
    server, picking = shipped["server"], shipped["pickings"][0]
    job = ("delivery.proof", "register", ["key-1", picking, {"signer": "Ms Weber"}])
    answers = _at_once(server, [job] * CLIENTS)
    taken = [answer for answer in answers if not isinstance(answer, xmlrpc.client.Fault)]
    assert taken and len({answer["id"] for answer in taken}) == 1
    assert sum(answer["is_new"] for answer in taken) <= 1
    assert server.rpc(*job)["is_new"] is False
    [[count]] = server.psql("SELECT COUNT(*) FROM delivery_proof WHERE picking_id = %s", picking)
    assert count == 1


def test_proofs_and_invoices_at_once(shipped):
    server = shipped["server"]
    server.rpc("res.partner", "write", [[shipped["partner"]], {"invoice_trigger": "proof"}])
    proofs = [
        (
            "delivery.proof",
            "register",
            [f"p-{picking}", picking, {"signer": "A", "signed_at": "2020-01-01 10:00:00"}],
        )
        for picking in shipped["pickings"]
    ]
    run = ("sale.invoice.calendar", "action_run", [[shipped["calendar"]]])
    _at_once(server, [*proofs, run, run])
    for job in [*proofs, run]:
        server.rpc(*job)
    assert sorted(_invoiced(server).values()) == [5.0] * DROPS
