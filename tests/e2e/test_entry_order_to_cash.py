"""The example client takes an order book from workbook to money, and again, and twice at once."""

import base64
import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import psutil
import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "order_to_cash.py"
HEADER = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country")


def order_book(orders=6, lines=4, first=5000):
    """Orders of goods and postage, a partly cancelled one, one without a customer, one without a price."""
    rows = [HEADER]
    for order in range(first, first + orders):
        rows += [
            (
                order,
                f"{first}{line}",
                f"Article {line}",
                order % 5 + line + 1,
                "2026-01-05",
                1.15 + line,
                f"{first}",
                "Spain",
            )
            for line in range(lines)
        ]
        rows.append((order, "POST", "POSTAGE", 1, "2026-01-05", 18, f"{first}", "Spain"))
    rows.append((f"C{first}", f"{first}0", "Article 0", -1, "2026-01-06", 1.15, f"{first}", "Spain"))
    rows.append((first + orders, f"{first}0", "Article 0", 1, "2026-01-07", 1.15, None, "Spain"))
    rows.append((first + orders + 1, f"{first}0", "Article 0", 1, "2026-01-07", 0, f"{first}", "Spain"))
    return rows


def save(rows, path=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    if path:
        path.write_bytes(stream.getvalue())
    return base64.b64encode(stream.getvalue()).decode()


def run_example(server, path, *options):
    """The table that the example prints, as {label: value}."""
    command = [
        sys.executable,
        str(EXAMPLE),
        str(path),
        "--url",
        server.url,
        "--database",
        server.db,
        "--stock",
    ]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return {line[:60].strip(): line[60:].strip() for line in done.stdout.splitlines()}


def steps(server, delivery_steps):
    warehouse = server.rpc("stock.warehouse", "search", [[]], {"limit": 1})
    server.rpc("stock.warehouse", "write", [warehouse, {"delivery_steps": delivery_steps}])


@pytest.mark.parametrize(
    ("delivery_steps", "json2"), [("ship_only", False), ("pick_ship", False), ("pick_pack_ship", True)]
)
def test_from_workbook_to_paid_invoice(fresh_server, tmp_path, delivery_steps, json2):
    server = fresh_server()
    steps(server, delivery_steps)
    path = tmp_path / "orders.xlsx"
    save(order_book(), path)
    options = ["--json2", "--api-key", server.api_key("admin")] if json2 else []
    table = run_example(server, path, *options)
    assert (
        table["accepted"]
        == table["Confirmed"]
        == table["Shipped"]
        == table["Invoiced"]
        == table["Paid"]
        == "6"
    )
    assert table["cancellations applied"] == "1"
    assert (table["refused: OF-IMP-031"], table["refused: OF-IMP-037"]) == ("1", "1")
    assert table["Amount in the workbook"] == table["Amount paid"]
    assert table["Difference"] == "0.00"

    before = counts(server)
    assert run_example(server, path, *options)["Amount paid"] == table["Amount paid"]
    assert counts(server) == before


def counts(server):
    """Records of each step, and the stock itself: Odoo joins its quants when it likes, so they are summed."""
    models = ("sale.order", "stock.picking", "stock.move", "account.move", "account.payment")
    stock = server.psql(
        "SELECT product_id, location_id, sum(quantity) FROM stock_quant"
        " GROUP BY product_id, location_id HAVING sum(quantity) <> 0 ORDER BY product_id, location_id"
    )
    return {"stock": stock} | {model: server.rpc(model, "search_count", [[]]) for model in models}


def test_two_imports_of_one_file_at_once_create_each_order_once(server):
    content = save(order_book(first=7000, orders=12))

    def send(number):
        return server.json2(
            "order.import", "import_workbook", filename=f"{number}.xlsx", content_base64=content
        )

    server.api_key("admin")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert [answer["state"] for answer in answers] == ["done"] * 4
    assert sum(answer["counts"]["accepted"] for answer in answers) == 12
    keys = [key for (key,) in server.psql("SELECT import_key FROM sale_order WHERE import_key LIKE '70%%'")]
    assert sorted(keys) == [str(key) for key in range(7000, 7012)]


def test_a_killed_job_leaves_whole_orders_and_goes_on(fresh_server):
    server = fresh_server()
    rows = order_book(first=20000, orders=300, lines=7)
    answer = server.rpc("order.import", "import_workbook", ["big.xlsx", save(rows)])
    assert answer["state"] in ("confirmed", "in_progress")
    killed = False
    deadline = time.monotonic() + 540
    while time.monotonic() < deadline:
        status = server.rpc("order.import", "import_status", [answer["id"]])
        if status["state"] == "done":
            break
        if (
            not killed
            and 0 < server.rpc("sale.order", "search_count", [[("import_id", "=", answer["id"])]]) < 300
        ):
            kill_job(server)
            killed = True
        server.wake_jobs()
        time.sleep(0.2)
    assert killed
    assert (status["state"], status["counts"]["accepted"]) == ("done", 300)
    whole = (
        "SELECT count(*) FROM (SELECT order_id FROM sale_order_line GROUP BY order_id HAVING count(*) = 8) q"
    )
    assert server.psql(whole)[0][0] == 300


def kill_job(server):
    """kill -9 the busiest process of the server: the one that imports."""
    children = psutil.Process(server.process.pid).children(recursive=True)
    before = {child.pid: processor_seconds(child) for child in children}
    time.sleep(0.5)
    busiest = max(children, key=lambda child: processor_seconds(child) - before[child.pid])
    os.kill(busiest.pid, signal.SIGKILL)


def processor_seconds(process):
    """Seconds used so far; 0 for a process that has ended."""
    try:
        return process.cpu_times().user
    except psutil.NoSuchProcess:
        return 0.0
