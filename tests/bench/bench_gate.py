"""What the order gate costs: the whole catalogue on orders of 10 lines, beside the confirmation by Odoo
itself.

    python tests/bench/bench_gate.py [--data SIZES.json] [--orders 500]

Every order is complete and passes all checks at their strictest, so that no check may stop early. ``--data``
may name a JSON file {"orders": n, "lines": n}. Both figures of the ratio are taken in one run, on orders of
one kind: ``ms_per_order`` is judging and keeping the findings in a batch, the core figure is
``action_confirm`` with the capability switched off. One-by-one figures and the query counts at 50 and at all
orders go to stderr.
"""

import json
from pathlib import Path

from support import arguments, finish, odoo_shell, prepared_database, progress

SCRIPT = """
import time
from itertools import count

numbers = count(1)
group = env.ref("order_fulfilment.group_use_entry")
users = env.ref("base.group_user")
env["order.check"]._apply_preset("strict")
env.company.account_use_credit_limit = True
customers = env["res.partner"].create([
    {"name": f"Bench customer {n}", "is_company": True, "street": f"Weg {n}", "zip": "10115", "city":
    "Berlin",
     "country_id": env.ref("base.de").id, "vat": "DE136695976", "email": f"c{n}@bench.test",
     "credit_limit": 1e9, "order_reference_required": True, "property_product_pricelist": False}
    for n in range(50)
])
products = env["product.product"].create([
    {"name": f"Bench item {n}", "default_code": f"BENCH-{n}", "is_storable": True, "list_price": 10 + n,
     "standard_price": 5, "weight": 1, "volume": 0.01, "taxes_id": [(5,)]}
    for n in range(200)
])
env["order.quantity.rule"].create(
    [{"product_tmpl_id": product.product_tmpl_id.id, "qty_min": 1, "qty_multiple": 1} for product in
    products[:50]]
)
location = env["stock.warehouse"].search([], limit=1).lot_stock_id
for product in products:
    env["stock.quant"]._update_available_quantity(product, location, 1e6)


def make(number):
    values = []
    for n in range(number):
        serial = next(numbers)
        values.append({
            "partner_id": customers[serial % 50].id,
            "client_order_ref": f"BENCH/{serial}",
            "order_line": [
                (0, 0, {"product_id": products[(serial * 7 + k * 11) % 200].id, "product_uom_qty": 1 + serial
                + k}) for k in range(lines)
            ],
        })
    # without notes in the chatter, which are not what is measured; ``fresh`` drops the context again
    made = env["sale.order"].with_context(tracking_disable=True).create(values)
    env.flush_all()
    return made


def fresh(records):
    env.flush_all()
    env.invalidate_all()
    return env["sale.order"].browse(records.ids)


def measured(work, records):
    records = fresh(records)
    queries, start = env.cr.sql_log_count, time.perf_counter()
    answer = work(records)
    env.flush_all()
    return (time.perf_counter() - start) * 1000, env.cr.sql_log_count - queries, answer


def judge(records):
    verdicts = records._gate_evaluate()
    records._gate_record(verdicts)
    return verdicts


def switch(on):
    users.implied_ids = [(4 if on else 3, group.id)]
    env.flush_all()


measured(judge, make(5))  # warm caches of the registry
judged = make(orders)
few_queries = measured(judge, judged[:50])[1]
gate_ms, gate_queries, verdicts = measured(judge, judged)
found = sorted({verdict.check for some in verdicts.values() for verdict in some})
single = make(20)
gate_single = sum(measured(judge, order)[0] for order in single) / len(single)

switch(False)
measured(lambda records: records.action_confirm(), make(5))
core_ms = measured(lambda records: records.action_confirm(), make(orders))[0]
core_single = sum(measured(lambda records: records.action_confirm(), order)[0] for order in make(20)) / 20

result = {
    "gate_ms": gate_ms, "core_ms": core_ms, "queries": gate_queries, "few_queries": few_queries, "found":
    found, "gate_single": gate_single, "core_single": core_single,
    "checks": env["order.check"].search_count([("severity", "!=", "off")]),
}
"""


def sizes(options) -> dict:
    """How many orders and lines: from the file that ``--data`` names, else from the command line."""
    if options.data and Path(options.data).is_file():
        given = json.loads(Path(options.data).read_text())
        return {
            "orders": int(given.get("orders", options.orders)),
            "lines": int(given.get("lines", options.lines)),
        }
    return {"orders": options.orders, "lines": options.lines}


def main():
    options = arguments(__doc__, orders=500, lines=10)
    size = sizes(options)
    progress(f"judging and confirming {size['orders']} orders of {size['lines']} lines …")
    with prepared_database("gate_bench") as (here, name):
        figures = odoo_shell(here, name, SCRIPT, **size)
    orders = size["orders"]
    progress(f"findings on clean orders: {figures['found'] or 'none'}")
    progress(f"queries of a batch: {figures['few_queries']} at 50 orders, {figures['queries']} at {orders}")
    progress(
        f"one by one: gate {figures['gate_single']:.1f} ms, core confirmation "
        f"{figures['core_single']:.1f} ms "
        f"({figures['gate_single'] / figures['core_single']:.1%})"
    )
    finish(
        {
            "orders": orders,
            "checks": figures["checks"],
            "ms_per_order": round(figures["gate_ms"] / orders, 3),
            "ratio_to_core_confirm": round(figures["gate_ms"] / figures["core_ms"], 4),
            "queries_per_order": round(figures["queries"] / orders, 3),
        }
    )


if __name__ == "__main__":
    main()
