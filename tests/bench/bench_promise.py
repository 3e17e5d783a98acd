"""Time of a promise: 50 lines assembled over three levels, among 10,000 open moves, 90 days ahead."""

import support

LINES, MOVES, ROUNDS = 50, 10_000, 20
SETUP = """
import random
from datetime import timedelta
from odoo import fields
from odoo.fields import Command
rng, now = random.Random(7), fields.Datetime.now()
warehouse = env["stock.warehouse"].search([], limit=1)
stock, customers = warehouse.lot_stock_id, env.ref("stock.stock_location_customers")
suppliers = env.ref("stock.stock_location_suppliers")
def products(prefix, count):
    names = [f"{prefix} {n}" for n in range(count)]
    return env["product.product"].create([{"name": name, "is_storable": True} for name in names])
parts, subs = products("PART", 120), products("SUB", 80)
modules, items = products("MODULE", 80), products("ITEM", lines)
calendar = env.ref("resource.resource_calendar_std")
centres = env["mrp.workcenter"].create(
    [{"name": f"Bench {n}", "resource_calendar_id": calendar.id} for n in range(4)])
routes = warehouse.manufacture_pull_id.route_id | warehouse.mto_pull_id.route_id
routes.active = True
routes.rule_ids.filtered(lambda rule: rule.procure_method == "make_to_order").procure_method = "mts_else_mto"
(items + modules + subs).route_ids = routes
def boms(made, parts, count, minutes):
    env["mrp.bom"].create([{"product_tmpl_id": product.product_tmpl_id.id,
        "bom_line_ids": [Command.create({"product_id": part.id, "product_qty": 1})
                         for part in rng.sample(list(parts), count)],
        "operation_ids": [Command.create({"name": "Assemble", "workcenter_id": rng.choice(centres).id,
                                          "time_cycle_manual": minutes})]} for product in made])
boms(subs, parts, 3, 1)
boms(modules, subs, 4, 2)
boms(items, modules, 5, 5)
everything = parts + subs + modules + items
for product in parts:
    env["stock.quant"]._update_available_quantity(product, stock, rng.randrange(1, 400))
moves = env["stock.move"].create([
    {"product_id": rng.choice(everything).id, "product_uom_qty": rng.randint(1, 3),
     "date": now + timedelta(hours=rng.randrange(1, 24 * 80)),
     "location_id": (suppliers if into else stock).id, "location_dest_id": (stock if into else customers).id}
    for into in (rng.random() < 0.6 for _ in range(move_count))])
moves.write({"state": "confirmed"})
warehouse.write({"working_calendar_id": calendar.id, "pick_minutes": 2, "pack_minutes": 1})
env["delivery.cutoff"].create({"name": "Daily", "warehouse_id": warehouse.id})
for hour in (6, 8, 10, 12, 14):
    env["delivery.slot.template"].create({"name": str(hour), "warehouse_id": warehouse.id, "hour_from": hour,
        "hour_to": hour + 2, "horizon_days": 90, "capacity_drops": 5})._generate()
partner = env["res.partner"].create({"name": "Bench", "tz": "Europe/Berlin", "delivery_window_ids": [
    Command.create({"weekday": str(day), "hour_from": 8, "hour_to": 12}) for day in range(5)]})
order = env["sale.order"].create({"partner_id": partner.id, "order_line": [
    Command.create({"product_id": item.id, "product_uom_qty": 2}) for item in items]})
env.cr.commit()
result = order.id
"""
MEASURE = """
import time
order = env["sale.order"].browse(order_id)
times, counts = [], []
for _ in range(rounds):
    env.invalidate_all()
    before, began = env.cr.sql_log_count, time.perf_counter()
    windows = order.get_delivery_windows(5)
    times.append(1000 * (time.perf_counter() - began))
    counts.append(env.cr.sql_log_count - before)
result = {"times": times, "queries": max(counts[1:]), "possible": sum(w["is_possible"] for w in windows)}
"""


def main():
    support.arguments(__doc__)
    with support.prepared_database("jit_bench_promise") as (here, name):
        support.progress(f"setting up {LINES} lines and {MOVES} moves")
        order_id = support.odoo_shell(here, name, SETUP, lines=LINES, move_count=MOVES)
        support.progress("promising")
        measured = support.odoo_shell(here, name, MEASURE, order_id=order_id, rounds=ROUNDS)
    support.progress(f"{measured['possible']} windows possible")
    times = sorted(measured["times"])
    support.finish({"p95_ms": round(times[int(0.95 * len(times)) - 1]), "queries": measured["queries"]})


if __name__ == "__main__":
    main()
