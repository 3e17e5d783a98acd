"""Recall over a million move lines: parts in subassemblies in end items, delivered, returned, in stock.

`recall_figures(here, database)` answers {"recall_s", "recall_missed", "recall_extra", "move_lines"}; the
benchmark of the tickets calls it. What the trace finds is compared with a brute-force walk over plain rows:
`recall_missed` counts deliveries and stock that only the walk found.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import arguments, finish, odoo_shell, prepared_database, progress

MAKE = """
import time

company = env.company
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
stock = warehouse.lot_stock_id.id
find = lambda usage: env["stock.location"].search(
    [("usage", "=", usage), ("company_id", "in", (company.id, False))], limit=1).id
places = {"stock": stock, "made": find("production"), "customer": find("customer")}
places["supplier"] = find("supplier")
unit = env.ref("uom.product_uom_unit").id
product = {
    name: env["product.product"].create({"name": name, "is_storable": True, "tracking": tracking}).id
    for name, tracking in (("part", "lot"), ("assembly", "lot"), ("item", "serial"), ("loose", "none"))
}
partners = env["res.partner"].create([{"name": f"Customer {n}"} for n in range(500)]).ids
counts = {"part": max(scale // 200, 20), "assembly": scale // 25, "item": scale // 7}
lots = {}
for name, count in counts.items():
    env.cr.execute(
        "INSERT INTO stock_lot (name, product_id, company_id) SELECT %s || n, %s, %s"
        " FROM generate_series(1, %s) n RETURNING id", [name, product[name], company.id, count])
    lots[name] = [row[0] for row in env.cr.fetchall()]
env.cr.execute("CREATE TEMP TABLE plan (id int, kind text, product int, lot int, src int, dst int,"
               " partner int, day int, origin int, parent int)")
rows, links = [], []

def line(kind, what, lot, source, target, day, partner=None, origin=None):
    ends = places[source], places[target]
    rows.append((len(rows) + 1, kind, product[what], lot, *ends, partner, day, origin, None))
    return len(rows)

import random
chance = random.Random(8)
for lot in lots["part"]:
    line("in", "part", lot, "supplier", "stock", 0)
for lot in lots["assembly"]:
    made = line("make", "assembly", lot, "made", "stock", 100)
    for _part in range(2):
        links.append((made, line("use", "part", chance.choice(lots["part"]), "stock", "made", 100)))
for number in range(scale // 200):  # loose goods made of parts with numbers
    day = chance.randrange(60, 200)
    made = line("make", "loose", None, "made", "stock", day)
    links.append((made, line("use", "part", chance.choice(lots["part"]), "stock", "made", day)))
for lot in lots["item"]:
    day = chance.randrange(120, 300)
    made = line("make", "item", lot, "made", "stock", day)
    links.append((made, line("use", "assembly", chance.choice(lots["assembly"]), "stock", "made", day)))
    links.append((made, line("use", "part", chance.choice(lots["part"]), "stock", "made", day)))
    if chance.random() < 0.05:
        links.append((made, line("use", "loose", None, "stock", "made", day)))
    if chance.random() < 0.9:
        out = line("out", "item", lot, "stock", "customer", day + 9, chance.choice(partners))
        if chance.random() < 0.03:
            line("back", "item", lot, "customer", "stock", day + 30, origin=out)
for _number in range(scale // 100):
    line("out", "loose", None, "stock", "customer", chance.randrange(50, 330), chance.choice(partners))
while len(rows) < scale:
    line("move", "part", chance.choice(lots["part"]), "stock", "stock", chance.randrange(300))
import io, csv
def copy(table, values):
    sheet = io.StringIO()
    csv.writer(sheet).writerows(["" if cell is None else cell for cell in row] for row in values)
    sheet.seek(0)
    env.cr._obj.copy_expert("COPY %s FROM STDIN WITH (FORMAT csv, NULL '')" % table, sheet)
copy("plan", rows)
env.cr.execute("SELECT coalesce(max(id), 0) FROM stock_move")
shift = env.cr.fetchone()[0]
env.cr.execute("SELECT coalesce(max(id), 0) FROM stock_move_line")
line_shift = env.cr.fetchone()[0]
env.cr.execute('''
    INSERT INTO stock_move (id, company_id, product_id, product_uom, location_id, location_dest_id,
                            procure_method, product_uom_qty, product_qty, quantity, date, state, partner_id,
                            origin_returned_move_id)
    SELECT id + %(shift)s, %(company)s, product, %(unit)s, src, dst, 'make_to_stock', 1, 1, 1,
           '2025-01-01'::timestamp + day * interval '1 day', 'done', partner, origin + %(shift)s
      FROM plan ORDER BY id;
    INSERT INTO stock_move_line (id, move_id, company_id, product_id, product_uom_id, location_id,
                                 location_dest_id, quantity, quantity_product_uom, date, state, lot_id)
    SELECT id + %(lines)s, id + %(shift)s, %(company)s, product, %(unit)s, src, dst, 1, 1,
           '2025-01-01'::timestamp + day * interval '1 day', 'done', lot FROM plan ORDER BY id;
    INSERT INTO stock_quant (product_id, location_id, lot_id, quantity, reserved_quantity, in_date,
                             company_id)
    SELECT product, %(stock)s, lot, n, 0, now(), %(company)s FROM (
        SELECT product, lot, sum((dst = %(stock)s)::int - (src = %(stock)s)::int) n FROM plan GROUP BY 1, 2
    ) q WHERE n > 0;
''', {"shift": shift, "lines": line_shift, "company": company.id, "unit": unit, "stock": stock})
copy("stock_move_line_consume_rel (consume_line_id, produce_line_id)",
     [(made + line_shift, used + line_shift) for made, used in links])
env.cr.execute("SELECT setval('stock_move_id_seq', max(id)) FROM stock_move")
env.cr.execute("SELECT setval('stock_move_line_id_seq', max(id)) FROM stock_move_line")
env.cr.execute("ANALYZE stock_move, stock_move_line, stock_move_line_consume_rel, stock_quant, stock_lot")
env.invalidate_all()
"""
MEASURE = """
chosen = env["stock.lot"].browse(chance.sample(lots["part"], 3))
recall = env["after.sales.recall"].create(
    {"subject": "Bench", "message": "x", "lot_ids": [(6, 0, chosen.ids)], "company_id": company.id})
trace = env["after.sales.trace"]
started = time.monotonic()
goods = recall._trace()
deliveries = trace._get_deliveries(goods.values(), company)
quants = trace._get_stock(goods.values(), company)
seconds = time.monotonic() - started

# Brute force: plain rows, walked until nothing new turns up.
env.cr.execute("SELECT id, product_id, lot_id, location_id, location_dest_id, date FROM stock_move_line"
               " WHERE state = 'done'")
every = env.cr.fetchall()
env.cr.execute("SELECT consume_line_id, produce_line_id FROM stock_move_line_consume_rel")
made_of = env.cr.fetchall()
by_id = {row[0]: row for row in every}
lots_hit, since = set(chosen.ids), {}
def is_hit(row):
    return row[2] in lots_hit if row[2] else row[1] in since and row[5] >= since[row[1]]
grew = True
while grew:
    grew = False
    for made, used in made_of:
        if is_hit(by_id[used]):
            _id, what, lot, _src, _dst, date = by_id[made]
            if lot and lot not in lots_hit:
                lots_hit.add(lot)
                grew = True
            elif not lot and date < since.get(what, date.max):
                since[what] = date
                grew = True
out = {row[0] for row in every
       if is_hit(row) and row[4] == places["customer"] and row[3] != places["customer"]}
env.cr.execute("SELECT id, product_id, lot_id FROM stock_quant"
               " WHERE location_id = %s AND quantity > 0", [stock])
held = {row[0] for row in env.cr.fetchall()
        if (row[2] in lots_hit if row[2] else row[1] in since)}
found = {item.line for item in deliveries}
result = {
    "recall_s": round(seconds, 3),
    "recall_missed": len(out - found) + len(held - set(quants.ids)),
    "recall_extra": len(found - out) + len(set(quants.ids) - held),
    "move_lines": len(every),
    "deliveries": len(out),
    "stock": len(held),
}
"""


def recall_figures(here, database, scale: int = 1_000_000) -> dict:
    """Figures of the recall in a database that the caller throws away; nothing is committed."""
    progress(f"making {scale} move lines …")
    return odoo_shell(here, database, MAKE + MEASURE, scale=scale)


if __name__ == "__main__":
    chosen = arguments("Recall over many move lines.", scale=1_000_000)
    with prepared_database("recall_bench") as (site, name):
        finish(recall_figures(site, name, chosen.scale))
