"""Scans at 20 a second from ten devices over a bad network, at 1 and at 500 lines, and 8 people on one wave.

DATA may be a JSON file ``{"scans": 10000, "rate": 20, "wave": 1000}``.

A device sends in order, as the app does: the same scan with the same id until it has an answer. 30 % of the
requests are lost, half of them before they reach the server, half after it has worked; 5 % of the scans are
sent once more later, out of order. ``p50_ms``, ``p95_ms`` are the round trips of the requests that arrived;
``lost`` and ``double`` compare what the move lines have counted with what was scanned. The wave's figures go
to stderr.
"""

import argparse
import itertools
import json
import random
import statistics
import threading
import time
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor

import support

DEVICES = 10
PICKERS = 8
LOST, REPEATED = 0.30, 0.05
WORKERS = 4

SETUP = """
env.company.write({"gs1_company_prefix": False})
group = env.ref("order_fulfilment.group_warehouse")
users = env["res.users"].with_context(no_reset_password=True).create([
    {"name": login, "login": login, "password": login, "group_ids": [(6, 0, group.ids)]} for login in logins
])
warehouse = env["stock.warehouse"].search([], limit=1)
operation = warehouse.out_type_id
operation.write({"scan_load": False, "scan_pack": False})
stock, customers = warehouse.lot_stock_id, env.ref("stock.stock_location_customers")


def wave(name, line_count, quantity):
    products = env["product.product"].create([
        {"name": f"{name} {n}", "barcode": f"{name}{n:05d}", "is_storable": True} for n in range(line_count)
    ])
    places = env["stock.location"].create([
        {"name": f"{name}-{n:03d}", "barcode": f"{name}-{n:03d}", "usage": "internal",
         "location_id": stock.id} for n in range(line_count)
    ])
    moves = []
    for product, place in zip(products, places):
        env["stock.quant"]._update_available_quantity(product, place, quantity)
        moves.append((0, 0, {"product_id": product.id, "product_uom_qty": quantity,
            "location_id": stock.id, "location_dest_id": customers.id}))
    pickings = env["stock.picking"].create([
        {"picking_type_id": operation.id, "location_id": stock.id, "location_dest_id": customers.id,
         "move_ids": part}
        for part in (moves[: len(moves) // 2], moves[len(moves) // 2 :]) if part
    ])
    pickings.action_confirm()
    pickings.action_assign()
    batch = env["stock.picking.batch"].create(
        {"picking_type_id": operation.id, "picking_ids": [(6, 0, pickings.ids)]})
    batch.action_confirm()
    lines = pickings.move_line_ids
    return {"task": ["stock.picking.batch", batch.id],
        "lines": [[line.location_id.barcode, line.product_id.barcode, line.quantity] for line in lines]}


result = [wave(*one) for one in waves]
env.cr.commit()
"""

QUERIES = """
import uuid
scans_ = env(user=env.ref("base.user_admin").id)["warehouse.scan"]
result = []
for task, place, product in [*scans, *scans]:  # the second round counts: caches are warm then
    for barcode in (place, product):
        env.flush_all()
        env.invalidate_all()
        before = env.cr.sql_log_count
        scans_._take(str(uuid.uuid4()), *task, barcode)
        env.flush_all()
        count = env.cr.sql_log_count - before
    result.append(count)
result = result[len(scans):]
env.cr.rollback()
"""

COUNTED = """
batches = env["stock.picking.batch"].browse(ids)
lines = batches.picking_ids.move_line_ids
result = {"scanned": {line.product_id.barcode: line.qty_scanned for line in lines},
    "demand": {line.product_id.barcode: line.quantity for line in lines},
    "picked": sum(line.quantity for line in lines if line.picked),
    "events": env["warehouse.scan"].search_count([("task_id", "in", ids)])}
"""


class LostError(Exception):
    """The request or its answer did not arrive."""


class Device:
    """A phone of one picker, with a session of its own, that calls the scan route."""

    def __init__(self, server, login, dice=None):
        self.server, self.dice, self.cookie = server, dice, None
        self.times, self.errors = [], []
        self.cookie = self._log_in(login)

    def _log_in(self, login):
        body = {"params": {"db": self.server.database, "login": login, "password": login}}
        answer, headers = self._post("/web/session/authenticate", body)
        assert answer["result"]["uid"], login
        return headers["Set-Cookie"].split(";")[0]

    def _post(self, path, body):
        headers = {"Content-Type": "application/json", **({"Cookie": self.cookie} if self.cookie else {})}
        request = urllib.request.Request(self.server.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer), answer.headers

    def call(self, **scan):
        """One request; timed. A lost one raises, before or after the server has worked."""
        fate = self.dice.random() if self.dice else 1
        if fate < LOST / 2:
            raise LostError
        began = time.perf_counter()
        answer, _headers = self._post("/order_fulfilment/scan", {"jsonrpc": "2.0", "params": scan})
        self.times.append(1000 * (time.perf_counter() - began))
        if fate < LOST:
            raise LostError
        if "error" in answer:
            self.errors.append(answer["error"]["data"]["message"])
            return None
        return answer["result"]

    def until_answered(self, **scan):
        while True:
            try:
                return self.call(**scan)
            except (LostError, urllib.error.URLError, TimeoutError):
                continue


def scans_of(wave):
    """Every scan of a wave: a place, then each piece."""
    for place, product, quantity in wave["lines"]:
        yield place
        yield from itertools.repeat(product, int(quantity))


def work_off(device, wave, pace):
    """Send the wave's scans in order at ``pace`` seconds; now and then one of before once more."""
    sent, due = [], time.perf_counter()
    for barcode in scans_of(wave):
        due += pace
        time.sleep(max(0.0, due - time.perf_counter()))
        scan = {"scan_id": str(uuid.uuid4()), "task": wave["task"], "barcode": barcode}
        device.until_answered(**scan)
        sent.append(scan)
        if device.dice.random() < REPEATED:
            device.until_answered(**device.dice.choice(sent[-30:]))
    return len(sent)


def pick_together(device, task, barrier):
    """Follow the answers, as a person does, until nothing is left or only colleagues are at work."""
    barrier.wait()
    step = device.call(task=task, action="open", scan_id=str(uuid.uuid4()))
    place, refused, scans = None, 0, 0
    while step and step["state"] == "pick" and not step["data"]["busy"]:
        data = step["data"]
        arrived = place == data["location_barcode"]
        place = data["location_barcode"]
        barcode = data["product_barcode"] if arrived else place
        step = device.call(task=task, scan_id=str(uuid.uuid4()), barcode=barcode)
        scans += 1
        refused += bool(step) and step["message"]["type"] == "danger"
    return scans, refused


def load_round(server, waves, rate):
    devices = [Device(server, f"bench{n}", random.Random(n)) for n in range(DEVICES)]
    with ThreadPoolExecutor(DEVICES) as pool:
        list(pool.map(work_off, devices, waves, itertools.repeat(DEVICES / rate)))
    return devices


def wave_round(server, wave):
    devices = [Device(server, f"bench{n}") for n in range(PICKERS)]
    barrier = threading.Barrier(PICKERS)
    with ThreadPoolExecutor(PICKERS) as pool:
        results = list(
            pool.map(pick_together, devices, itertools.repeat(wave["task"]), itertools.repeat(barrier))
        )
    return devices, results


def compare(counted, waves):
    """``(lost, double)`` pieces."""
    wanted = {product: quantity for wave in waves for _place, product, quantity in wave["lines"]}
    lost = sum(max(0, quantity - counted["scanned"][product]) for product, quantity in wanted.items())
    double = sum(max(0, counted["scanned"][product] - quantity) for product, quantity in wanted.items())
    return int(lost), int(double)


def percentile(times, share):
    return round(sorted(times)[int(share * len(times)) - 1], 1)


def waves_of(options):
    """What to make: a wave per device, the common wave, a batch of one line and one of 500."""
    per_device = max(2, options.scans // DEVICES)
    lines = max(1, per_device // 10)
    waves = [[f"D{n}", lines, per_device // lines - 1] for n in range(DEVICES)]
    return [*waves, ["W", options.wave // 8, 8], ["ONE", 1, 10], ["MANY", 500, 10]]


def report_wave(devices, pickers, results, together):
    errors = [error for device in [*devices, *pickers] for error in device.errors]
    for error in set(errors):
        support.progress(f"error: {error}")
    support.progress(
        f"wave: {sum(s for s, _r in results)} scans, {sum(r for _s, r in results)} refused, "
        f"picked {together['picked']:g} of {sum(together['demand'].values()):g}, errors {len(errors)}, "
        f"p95 {percentile([t for d in pickers for t in d.times], 0.95)} ms with all at once"
    )


def main():
    wanted = support.settings(support.arguments(__doc__).data, {"scans": 10000, "rate": 20, "wave": 1000})
    options = argparse.Namespace(**wanted)
    with support.prepared_database("bench_scan") as (here, name):
        logins = [f"bench{n}" for n in range(DEVICES)]
        made = support.odoo_shell(here, name, SETUP, logins=logins, waves=waves_of(options))
        load, wave, one, many = made[:DEVICES], made[DEVICES], made[-2], made[-1]
        pairs = [[each["task"], *each["lines"][0][:2]] for each in (one, many)]
        queries = support.odoo_shell(here, name, QUERIES, scans=pairs)
        with support.Server(here, name, workers=WORKERS) as server:
            support.progress("scans over a bad network")
            devices = load_round(server, load, options.rate)
            support.progress(f"{PICKERS} people on one wave")
            pickers, results = wave_round(server, wave)
        counted = support.odoo_shell(here, name, COUNTED, ids=[each["task"][1] for each in load])
        together = support.odoo_shell(here, name, COUNTED, ids=[wave["task"][1]])
    report_wave(devices, pickers, results, together)
    times = [taken for device in devices for taken in device.times]
    lost, double = compare(counted, load)
    support.finish(
        {
            "p50_ms": round(statistics.median(times), 1),
            "p95_ms": percentile(times, 0.95),
            "queries_1_line": queries[0],
            "queries_500_lines": queries[1],
            "lost": lost,
            "double": double,
        }
    )


if __name__ == "__main__":
    main()
