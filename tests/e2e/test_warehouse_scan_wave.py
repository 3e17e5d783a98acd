"""Eight people on one wave, over HTTP, on a server with workers: nobody fails and nothing is picked twice."""

import json
import threading
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from warehouse_world import World

PEOPLE = 8


class Picker:
    """A session of one user that calls the scan route as the app does."""

    def __init__(self, server, login):
        self.server, self.cookie = server, None
        body = {"params": {"db": server.db, "login": login, "password": login}}
        answer, headers = self._post("/web/session/authenticate", body)
        assert answer["result"]["uid"]
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def _post(self, path, body):
        headers = {"Content-Type": "application/json", **({"Cookie": self.cookie} if self.cookie else {})}
        request = urllib.request.Request(self.server.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer), answer.headers

    def scan(self, task, barcode, scan_id=None, action="scan"):
        scan = {"scan_id": scan_id or str(uuid.uuid4()), "task": task, "barcode": barcode, "action": action}
        return self._post("/order_fulfilment/scan", {"jsonrpc": "2.0", "params": scan})[0]


@pytest.fixture
def pickers(server):
    logins = [f"scan_wave_{number}" for number in range(PEOPLE)]
    for login in logins:
        server.create_user(login, "order_fulfilment.group_warehouse")
    return [Picker(server, login) for login in logins]


@pytest.fixture
def wave(server):
    """One transfer in a batch: 40 pieces of one product at one place, and 12 more places with 3 each."""
    world, mark = World(server), uuid.uuid4().hex[:6].upper()
    goods = []
    for number, quantity in enumerate([40] + [3] * 12):
        place = world.place(f"W{mark}-{number:02d}")
        product = world.product(f"Item {mark} {number}", f"I{mark}{number:02d}")
        world.stock_up(product, place, quantity)
        goods.append((product, quantity))
    world.call("stock.picking.type", "write", [world.operation], {"cart_bins": 0})
    return ["stock.picking.batch", world.batch([world.transfer(goods)])], mark, world


def _together(work, pickers):
    barrier = threading.Barrier(len(pickers))

    def run(picker):
        barrier.wait()
        return work(picker)

    with ThreadPoolExecutor(len(pickers)) as pool:
        return list(pool.map(run, pickers))


def _scanned(world, task):
    lines = world.call(
        "stock.move.line", "search_read", [("batch_id", "=", task[1])], ["qty_scanned", "quantity"]
    )
    return sum(line["qty_scanned"] for line in lines), sum(line["quantity"] for line in lines)


def test_eight_at_one_place_pick_what_is_wanted_and_not_one_more(pickers, wave):
    task, mark, world = wave

    def work(picker):
        answers = [picker.scan(task, f"W{mark}-00")]
        return answers + [picker.scan(task, f"I{mark}00") for _ in range(8)]  # 64 for a demand of 40

    answers = [answer for answers in _together(work, pickers) for answer in answers]
    assert [answer["error"] for answer in answers if "error" in answer] == []
    codes = [answer["result"]["message"]["code"] for answer in answers]
    assert codes.count("picked") + codes.count("line_done") == 40
    assert _scanned(world, task)[0] == 40


def test_eight_follow_their_answers_until_the_wave_is_done(pickers, wave):
    task, _mark, world = wave

    def work(picker):
        step, place, refused = picker.scan(task, "", action="open"), None, []
        while "result" in step and step["result"]["state"] == "pick" and not step["result"]["data"]["busy"]:
            data = step["result"]["data"]
            arrived, place = place == data["location_barcode"], data["location_barcode"]
            step = picker.scan(task, data["product_barcode"] if arrived else place)
            refused += [step["result"]["message"]] if step["result"]["message"]["type"] == "danger" else []
        return step.get("error"), refused

    results = _together(work, pickers)
    assert [error for error, _refused in results if error] == []
    assert [refused for _error, refused in results if refused] == []
    scanned, demand = _scanned(world, task)
    assert scanned == demand == 76


def test_one_id_sent_by_all_at_once_counts_once(pickers, wave):
    task, mark, world = wave
    picker = pickers[0]
    picker.scan(task, f"W{mark}-01")
    answers = _together(lambda _: picker.scan(task, f"I{mark}01", scan_id=f"once-{mark}"), pickers)
    assert len({json.dumps(answer["result"], sort_keys=True) for answer in answers}) == 1
    assert _scanned(world, task)[0] == 1
