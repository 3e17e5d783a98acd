"""Runs inside ``odoo shell``: creates and confirms orders when told to, and says how long it took.

Reads commands, one JSON object a line, from the file ``commands`` names; answers on stdout as ``RESULT {…}``.
"""

import json
import time

LINES_PER_ORDER = 10
PRODUCTS = 50


def prepare(env):
    """A complete customer and stocked products, as orders of a running company have them."""
    goods = [
        {
            "name": f"Bench {n}",
            "default_code": f"BENCH-{n}",
            "is_storable": True,
            "list_price": 10 + n,
            "weight": 1,
        }
        for n in range(PRODUCTS)
    ]
    products = env["product.product"].create(goods)
    location = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for product in products:
        env["stock.quant"]._update_available_quantity(product, location, 1_000_000)
    customer = env["res.partner"].create(
        {
            "name": "Bench customer",
            "is_company": True,
            "street": "Teststr. 1",
            "zip": "10115",
            "city": "Berlin",
            "country_id": env.ref("base.de").id,
            "email": "bench@example.test",
            "phone": "+49 30 1234567",
        }
    )
    env.cr.commit()
    return customer, products


def order_values(customer, products, number):
    lines = [
        (0, 0, {"product_id": products[(number + n) % PRODUCTS].id, "product_uom_qty": 1 + n})
        for n in range(LINES_PER_ORDER)
    ]
    return {"partner_id": customer.id, "client_order_ref": f"PO-{number}", "order_line": lines}


def sell(env, customer, products, numbers):
    """One transaction per order, as clients send them. Seconds and queries per order."""
    queries, start = env.cr.sql_log_count, time.perf_counter()
    for number in numbers:
        order = env["sale.order"].create(order_values(customer, products, number))
        order.action_confirm()
        env.cr.commit()
        env.invalidate_all()
    seconds = time.perf_counter() - start
    confirmed = env["sale.order"].search_count([("state", "=", "sale")])
    used = env.cr.sql_log_count - queries - 1
    return {"seconds": seconds / len(numbers), "queries": used / len(numbers), "confirmed": confirmed}


def serve(env, commands):
    env = env(user=env.ref("base.user_admin"), context={"lang": "en_US", "tz": "Europe/Berlin"})
    customer, products = prepare(env)
    answer({"ready": True})
    number = 0
    for line in open(commands, encoding="utf-8"):  # noqa: SIM115  (a pipe, open as long as the process lives)
        count = json.loads(line)["orders"]
        answer(sell(env, customer, products, range(number, number + count)))
        number += count


def answer(content):
    print(f"RESULT {json.dumps(content)}", flush=True)
