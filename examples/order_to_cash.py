# long: one program, to be read from top to bottom
"""From an order book to money: import, confirm, pick, pack, ship, invoice, pay; then check every cent.

    python examples/order_to_cash.py orders.xlsx --database order_management --stock
    python examples/order_to_cash.py orders.xls --database order_management --json2 --api-key KEY

Run it again after an interruption: each step only does what is not done yet, so nothing happens twice.
Works with delivery in one, two or three steps. Reading .xls needs xlrd, .xlsx needs openpyxl.
"""

import argparse
import base64
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

from odoo_client import JsonClient, RefusedError, XmlRpcClient
from workbook_totals import order_totals

BATCH = 20


def main():
    options = _options()
    odoo = _connect(options)
    status = import_workbook(odoo, options.file, options.profile)
    results = all_results(odoo, status["id"])
    orders = sorted({order["order_id"] for order in results["orders"] if order["order_id"]})
    held = confirm(odoo, orders)
    if options.stock:
        put_on_stock(odoo, orders)
    deliver(odoo, orders)
    invoice(odoo, orders)
    pay(odoo, orders)
    difference = report(odoo, options.file, status, results, orders, held)
    return 1 if difference else 0


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="order book (.xlsx, .xls, .csv)")
    parser.add_argument("--url", default="http://localhost:8069")
    parser.add_argument("--database", default="order_management")
    parser.add_argument("--login", default="admin")
    parser.add_argument("--password", default="admin", help="password or API key, for XML-RPC")
    parser.add_argument("--json2", action="store_true", help="use JSON-2 instead of XML-RPC")
    parser.add_argument("--api-key", help="API key, for JSON-2")
    parser.add_argument("--profile", default="", help="import profile; found by the headers if not given")
    parser.add_argument("--stock", action="store_true", help="count in what is missing on stock")
    return parser.parse_args()


def _connect(options):
    if options.json2:
        if not options.api_key:
            sys.exit("--json2 needs --api-key (Preferences, Account Security, New API Key).")
        return JsonClient(options.url, options.database, options.api_key)
    return XmlRpcClient(options.url, options.database, options.login, options.password)


def progress(step, done, total):
    """A bar on stderr; stdout belongs to the table."""
    width = 30 * done // max(total, 1)
    end = "\n" if done >= total else ""
    print(f"\r{step:<10} [{'#' * width:<30}] {done}/{total}", end=end, file=sys.stderr, flush=True)


def in_batches(step, ids, work, size=BATCH):
    """Call ``work`` with ``size`` ids at a time and show how far it is."""
    for start in range(0, len(ids), size):
        work(ids[start : start + size])
        progress(step, min(start + size, len(ids)), len(ids))


# Import


def import_workbook(odoo, path, profile):
    """Import the file, or find out that it was imported; answers the status of the finished run."""
    content = base64.b64encode(Path(path).read_bytes()).decode()
    arguments = {"filename": Path(path).name, "content_base64": content}
    if profile:
        arguments["profile"] = profile
    status = odoo.call("order.import", "import_workbook", **arguments)
    while status["state"] not in ("done", "failed", "cancel"):
        progress(f"import {status['phase']}"[:10], int(status["progress"]), 100)
        time.sleep(1)
        status = odoo.call("order.import", "import_status", import_id=status["id"])
    progress("import", 100, 100)
    if status["state"] != "done":
        sys.exit(status["failure"] or f"The import ended as {status['state']}.")
    return status


def all_results(odoo, import_id):
    """All pages of orders and of refused rows."""
    found = {"orders": [], "refused": []}
    while True:
        offset = max(len(found["orders"]), len(found["refused"]))
        page = odoo.call("order.import", "import_status", import_id=import_id, offset=offset)
        if not page["orders"] and not page["refused"]:
            return found
        found["orders"] += page["orders"]
        found["refused"] += page["refused"]


# Confirm


def confirm(odoo, orders):
    """Confirm the quotations; {order id: why not} for those that the checks hold."""
    held = {}
    drafts = odoo.call(
        "sale.order", "search", domain=[("id", "in", orders), ("state", "in", ["draft", "sent"])]
    )

    def confirm_batch(ids):
        try:
            odoo.call("sale.order", "action_confirm", ids=ids)
        except RefusedError as error:
            if len(ids) == 1:
                held[ids[0]] = str(error)
                return
            for order in ids:
                confirm_batch([order])

    in_batches("confirm", drafts, confirm_batch)
    return held


# Deliver


def put_on_stock(odoo, orders):  # long: one step
    """Count in what open deliveries lack, per product and warehouse, as an inventory adjustment."""
    moves = odoo.call(
        "stock.move",
        "search_read",
        domain=[
            ("sale_line_id.order_id", "in", orders),
            ("state", "in", ["confirmed", "waiting", "partially_available"]),
            ("product_id.is_storable", "=", True),
            ("move_orig_ids", "=", False),
        ],
        fields=["product_id", "product_uom_qty", "location_id"],
    )
    needed = Counter()
    for move in moves:
        needed[move["product_id"][0], move["location_id"][0]] += move["product_uom_qty"]
    shortages = list(needed.items())
    in_batches("stock", shortages, lambda batch: _count_in(odoo, dict(batch)))


def _count_in(odoo, needed):
    """Raise the stock so that ``needed`` is free; what is free already is not counted in again."""
    domain = [
        ("product_id", "in", [product for product, _location in needed]),
        ("location_id", "in", list({location for _product, location in needed})),
    ]
    fields = ["product_id", "location_id", "quantity", "reserved_quantity"]
    present, free = Counter(), Counter()
    for quant in odoo.call("stock.quant", "search_read", domain=domain, fields=fields):
        place = quant["product_id"][0], quant["location_id"][0]
        present[place] += quant["quantity"]
        free[place] += quant["quantity"] - quant["reserved_quantity"]
    values = [
        {"product_id": place[0], "location_id": place[1], "inventory_quantity": present[place] + missing}
        for place, quantity in needed.items()
        if (missing := quantity - free[place]) > 0
    ]
    if values:
        context = {"inventory_mode": True}
        quants = odoo.call("stock.quant", "create", vals_list=values, context=context)
        odoo.call("stock.quant", "action_apply_inventory", ids=quants)


def deliver(odoo, orders):
    """Pick, pack and ship what can be: each step makes the next one ready, so go round until all is done."""
    for step in ("pick", "pack", "ship", "rest"):
        open_pickings = _open_pickings(odoo, orders)
        if not open_pickings:
            return
        in_batches(step, open_pickings, lambda ids: _transfer(odoo, ids))


def _open_pickings(odoo, orders):
    domain = [("sale_id", "in", orders), ("state", "not in", ["done", "cancel", "draft"])]
    return odoo.call("stock.picking", "search", domain=domain)


def _transfer(odoo, pickings):
    """Reserve, take what is reserved, put it into a package at the packing step, validate."""
    odoo.call("stock.picking", "action_assign", ids=pickings)
    moves = odoo.call(
        "stock.move",
        "search_read",
        domain=[("picking_id", "in", pickings), ("state", "=", "assigned"), ("picked", "=", False)],
        fields=["picking_id"],
    )
    if moves:
        odoo.call("stock.move", "write", ids=[move["id"] for move in moves], vals={"picked": True})
    ready = odoo.call("stock.picking", "search", domain=[("id", "in", pickings), ("state", "=", "assigned")])
    for picking in _without_package(odoo, ready):
        odoo.call("stock.picking", "action_put_in_pack", ids=[picking])
    if ready:
        odoo.call("stock.picking", "button_validate", ids=ready, context={"skip_sms": True})


def _without_package(odoo, pickings):
    """Deliveries to the customer, or packing steps, whose goods are in no package yet."""
    domain = [
        ("picking_id", "in", pickings),
        ("result_package_id", "=", False),
        ("picking_id.picking_type_id.code", "=", "outgoing"),
    ]
    lines = odoo.call("stock.move.line", "search_read", domain=domain, fields=["picking_id"])
    return sorted({line["picking_id"][0] for line in lines})


# Invoice and pay


def invoice(odoo, orders):
    """Invoice what is to be invoiced, one invoice per order, and post."""
    domain = [("id", "in", orders), ("invoice_status", "=", "to invoice")]

    def invoice_batch(ids):
        wizard = odoo.call(
            "sale.advance.payment.inv",
            "create",
            vals_list=[
                {
                    "advance_payment_method": "delivered",
                    "sale_order_ids": [(6, 0, ids)],
                    "consolidated_billing": False,
                }
            ],
        )
        odoo.call("sale.advance.payment.inv", "create_invoices", ids=wizard)

    in_batches("invoice", odoo.call("sale.order", "search", domain=domain), invoice_batch)
    drafts = _invoices(odoo, orders, [("state", "=", "draft")])
    in_batches("post", drafts, lambda ids: odoo.call("account.move", "action_post", ids=ids))


def _invoices(odoo, orders, condition):
    domain = [("line_ids.sale_line_ids.order_id", "in", orders), *condition]
    return odoo.call("account.move", "search", domain=domain)


def pay(odoo, orders):
    """Register one payment per open invoice."""
    unpaid = _invoices(
        odoo,
        orders,
        [
            ("state", "=", "posted"),
            ("payment_state", "in", ["not_paid", "partial"]),
            ("amount_total", ">", 0),
        ],
    )

    def pay_batch(ids):
        context = {"active_model": "account.move", "active_ids": ids}
        wizard = odoo.call(
            "account.payment.register", "create", vals_list=[{"group_payment": False}], context=context
        )
        odoo.call("account.payment.register", "action_create_payments", ids=wizard, context=context)

    in_batches("pay", unpaid, pay_batch)


# Report


def report(odoo, path, status, results, orders, held):  # long: one table
    """Print the table; answers the difference between workbook and invoices."""
    expected, rows = _expected(odoo, path, status, results)
    sales = odoo.call(
        "sale.order",
        "search_read",
        domain=[("id", "in", orders), ("state", "=", "sale")],
        fields=["amount_untaxed", "delivery_status"],
    )
    ordered = _sum(sales, "amount_untaxed")
    moves = _invoices(odoo, orders, [("state", "=", "posted")])
    invoices = odoo.call(
        "account.move",
        "search_read",
        domain=[("id", "in", moves)],
        fields=["amount_untaxed_signed", "payment_state"],
    )
    paid = [move for move in invoices if move["payment_state"] in ("paid", "in_payment", "reversed")]
    lines = (
        ("Rows in the workbook", status["counts"]["lines"]),
        ("Orders in the workbook", status["counts"]["orders"]),
        ("  accepted", len({order["order_id"] for order in results["orders"] if order["kind"] == "order"})),
        ("  cancellations applied", sum(order["kind"] == "cancel" for order in results["orders"])),
        *[(f"  refused: {code}", count) for code, count in _refused(results)],
        ("Rows accepted", rows),
        ("Held by the checks", len(held)),
        *[(f"  {reason}", count) for reason, count in _reasons(held)],
        ("Confirmed", len(sales)),
        ("Shipped", sum(sale["delivery_status"] in ("full", False) for sale in sales)),
        ("Invoiced", len(invoices)),
        ("Paid", len(paid)),
        ("Amount in the workbook", expected),
        ("Amount ordered", ordered),
        ("Amount invoiced", _sum(invoices, "amount_untaxed_signed")),
        ("Amount paid", _sum(paid, "amount_untaxed_signed")),
        ("Difference", expected - _sum(invoices, "amount_untaxed_signed")),
    )
    for label, value in lines:
        print(f"{label:<60}{value:>16,}" if isinstance(value, int) else f"{label:<60}{value:>16,.2f}")
    return lines[-1][1]


def _sum(records, field):
    return sum((Decimal(str(record[field])) for record in records), Decimal(0)).quantize(Decimal("0.01"))


def _refused(results):
    return sorted(Counter(row["code"] for row in results["refused"]).items())


def _reasons(held):
    return Counter(reason.splitlines()[-1][:50] for reason in held.values()).most_common(5)


def _expected(odoo, path, status, results):
    """What the accepted orders and cancellations of the workbook come to, and how many rows they have."""
    columns = odoo.call(
        "order.import.profile.column",
        "search_read",
        domain=[
            ("profile_id.name", "=", status["profile"]),
            ("field", "in", ["order_key", "quantity", "price"]),
        ],
        fields=["field", "header"],
    )
    totals = order_totals(path, {column["field"]: column["header"] for column in columns})
    chosen = [totals[order["key"]] for order in results["orders"]]
    return sum((amount for _rows, amount in chosen), Decimal(0)), sum(rows for rows, _amount in chosen)


if __name__ == "__main__":
    sys.exit(main())
