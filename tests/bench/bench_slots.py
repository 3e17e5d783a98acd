"""200 parallel bookings over RPC for 50 places, then by weight, then while workers are killed.

A booking is one call, ``hold`` with ``is_confirmed``, on ``delivery.slot`` over XML-RPC, against Odoo in
prefork mode. ``booked`` and ``refused_wrongly`` are of the first round; the others follow by name.
"""

import os
import random
import signal
import statistics
import threading
import time
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import psutil
import support

CLIENTS, PLACES = 200, 50
WORKERS = 4
KILLS = 6
SETUP = """
from datetime import timedelta
from odoo import fields
warehouse = env["stock.warehouse"].search([], limit=1)
start = fields.Datetime.now() + timedelta(days=2)
result = []
for drops, kg in slots:
    slot = env["delivery.slot"].create({"warehouse_id": warehouse.id, "start": start,
        "stop": start + timedelta(hours=2), "capacity_drops": drops, "capacity_kg": kg})
    result.append(slot.id)
env.cr.commit()
"""
AUDIT = """
from odoo.addons.jit_delivery.tools.slot_load import DIMENSIONS
if expire:
    env.cr.execute("UPDATE delivery_slot_hold SET expires_at = '2020-01-01' WHERE state = 'held'")
    env.cr.commit()
    env["delivery.slot.hold"]._sweep()
slot = env["delivery.slot"].browse(slot_id)
live = slot.hold_ids.filtered(lambda hold: hold.state in ("held", "confirmed"))
result = {"confirmed": live.filtered(lambda hold: hold.state == "confirmed").mapped("key"),
    "held": len(live.filtered(lambda hold: hold.state == "held")),
    "claimed": [slot["claimed_" + name] for name in DIMENSIONS],
    "live": [round(sum(live.mapped(name)), 3) for name in DIMENSIONS]}
"""


class Client:
    """One caller with its own connection."""

    def __init__(self, server, uid):
        self.server, self.uid = server, uid
        self.proxy = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")

    def call(self, method, *args):
        return self.proxy.execute_kw(
            self.server.database, self.uid, self.server.password, "delivery.slot", method, list(args)
        )

    def retry(self, method, *args):
        """Call until an answer comes: as an integrator does whose connection is cut."""
        for _attempt in range(60):
            try:
                return self.call(method, *args)
            except xmlrpc.client.Fault:
                raise
            except Exception:  # a connection that was cut, in any of its forms
                self.proxy = xmlrpc.client.ServerProxy(f"{self.server.url}/xmlrpc/2/object")
                time.sleep(0.3)
        raise TimeoutError(method)


def login(server):
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    return common.authenticate(server.database, server.login, server.password, {})


def book(client, slot_id, number, load, barrier):
    """One client's booking: (key, verdict, seconds), verdict "booked", "full" or the error."""
    key = f"bench-{slot_id}-{number}"
    barrier.wait()
    began = time.perf_counter()
    try:
        client.retry("hold", slot_id, key, load, 15, "", True)
        verdict = "booked"
    except xmlrpc.client.Fault as fault:
        verdict = "full" if "JD-SLT-028" in fault.faultString else fault.faultString.splitlines()[-1]
    return key, verdict, time.perf_counter() - began


def run_round(server, uid, slot_id, load_of, disturb=None):
    """All clients at once; answers their results."""
    barrier = threading.Barrier(CLIENTS)
    clients = [Client(server, uid) for _ in range(CLIENTS)]
    killer = threading.Thread(target=disturb) if disturb else None
    with ThreadPoolExecutor(CLIENTS) as pool:
        futures = [
            pool.submit(book, client, slot_id, number, load_of(number), barrier)
            for number, client in enumerate(clients)
        ]
        if killer:
            killer.start()
        results = [future.result() for future in futures]
    if killer:
        killer.join()
    return results


def kill_workers(server):
    """End one worker after the other, as the out-of-memory killer would."""
    for _ in range(KILLS):
        time.sleep(0.25)
        workers = [p for p in psutil.Process(server.pid).children() if "gevent" not in " ".join(p.cmdline())]
        if workers:
            os.kill(random.choice(workers).pid, signal.SIGKILL)


def audit(here, name, slot_id, expire=False):
    return support.odoo_shell(here, name, AUDIT, slot_id=slot_id, expire=expire)


def wrongly(results, room_left):
    """Refusals although there was room, and every error that is no answer."""
    errors = [verdict for _, verdict, _ in results if verdict not in ("booked", "full")]
    for error in set(errors):
        support.progress(f"unexpected: {error}")
    return len(errors) + (min(room_left, sum(v == "full" for _, v, _ in results)) if room_left > 0 else 0)


def figures_of(results, places):
    booked = sum(verdict == "booked" for _, verdict, _ in results)
    times = sorted(1000 * seconds for *_, seconds in results)
    return {
        "booked": booked,
        "refused_wrongly": wrongly(results, places - booked),
        "p50_ms": round(statistics.median(times)),
        "p95_ms": round(times[int(0.95 * len(times)) - 1]),
    }


def lost_or_left(results, state):
    """Bookings a client was told of but are not there, claims of nobody, and counters that do not add up."""
    told = {key for key, verdict, _ in results if verdict == "booked"}
    return len(told - set(state["confirmed"])) + state["held"] + (state["claimed"] != state["live"])


def main():
    support.arguments(__doc__)
    figures = {}
    with support.prepared_database("jit_bench_slots") as (here, name):
        slots = support.odoo_shell(here, name, SETUP, slots=[[PLACES, 0], [1000, 1000], [PLACES, 0]])
        with support.Server(here, name, workers=WORKERS) as server:
            uid = login(server)
            for _ in range(40):  # every worker has loaded and knows the password
                Client(server, uid).call("search_count", [])
            support.progress("round 1: places")
            figures = figures_of(run_round(server, uid, slots[0], lambda n: {}), PLACES)
            support.progress("round 2: kilograms, 20 kg each of 1,000 kg")
            heavy = figures_of(run_round(server, uid, slots[1], lambda n: {"kg": 20}), 50)
            support.progress("round 3: workers are killed")
            results = run_round(server, uid, slots[2], lambda n: {}, lambda: kill_workers(server))
            killed = figures_of(results, PLACES)
        state = audit(here, name, slots[2], expire=True)
        figures |= {"kg_" + key: heavy[key] for key in ("booked", "refused_wrongly")}
        figures |= {"kill_" + key: killed[key] for key in ("booked", "refused_wrongly")}
        figures["kill_lost_or_left"] = lost_or_left(results, state)
    support.finish(figures)


if __name__ == "__main__":
    main()
