"""Service figures over a million lines, the control tower over 100,000 open orders, the ledger per event.

    {"lines", "service_ms", "otif", "late", "tower_ms", "tower_queries", "ledger_ms_per_event"}

``--data``: a sheet (.csv, .xlsx, .xls) with columns order, requested, promised, delivered. `otif` (share of
lines) and `late` (lines) are against the promise, as of now. A date without a time of day is its day at
``--tz`` or, where none is given, at the place whose wall time the sheet says.
"""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import tool_packages
from support import arguments, finish, odoo_shell, prepared_database, progress

tool_packages.mount()

from of_tools.service_figures import Lines, figures  # noqa: E402
from status_sheet import SheetError, read_lines  # noqa: E402

DAY = 86400
SCRIPT = """
import time

company, partner = env.company, env["res.partner"].create({"name": "Bench"})
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
product = env["product.product"].create({"name": "P", "is_storable": True})
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 1e6)
new = lambda: env["sale.order"].create({"partner_id": partner.id, "order_line": [
    (0, 0, {"product_id": product.id, "product_uom_qty": 10}) for _line in range(3)]})
template = new()
template.action_confirm()
env.flush_all()
columns = [name for name, field in env["sale.order"]._fields.items()
           if field.store and field.column_type and name not in ("id", "name", "access_token")]
env.cr.execute(
    "INSERT INTO sale_order (name, {0}) SELECT 'B' || n, {0} FROM sale_order, generate_series(1, %s) n"
    " WHERE id = %s".format(", ".join(f'"{name}"' for name in columns)), [orders, template.id])
env.cr.execute(
    "UPDATE sale_order SET promise_deadline = now() + (id % 60 - 20) * interval '1 day',"
    " is_short = id % 7 = 0 WHERE name LIKE 'B%'")
env.cr.execute(
    "INSERT INTO fulfilment_risk (order_id, product_id, missing, as_of)"
    " SELECT id, %s, 1, now() FROM sale_order WHERE name LIKE 'B%%' AND id %% 5 = 0", [product.id])
env.cr.commit()
env.cr.execute("ANALYZE")
tower = env["fulfilment.tower"].with_user(env.ref("base.user_admin"))
fields = {name: {} for name in ("reason", "deadline", "fulfilment_summary", "amount", "customer_value")}
fields |= {name: {"fields": {"display_name": {}}} for name in ("order_id", "partner_id", "user_id")}

def first_page():
    env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.monotonic()
    tower.web_search_read([], fields, limit=80, count_limit=10001)
    return (time.monotonic() - started) * 1000, env.cr.sql_log_count - queries

first_page()
pages = sorted(first_page() for _page in range(5))

line = template.order_line[0]
moves = template.order_line.move_ids
env.flush_all()
spent, events = 0.0, 0
for _round in range(20):
    for move in moves:
        move.picked = not move.picked
        started = time.monotonic()
        template.order_line.mapped("fulfilment_ledger")
        template.mapped("fulfilment_status")
        spent += time.monotonic() - started
        env.flush_all()
        events += 1
result = {"tower_ms": round(pages[2][0], 1), "tower_queries": pages[2][1],
          "ledger_ms_per_event": round(spent * 1000 / events, 2)}
"""


def own_lines(count: int) -> Lines:
    rng = random.Random(11)
    latest = [rng.randrange(400) * DAY + 79199.0 for _line in range(count)]
    delivered = [when + rng.gauss(-DAY / 2, DAY) if rng.random() < 0.97 else None for when in latest]
    return Lines([number // 4 for number in range(count)], latest, delivered)


def main() -> None:
    options = arguments(__doc__, lines=1_000_000, orders=100_000, tz="")
    try:
        lines = read_lines(Path(options.data), options.tz) if options.data else own_lines(options.lines)
    except SheetError as error:
        sys.exit(f"bench-status: {error}")
    started = time.monotonic()
    found = figures(lines, time.time())
    service_ms = (time.monotonic() - started) * 1000
    progress(f"{len(lines.orders)} lines in {service_ms:.0f} ms; now {options.orders} open orders in Odoo")
    with prepared_database("bench_status") as (here, database):
        measured = odoo_shell(here, database, SCRIPT, orders=options.orders)
    figures_of_lines = {"otif": round(found.otif_rate or 0.0, 6), "late": found.late}
    finish({"lines": len(lines.orders), "service_ms": round(service_ms, 1), **figures_of_lines, **measured})


if __name__ == "__main__":
    main()
