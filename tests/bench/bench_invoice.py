"""2,000 drops of one customer into a month's invoice: how long, and whether it is right to the cent.

    {"drops": ..., "seconds": ..., "difference": ...}

`difference` is what was invoiced less what the deliveries say at the orders' prices, summed over all lines;
the run includes partial deliveries, and a second run, which must find nothing.
"""

from support import arguments, finish, odoo_shell, prepared_database, progress

SCRIPT = """
import random, time
from odoo.fields import Command

env = env(context=dict(env.context, tracking_disable=True, mail_notrack=True))
rng = random.Random(7)
calendar = env["sale.invoice.calendar"].create({"name": "Month", "frequency": "monthly"})
customer = env["res.partner"].create({"name": "Bench", "invoice_calendar_id": calendar.id})
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
products = env["product.product"].create([
    {"name": f"P{n}", "is_storable": True, "list_price": round(rng.uniform(0.01, 99.99), 2),
     "invoice_policy": "delivery", "taxes_id": [Command.clear()]}
    for n in range(50)
])
for product in products:
    env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 1e6)
orders = env["sale.order"]
while len(orders) < drops:
    batch = env["sale.order"].create([
        {"partner_id": customer.id, "client_order_ref": f"PO-{len(orders) + n}", "order_line": [
            Command.create({"product_id": rng.choice(products).id, "product_uom_qty": rng.randint(2, 20)})]}
        for n in range(min(200, drops - len(orders)))
    ])
    batch.action_confirm()
    for move in batch.picking_ids.move_ids:
        move.write({"quantity": rng.randint(1, int(move.product_uom_qty)), "picked": True})
    batch.picking_ids._action_done()
    orders |= batch
    env.cr.commit()
started = time.monotonic()
cutoff = env.cr.now().replace(year=2099)
invoices = env["sale.drop.invoicing"]._invoice_payer(customer, calendar, cutoff)
env.flush_all()
seconds = time.monotonic() - started
moves = orders.picking_ids.move_ids.filtered(lambda move: move.state == "done")
expected = sum(
    move.sale_line_id.currency_id.round(move.quantity * move.sale_line_id.price_unit) for move in moves
)
again = env["sale.drop.invoicing"]._invoice_payer(customer, calendar, cutoff)
invoices.action_post()
result = {
    "drops": len(invoices.invoice_line_ids.drop_move_id),
    "seconds": round(seconds, 2),
    "difference": round(sum((invoices + again).mapped("amount_untaxed")) - expected, 2),
}
"""


def main() -> None:
    options = arguments(__doc__, drops=2000)
    progress(f"delivering {options.drops} drops, then invoicing them")
    with prepared_database("bench_invoice") as (here, database):
        finish(odoo_shell(here, database, SCRIPT, drops=options.drops))


if __name__ == "__main__":
    main()
