"""The order import against Odoo's own: the same accepted lines, in one run, each in a process of its own.

``ratio_to_core`` is Odoo's seconds over ours. Ours reads the workbook, checks every row, creates customers,
products and orders, applies cancellations and writes the annotated workbook, as the job does. Odoo's ``load``
gets the accepted lines ready made, as the workbook names them (customer reference, product code), on the same
database: the customers and products are there already, and nothing is checked, cancelled or written back.
``peak_mib`` is the larger of the importing process and its reading process.
"""

import os
import tempfile
from pathlib import Path

import support

IMPORT = """
import base64, os, resource, time
content = base64.b64encode(open(path, "rb").read()).decode()
admin = env.ref("base.user_admin")
imports = env["order.import"].with_user(admin)
env["ir.config_parameter"].set_param("order_fulfilment.import_direct_bytes", "0")
started = time.perf_counter()
answer = imports.import_workbook(os.path.basename(path), content)
env.cr.commit()
env["order.import"]._cron_run()
seconds = time.perf_counter() - started
status = imports.import_status(answer["id"])
peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
result = {"id": answer["id"], "seconds": seconds, "peak": max(peaks), **status["counts"]}
result.update(state=status["state"], failure=status["failure"])
env.cr.commit()
"""

CORE = """
import time
fields = ["partner_id", "date_order", "client_order_ref", "order_line/product_id", "order_line/name",
          "order_line/product_uom_qty", "order_line/price_unit"]
domain = [("import_id", "=", run_id), ("sale_line_id", "!=", False), ("is_cancellation", "=", False)]
lines = env["order.import.line"].search(domain, order="id")
rows, last = [], None
for line in lines:
    order = line.order_id
    head = [line.customer_ref, str(line.date), order.key] if order != last else ["", "", ""]
    last = order
    rows.append([*head, line.product_code, line.description, line.quantity, line.price])
env.cr.commit()
env.invalidate_all()
sales = env(user=env.ref("base.user_admin"))["sale.order"]
started = time.perf_counter()
answer = sales.with_context(tracking_disable=True).load(fields, rows)
env.cr.commit()
seconds = time.perf_counter() - started
result = {"seconds": seconds, "lines": len(rows), "orders": len(answer["ids"] or [])}
result["messages"] = answer["messages"][:3]
"""


def main():
    options = support.arguments("Order import")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.abspath(options.data) if options.data else small_workbook(Path(folder) / "orders.xlsx")
        with support.prepared_database("bench_import") as (site, database):
            figures = measure(site, database, path)
    support.finish(figures)


def measure(site, database, path):
    support.progress("importing with order.import ...")
    ours = support.odoo_shell(site, database, IMPORT, path=path)
    support.progress(f"{ours}")
    if ours["state"] != "done":
        raise support.DevError(f"The import ended as {ours['state']}: {ours['failure']}")
    support.progress("importing the accepted lines with Odoo's load ...")
    core = support.odoo_shell(site, database, CORE, run_id=ours["id"])
    support.progress(f"{core}")
    if core["messages"] or core["orders"] != ours["sale_order"]:
        raise support.DevError(f"Odoo's own import failed: {core}")
    return {
        "lines": ours["lines"],
        "orders": ours["sale_order"],
        "refused": ours["refused"],
        "seconds": round(ours["seconds"], 2),
        "lines_per_second": round(ours["lines"] / ours["seconds"], 1),
        "peak_mib": round(ours["peak"], 1),
        "ratio_to_core": round(core["seconds"] / ours["seconds"], 2),
    }


def small_workbook(path, orders=200, lines=10):
    """A workbook of our own in the layout of a wholesaler's invoice book."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Orders")
    sheet.append(
        ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]
    )
    for order in range(orders):
        for line in range(lines):
            code = (order * lines + line) % 500
            day = f"2026-01-{order % 28 + 1:02}"
            sheet.append(
                [
                    10000 + order,
                    20000 + code,
                    f"Article {code}",
                    line + 1,
                    day,
                    1 + code / 100,
                    order % 40,
                    "",
                ]
            )
    book.save(path)
    return str(path)


if __name__ == "__main__":
    main()
