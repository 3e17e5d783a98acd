"""The scan app in a real browser at phone size: a wave picked, packed and loaded by key strokes alone."""

import contextlib
import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from served import web
from warehouse_world import CHAIN, LOCK, PADS, World

PICKER = "scan_app_picker"
APP = "/order_fulfilment/scan/app"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


class Scanner:
    """A keyboard-wedge scanner in front of the page, and eyes on what the page says."""

    def __init__(self, page):
        self.page = page

    def scan(self, barcode, code=None):
        """Type ``barcode`` and Enter; ``code`` names the sentence that must be shown."""
        for character in barcode:
            if character == "\x1d":
                self.page.keyboard.press("Control+]")
            else:
                self.page.keyboard.type(character)
        self.page.keyboard.press("Enter")
        if code:
            self.page.wait_for_selector(f".o_scan_message[data-code='{code}']", timeout=10000)

    def scans(self, *pairs):
        for barcode, code in pairs:
            self.scan(barcode, code)

    def settled(self):
        """All scans are answered, and the page shows the server's state."""
        self.page.wait_for_selector(".o_scan_waiting", state="detached", timeout=30000)
        self.page.wait_for_function("() => !document.querySelector('.o_scan_dot.waiting')", timeout=10000)

    def shot(self, name):
        folder = os.environ.get("E2E_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}.png")


@pytest.fixture
def world(server):
    return World(server)


@pytest.fixture
def wave(server, world):
    return world.wave(server.create_user(PICKER, "order_fulfilment.group_warehouse"))


@pytest.fixture
def scanner(server, wave):
    with app_page(server, PICKER) as page:
        yield Scanner(page)


@contextlib.contextmanager
def app_page(server, login, flags=(), **context):
    """The app in a browser of phone size, logged in through its own address; ``console_errors`` collects."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=web.chromium_path(), args=[*web.FLAGS, *flags])
        yield logged_in(browser.new_context(**PHONE, **context).new_page(), server, login)
        browser.close()


def logged_in(page, server, login):
    """``page`` with the app and its list of tasks."""
    page.console_errors = []
    page.on("console", lambda message: web._note(page, message))
    page.on("pageerror", lambda error: page.console_errors.append(str(error)))
    page.goto(f"{server.url}/web/login?redirect={APP}", timeout=120000)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_scan_task", timeout=120000)  # the first visit builds the assets
    return page


def _state(world, wave):
    [batch] = world.call("stock.picking.batch", "read", [wave.batch], ["state"])
    return batch["state"]


def _pick_first_place(scanner, wave):
    """Every refusal of picking, then what is right."""
    places = wave.places
    scanner.scans(
        (CHAIN, "location_first"),
        (places["OTHER"], "wrong_location"),
        (places["A"], "location_ok"),
        ("NO-SUCH-CODE", "unknown_barcode"),
        (PADS, "wrong_product"),
        ("]C101040063813339323005", "unreadable"),
        (f"]C1010{CHAIN}3009", "too_many"),
        ("OF-CMD-DAMAGED", "damaged"),
        ("OF-CMD-CONFIRM", "unscanned"),
        (CHAIN, "picked"),
        (CHAIN, "to_bin"),
        ("OF-BIN-2", "wrong_bin"),
        (CHAIN, "bin_first"),
        ("OF-BIN-1", "line_done"),
    )


def test_a_wave_by_scanner_alone_while_the_network_is_cut(server, world, wave, scanner):  # long: one way
    page = scanner.page
    scanner.shot("1_tasks")
    scanner.scan(wave.name)
    page.wait_for_selector(".o_scan_card")
    _pick_first_place(scanner, wave)
    scanner.shot("2_pick")
    scanner.settled()

    _go_on_without_network(scanner, wave)
    _pack(scanner)
    _load(server, world, wave, scanner)
    assert _state(world, wave) == "done"
    assert page.console_errors == []


def _go_on_without_network(scanner, wave):
    """Pick on, close the app, open it again, and have the network back."""
    page = scanner.page
    page.context.set_offline(True)
    scanner.scans((CHAIN, "to_bin"), ("OF-BIN-2", "line_done"), (wave.places["B"], "location_ok"))
    scanner.scan(f"]C1010{PADS}17200101\x1d10{wave.products['lot']}", "expired_lot")
    scanner.scan(f"010{PADS}10WRONG", "wrong_lot")
    scanner.scan(f"]C1010{PADS}10{wave.products['lot']}", "to_bin")
    scanner.shot("3_no_network")
    page.reload()
    page.wait_for_selector(".o_scan_card")
    assert page.inner_text(".o_scan_waiting").split()[0] == "6"
    scanner.scan("OF-BIN-1", "line_done")
    page.wait_for_selector(".o_scan_network.text-bg-danger")
    page.context.set_offline(False)
    scanner.settled()
    page.console_errors.clear()  # of the time without network
    assert page.query_selector_all(".o_scan_conflict") == []


def _pack(scanner):
    scanner.scans((CHAIN, "box_first"), ("CARTON-M", "box_ok"))
    scanner.settled()
    scanner.scans(
        (LOCK, None), (CHAIN, "packed"), ("CARTON-M", "close_first"), ("OF-CMD-CONFIRM", "not_packed")
    )
    scanner.scans((CHAIN, "packed"), (CHAIN, "too_many"))
    scanner.shot("4_pack")
    scanner.scans((PADS, "lot_needed"))
    scanner.settled()


def _load(server, world, wave, scanner):
    scanner.scans((wave.products["lot"], "packed_all"), ("OF-CMD-CLOSE", "box_closed"))
    scanner.settled()
    scanner.scans(("OF-BOX", "box_ok"))
    scanner.settled()
    scanner.scans((CHAIN, "packed_all"), ("OF-CMD-CLOSE", "box_closed"))
    scanner.settled()
    lines = world.call(
        "stock.move.line", "search_read", [("batch_id", "=", wave.batch)], ["result_package_id"]
    )
    first, second = sorted({line["result_package_id"][1] for line in lines})
    scanner.page.wait_for_selector("text=Load at")
    scanner.scans((first, "dock_first"), (wave.places["A"], "wrong_dock"), (wave.places["DOCK"], "dock_ok"))
    scanner.scans(
        (CHAIN, "scan_label"), (first, "loaded"), (first, "already_loaded"), ("OF-CMD-CONFIRM", "not_loaded")
    )
    scanner.shot("5_load")
    scanner.scans((second, "all_loaded"), (CHAIN, "confirm_first"))
    scanner.settled()
    scanner.scan("OF-CMD-CONFIRM", "confirmed")
    scanner.settled()
    scanner.shot("6_done")


def test_a_session_that_ends_loses_nothing(server, world, wave, scanner):
    page = scanner.page
    scanner.scan(wave.name)
    page.wait_for_selector(".o_scan_card")
    scanner.scan(wave.places["A"], "location_ok")
    scanner.settled()
    page.context.clear_cookies()
    scanner.scan(CHAIN, "picked")
    page.wait_for_selector(".o_scan_login")
    scanner.shot("7_log_in")
    page.click(".o_scan_login")
    page.fill("input[name=login]", PICKER)
    page.fill("input[name=password]", PICKER)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_scan_card")
    scanner.settled()
    assert _counted(world, wave) == 1


def test_what_a_colleague_was_faster_with_stays_on_the_screen(server, world, wave, scanner):
    page = scanner.page
    scanner.scan(wave.name)
    page.wait_for_selector(".o_scan_card")
    scanner.scan(wave.places["A"], "location_ok")
    scanner.settled()
    page.context.set_offline(True)
    scanner.scan(CHAIN, "picked")
    task = ["stock.picking.batch", wave.batch]
    for number, barcode in enumerate((wave.places["A"], CHAIN, CHAIN, "OF-BIN-1", CHAIN, "OF-BIN-2")):
        world.call("warehouse.scan", "scan", f"colleague-{wave.batch}-{number}", task, barcode)
    page.context.set_offline(False)
    page.wait_for_selector(".o_scan_conflict")
    scanner.shot("8_conflict")
    assert CHAIN in page.inner_text(".o_scan_conflict")
    page.reload()
    page.wait_for_selector(".o_scan_conflict")
    page.click(".o_scan_conflict button")
    page.wait_for_selector(".o_scan_conflict", state="detached")
    assert _counted(world, wave) == 3


REFUSE_DATABASE = """
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name, ...rest) => {
        if (name.startsWith("order_fulfilment")) {
            throw new Error("no database on this device");
        }
        return open(name, ...rest);
    };
"""


def test_without_a_database_scans_survive_in_local_storage(server, world, wave, scanner):
    page = scanner.page
    page.add_init_script(REFUSE_DATABASE)
    page.reload()
    page.wait_for_selector(".o_scan_task")
    scanner.scan(wave.name)
    page.wait_for_selector(".o_scan_card")
    page.context.set_offline(True)
    scanner.scans((wave.places["A"], "location_ok"), (CHAIN, "picked"))
    kept = page.evaluate("() => Object.entries(localStorage).filter(([key]) => key.endsWith('_scans'))")
    assert [len(json.loads(scans)) for _key, scans in kept] == [2]
    page.context.set_offline(False)
    scanner.settled()
    assert _counted(world, wave) == 1


def _counted(world, wave):
    lines = world.call("stock.move.line", "search_read", [("batch_id", "=", wave.batch)], ["qty_scanned"])
    return sum(line["qty_scanned"] for line in lines)
