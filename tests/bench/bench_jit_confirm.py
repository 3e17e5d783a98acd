"""Parallel promise and confirm over RPC: no order without stock, capacity and slot, and no over-reservation.

500 orders of one piece, 100 pieces on hand and slots for 120 deliveries, from 500 clients at once against
four worker processes. An order that is refused stays a quotation; what lost against another transaction is
sent again.
"""

import threading
import time
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import support

ORDERS, STOCK, PLACES, WORKERS = 500, 100, 120, 4
SETUP = """
from datetime import timedelta
from odoo import fields
from odoo.fields import Command
warehouse = env["stock.warehouse"].search([], limit=1)
product = env["product.product"].create({"name": "Bench piece", "is_storable": True, "weight": 1})
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, stock)
start = fields.Datetime.now() + timedelta(days=2)
for day in range(4):
    begin = start + timedelta(days=day)
    env["delivery.slot"].create({"warehouse_id": warehouse.id, "start": begin,
        "stop": begin + timedelta(hours=2), "capacity_drops": places / 4})
partner = env["res.partner"].create({"name": "Bench", "tz": "Europe/Berlin"})
made = env["sale.order"].create([{"partner_id": partner.id, "order_line": [
    Command.create({"product_id": product.id, "product_uom_qty": 1})]} for _ in range(orders)])
env.cr.commit()
result = made.ids
"""
AUDIT = """
orders = env["sale.order"].browse(ids)
sold = orders.filtered(lambda order: order.state == "sale")
quants = env["stock.quant"].search([("product_id", "=", orders.order_line.product_id.id),
                                    ("location_id.usage", "=", "internal")])
holds = env["delivery.slot.hold"].search(
    [("order_ref", "in", sold.ids), ("state", "in", ("held", "confirmed"))])
slots = env["delivery.slot"].search([])
result = {"confirmed": len(sold), "without_slot": len(sold) - len(set(holds.mapped("order_ref"))),
    "without_stock": len(sold.filtered(lambda o: any(m.state != "assigned" for m in o.picking_ids.move_ids))),
    "reserved": sum(quants.mapped("reserved_quantity")), "on_hand": sum(quants.mapped("quantity")),
    "overbooked": len(slots.filtered(lambda slot: slot.claimed_drops > slot.capacity_drops))}
"""


def promise_and_confirm(server, uid, order_id, barrier):
    """One client's order; answers "sold" or the last refusal."""
    proxy = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")
    verdict = ""
    barrier.wait()
    for _attempt in range(8):
        try:
            for method in ("promise_delivery", "action_confirm"):
                proxy.execute_kw(server.database, uid, server.password, "sale.order", method, [[order_id]])
            return "sold"
        except xmlrpc.client.Fault as fault:
            verdict = fault.faultString.strip().splitlines()[-1][:60]
            if "JD-" in verdict:
                return verdict.split("]")[0]
    return verdict


def main():
    support.arguments(__doc__)
    with support.prepared_database("jit_bench_confirm") as (here, name):
        ids = support.odoo_shell(here, name, SETUP, orders=ORDERS, stock=STOCK, places=PLACES)
        with support.Server(here, name, workers=WORKERS) as server:
            common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
            uid = common.authenticate(name, server.login, server.password, {})
            began = time.perf_counter()
            barrier = threading.Barrier(ORDERS)
            with ThreadPoolExecutor(ORDERS) as pool:
                verdicts = list(pool.map(lambda one: promise_and_confirm(server, uid, one, barrier), ids))
            support.progress(f"{time.perf_counter() - began:.0f} s")
        for verdict in sorted(set(verdicts)):
            support.progress(f"{verdicts.count(verdict)} × {verdict}")
        support.finish(support.odoo_shell(here, name, AUDIT, ids=ids))


if __name__ == "__main__":
    main()
