"""The order import against Odoo's own: the same accepted lines, in one run, each in a process of its own.

``ratio_to_core`` is Odoo's seconds over ours. Ours reads the workbook, checks every row, creates customers,
products and orders, applies cancellations and writes the annotated workbook, as the job does. Odoo's import
wizard (``base_import``) gets a workbook of the accepted lines only, ready made and with its columns mapped,
on the same database: the customers and products are there already, and nothing is checked, cancelled or
written back. ``load_seconds`` on the way is the part of it after the reading.
``peak_mib`` is the largest of the importing processes and their reading process.

Ours runs as on a server with worker processes, whose two cron processes share a large run: the job and its
helper, a process each. ``IMPORT_JOBS=1`` measures a server that has threads only.
"""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import support

JOBS = os.environ.get("IMPORT_JOBS", "2")

IMPORT = """
import base64, os, resource, time
content = base64.b64encode(open(path, "rb").read()).decode()
admin = env.ref("base.user_admin")
imports = env["order.import"].with_user(admin)
parameters = env["ir.config_parameter"]
parameters.set_param("order_fulfilment.import_direct_bytes", "0")
parameters.set_param("order_fulfilment.import_jobs", jobs)
env.cr.commit()
while jobs == "2" and not env["ir.config_parameter"].search_count([("key", "=", "bench.helper")]):
    env.cr.commit()
    time.sleep(0.1)
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

HELP = """
import resource, time
parameters = env["ir.config_parameter"]
parameters.set_param("bench.helper", "ready")
env.cr.commit()
while not env["order.import"].search_count([("state", "in", ("done", "failed"))]):
    env["order.import"]._cron_help()
    env.cr.commit()
    time.sleep(0.05)
result = {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
env.cr.commit()
"""

CORE = """
import io, openpyxl, time
from odoo.addons.base_import.models.base_import import MIMETYPE_TO_READER
fields = ["partner_id", "date_order", "client_order_ref", "order_line/product_id", "order_line/name",
          "order_line/product_uom_qty", "order_line/price_unit"]
domain = [("import_id", "=", run_id), ("sale_line_id", "!=", False), ("is_cancellation", "=", False)]
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet()
sheet.append(fields)
last = None
for line in env["order.import.line"].search(domain, order="id"):
    order = line.order_id
    head = [line.customer_ref, str(line.date), order.key] if order != last else ["", "", ""]
    last = order
    sheet.append([*head, line.product_code, line.description, line.quantity, line.price])
stream = io.BytesIO()
book.save(stream)
kind = next(mime for mime, reader in MIMETYPE_TO_READER.items() if reader == "xlsx")
vals = {"res_model": "sale.order", "file": stream.getvalue(), "file_type": kind, "file_name": "orders.xlsx"}
wizards = env(user=env.ref("base.user_admin"))["base_import.import"].with_context(tracking_disable=True)
wizard = wizards.create(vals)
sales = type(env["sale.order"])
loading, load = [], sales.load
def timed_load(self, fields, data):
    started = time.perf_counter()
    answer = load(self, fields, data)
    loading.append((time.perf_counter() - started, len(data)))
    return answer
sales.load = timed_load
options = {"has_headers": True, "date_format": "%Y-%m-%d", "datetime_format": "%Y-%m-%d %H:%M:%S",
           "float_thousand_separator": ",", "float_decimal_separator": "."}
env.cr.commit()
env.invalidate_all()
started = time.perf_counter()
answer = wizard.execute_import(fields, fields, options)
env.cr.commit()
seconds = time.perf_counter() - started
result = {"seconds": seconds, "orders": len(answer["ids"] or []), "messages": answer["messages"][:3]}
result.update(load_seconds=loading[0][0], lines=loading[0][1])
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
    with ThreadPoolExecutor() as lanes:
        helper = lanes.submit(support.odoo_shell, site, database, HELP) if JOBS == "2" else None
        ours = support.odoo_shell(site, database, IMPORT, path=path, jobs=JOBS)
        peak = max(ours["peak"], helper.result()["peak"] if helper else 0)
    support.progress(f"{ours}")
    if ours["state"] != "done":
        raise support.DevError(f"The import ended as {ours['state']}: {ours['failure']}")
    support.progress("importing the accepted lines with Odoo's import wizard ...")
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
        "peak_mib": round(peak, 1),
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
