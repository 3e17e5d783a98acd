"""Returned ≤ delivered and refunded ≤ invoiced while many do it at once, over RPC, with Odoo's own wizards.

``E2E_CURE_CLIENTS`` sets how many try the same thing at the same time.
"""

import os
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import pytest

CLIENTS = int(os.environ.get("E2E_CURE_CLIENTS", "8"))


@pytest.fixture
def sold(fresh_server):
    """A server with enough workers, and one delivered and invoiced order of ten pieces."""
    server = fresh_server(workers=4)
    rpc = server.rpc
    partner = rpc("res.partner", "create", [[{"name": "Parallel", "email": "p@par.test"}]])[0]
    values = {"name": "Bolt", "is_storable": True, "invoice_policy": "delivery", "taxes_id": [(5,)]}
    product = rpc("product.product", "create", [[{**values, "list_price": 9.0}]])[0]
    place = rpc("stock.warehouse", "search_read", [[]], {"fields": ["lot_stock_id"], "limit": 1})
    quant = {"product_id": product, "location_id": place[0]["lot_stock_id"][0], "inventory_quantity": 50}
    quants = rpc("stock.quant", "create", [[quant]])
    rpc("stock.quant", "action_apply_inventory", [quants])
    line = {"product_id": product, "product_uom_qty": 10, "price_unit": 9.0}
    order = rpc("sale.order", "create", [[{"partner_id": partner, "order_line": [(0, 0, line)]}]])[0]
    rpc("sale.order", "action_confirm", [[order]])
    [picking] = rpc("sale.order", "read", [[order]], {"fields": ["picking_ids"]})[0]["picking_ids"]
    rpc("stock.picking", "button_validate", [[picking]])
    return server, order, picking


def _at_once(server, work):
    """Every client does ``work`` with a connection of its own; answer how many got through."""

    def run(number):
        client = type(server.client())(server.url, server.db, server.login, server.password)
        for _attempt in range(10):
            try:
                return work(client, number)
            except xmlrpc.client.Fault as fault:
                if "serialize" not in str(fault):
                    return str(fault)
        return "gave up"

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, range(CLIENTS)))


def test_parallel_returns_bring_back_what_was_delivered_and_no_more(sold):
    server, order, picking = sold

    def give_back(client, _number):
        wizard = client.call("stock.return.picking", "create", [[{"picking_id": picking}]])
        wizard = wizard[0] if isinstance(wizard, list) else wizard
        [line] = client.call("stock.return.picking.line", "search", [[("wizard_id", "=", wizard)]])
        client.call("stock.return.picking.line", "write", [[line], {"quantity": 4}])
        action = client.call("stock.return.picking", "action_create_returns", [[wizard]])
        client.call("stock.picking", "button_validate", [[action["res_id"]]])
        return True

    outcomes = _at_once(server, give_back)
    assert outcomes.count(True) == 2, outcomes
    assert all("OF-RMA-01" in text for text in outcomes if text is not True)
    [line] = server.rpc(
        "sale.order.line", "search_read", [[("order_id", "=", order)]], {"fields": ["qty_delivered"]}
    )
    assert line["qty_delivered"] == 2


def test_parallel_credit_notes_refund_what_was_invoiced_and_no_more(sold):
    server, order, _picking = sold
    context = {"active_ids": [order], "active_model": "sale.order"}
    wizard = server.rpc("sale.advance.payment.inv", "create", [[{}]], {"context": context})
    server.rpc("sale.advance.payment.inv", "create_invoices", [wizard], {"context": context})
    [invoice] = server.rpc("sale.order", "read", [[order]], {"fields": ["invoice_ids"]})[0]["invoice_ids"]
    server.rpc("account.move", "action_post", [[invoice]])

    def refund(client, _number):
        chosen = {"context": {"active_ids": [invoice], "active_model": "account.move"}}
        made = client.call("account.move.reversal", "create", [[{}]], chosen)
        action = client.call("account.move.reversal", "refund_moves", [made], chosen)
        client.call("account.move", "action_post", [[action["res_id"]]])
        return True

    outcomes = _at_once(server, refund)
    assert outcomes.count(True) == 1, outcomes
    refunds = [("reversed_entry_id", "=", invoice), ("state", "=", "posted")]
    assert server.rpc("account.move", "search_count", [refunds]) == 1


def test_one_serial_is_authorised_once(sold):
    server, order, _picking = sold
    [line] = server.rpc("sale.order.line", "search", [[("order_id", "=", order)]])
    [partner] = server.rpc("sale.order", "read", [[order]], {"fields": ["partner_id"]})
    values = {
        "partner_id": partner["partner_id"][0],
        "line_ids": [(0, 0, {"sale_line_id": line, "quantity": 7})],
    }

    def authorise(client, _number):
        [rma] = client.call("after.sales.return", "create", [[values]])
        client.call("after.sales.return", "action_confirm", [[rma]])
        return True

    outcomes = _at_once(server, authorise)
    assert outcomes.count(True) == 1, outcomes
    assert all("OF-RMA-0" in text for text in outcomes if text is not True)
