"""A large order book is created by two jobs at once, and one of them is killed: all is there exactly once."""

import base64
import contextlib
import io
import random

import openpyxl
from served import database
from served.load import kill_at_work
from test_nets_faults import _query, _wait_for_orders, _wait_until_done

HEADER = ("Order", "SKU", "Qty", "Price", "Customer")
FIELDS = ("order_key", "product_code", "quantity", "price", "customer_ref")
FIRST, SECOND, SHARED = 300, 150, 50


def _book() -> tuple[str, dict[str, float]]:
    """Two sheets whose last and first numbers are the same, with other content; and what is to come of it."""
    rng = random.Random(7)
    book, amounts = openpyxl.Workbook(), {}
    for title, start, count in (("January", 0, FIRST), ("February", FIRST - SHARED, SECOND)):
        sheet = book.create_sheet(title)
        sheet.append(HEADER)
        for number in range(start, start + count):
            rows = [(rng.randrange(200), rng.randint(1, 9), rng.randint(1, 900) / 10) for _line in range(4)]
            amount = sum(quantity * price for _code, quantity, price in rows)
            amounts.setdefault(f"B{number}", round(amount, 2))
            for code, quantity, price in rows:
                sheet.append((f"B{number}", f"P-{code}", quantity, price, f"K-{number % 40}"))
    book.remove(book["Sheet"])
    stream = io.BytesIO()
    book.save(stream)
    return base64.b64encode(stream.getvalue()).decode(), amounts


def _open(server) -> None:
    columns = [(0, 0, {"field": field, "header": text}) for field, text in zip(FIELDS, HEADER, strict=True)]
    profile = {"name": "Book", "source": "book", "column_ids": columns}
    create = {"unknown_customer": "create", "unknown_product": "create"}
    server.rpc("order.import.profile", "create", [{**profile, **create}])
    for key, value in (("import_direct_bytes", "0"), ("import_jobs", "2")):
        server.rpc("ir.config_parameter", "create", [{"key": f"order_fulfilment.{key}", "value": value}])


def test_two_jobs_share_a_book_and_one_is_killed(fresh_server):
    server = fresh_server(workers=2)
    _open(server)
    content, amounts = _book()
    before = server.psql("SELECT count(*) FROM sale_order")[0][0]
    arguments = {"filename": "book.xlsx", "content_base64": content, "profile": "Book"}
    run = server.json2("order.import", "import_workbook", **arguments)
    with contextlib.closing(database.connect(server.db)) as link:
        _wait_for_orders(server, before + FIRST // 4)
        kill_at_work(server, _query(link), "cron")
    counts = _wait_until_done(server, run["id"])["counts"]
    assert (counts["accepted"], counts["refused"]) == (FIRST + SECOND - SHARED, SHARED)
    made = "SELECT import_key, amount_untaxed::float FROM sale_order WHERE import_source = 'book'"
    assert sorted(server.psql(made)) == sorted(amounts.items())
    _assert_nothing_twice(server)
    helped = "SELECT lastcall IS NOT NULL FROM ir_cron JOIN ir_model_data d ON d.res_id = ir_cron.id"
    assert server.psql(f"{helped} WHERE d.name = 'ir_cron_order_import_helper'") == [(True,)]


def _assert_nothing_twice(server) -> None:
    codes = "SELECT count(*), count(DISTINCT default_code) FROM product_product WHERE default_code ~ '^P-'"
    [(products, distinct)] = server.psql(codes)
    assert products == distinct > 150
    refs = "SELECT count(*), count(DISTINCT ref) FROM res_partner WHERE ref ~ '^K-'"
    assert server.psql(refs) == [(40, 40)]
