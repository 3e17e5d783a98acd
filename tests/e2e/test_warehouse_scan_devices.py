"""What pickers hold in their hands: scanners of every setting, a camera, a phone that was restarted."""

import contextlib

import numpy
import pytest
import zxingcpp
from playwright.sync_api import sync_playwright
from served import web
from test_warehouse_scan_app import APP, PHONE, Scanner, app_page, logged_in
from warehouse_world import CHAIN, World

PICKER = "scan_device_picker"
FNC1 = "\x1d"
TOO_MANY = f"010{CHAIN}10MAKER7{FNC1}240SUP-1{FNC1}91X{FNC1}379"
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@pytest.fixture
def world(server):
    return World(server)


@pytest.fixture
def wave(server, world):
    return world.wave(server.create_user(PICKER, "order_fulfilment.group_warehouse"))


def _at_first_place(page, wave):
    """The wave is open and its first place scanned."""
    scanner = Scanner(page)
    scanner.scan(wave.name)
    page.wait_for_selector(".o_scan_card")
    scanner.scan(wave.places["A"], "location_ok")
    scanner.settled()
    return scanner


def _stroke(session, key, code="", number=0, modifiers=0, text=""):
    stroke = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **stroke, "text": text})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **stroke})


ALT, CTRL = 1, 2
WAYS_TO_SEND_FNC1 = {
    "Ctrl+]": lambda page, _keys: page.keyboard.press("Control+]"),
    "itself": lambda _page, keys: _stroke(keys, FNC1, number=29, text=FNC1),
    "Ctrl and the key right of P": lambda _page, keys: _stroke(keys, "+", "BracketRight", 187, CTRL),
    "an input method": lambda page, _keys: page.keyboard.insert_text(FNC1),
    "Alt+029": lambda page, keys: (
        [_stroke(keys, digit, f"Numpad{digit}", 96 + int(digit), ALT) for digit in "029"],
        page.keyboard.insert_text(FNC1),
    ),
}


def _type(page, keys, text, send_fnc1):
    for character in text:
        if character == FNC1:
            send_fnc1(page, keys)
        elif character == "]":
            _stroke(keys, "]", "Digit9", 57, ALT | CTRL, "]")  # AltGr+9, as on German keyboards
        else:
            page.keyboard.type(character)
    page.keyboard.press("Enter")


def test_a_gs1_label_however_the_scanner_types_it(server, wave):
    with app_page(server, PICKER) as page:
        scanner = _at_first_place(page, wave)
        keys = page.context.new_cdp_session(page)
        for prefix in ("]C1", "]d2", "]Q3", ""):
            for send_fnc1 in WAYS_TO_SEND_FNC1.values():
                scanner.scan("OF-CMD-DAMAGED", "damaged")  # so that the next sentence is of the next scan
                _type(page, keys, prefix + TOO_MANY, send_fnc1)
                page.wait_for_selector(".o_scan_message[data-code='too_many']", timeout=10000)
        scanner.settled()
        assert page.query_selector_all(".o_scan_conflict") == []


def test_a_label_that_no_scanner_reads_is_typed_off(server, wave):
    with app_page(server, PICKER) as page:
        _at_first_place(page, wave)
        page.tap(".o_scan_type")
        page.wait_for_selector(".o_scan_typed")
        page.keyboard.type(CHAIN)
        page.keyboard.press("Enter")
        page.wait_for_selector(".o_scan_message[data-code='picked']")
        assert page.query_selector(".o_scan_typed") is None


def _film(path, text, kind, gs1=True, share=2):
    """A film for Chromium's fake camera, in which the symbol of ``text`` fills 1/``share`` of the height."""
    symbol = numpy.array(
        zxingcpp.create_barcode(text, kind, **({"gs1": True} if gs1 else {})).to_image(scale=1)
    )
    zoom = max(1, min(1000 // symbol.shape[1], 720 // share // symbol.shape[0]))
    symbol = numpy.kron(symbol, numpy.ones((zoom, zoom), numpy.uint8))
    frame = numpy.full((720, 1280), 255, numpy.uint8)
    top, left = (720 - symbol.shape[0]) // 2, (1280 - symbol.shape[1]) // 2
    frame[top : top + symbol.shape[0], left : left + symbol.shape[1]] = symbol
    picture = b"FRAME\n" + frame.tobytes() + bytes([128]) * (720 * 1280 // 2)
    path.write_bytes(b"YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420\n" + picture * 3)
    return f"--use-file-for-fake-video-capture={path}"


@pytest.mark.parametrize(
    ("text", "kind", "gs1", "share", "code"),
    [
        (f"(01)0{CHAIN}(10)MAKER7(37)2", zxingcpp.BarcodeFormat.Code128, True, 2, "to_bin"),
        (f"(01)0{CHAIN}(10)MAKER7(37)2", zxingcpp.BarcodeFormat.DataMatrix, True, 4, "to_bin"),
        (CHAIN, zxingcpp.BarcodeFormat.EAN13, False, 2, "picked"),
    ],
)
def test_the_camera_reads_a_label(server, wave, tmp_path, text, kind, gs1, share, code):
    """Chromium on Linux reads no barcodes itself: what comes with Odoo must, FNC1 included."""
    film = _film(tmp_path / "label.y4m", text, kind, gs1, share)
    with app_page(server, PICKER, (*FAKE_CAMERA, film)) as page:
        scanner = _at_first_place(page, wave)
        page.tap("button[aria-label=Camera]")
        page.wait_for_selector(f".o_scan_message[data-code='{code}']", timeout=20000)
        scanner.settled()
        assert page.query_selector_all(".modal, .o_scan_conflict") == []
        assert page.console_errors == []


def test_the_camera_says_what_is_missing(server, wave):
    with app_page(server, PICKER, service_workers="block") as page:
        _at_first_place(page, wave)
        page.context.set_offline(True)
        page.tap("button[aria-label=Camera]")
        page.wait_for_selector("text=The camera needs the network the first time")
        page.context.set_offline(False)
        page.tap("button[aria-label=Camera]")
        page.wait_for_selector("text=No device can be found")


def test_the_camera_works_without_network_after_the_first_visit(server, wave, tmp_path):
    film = _film(tmp_path / "label.y4m", CHAIN, zxingcpp.BarcodeFormat.EAN13, gs1=False)
    with app_page(server, PICKER, (*FAKE_CAMERA, film)) as page:
        _at_first_place(page, wave)
        page.wait_for_function(
            "async () => Boolean(await caches.match('/web/static/lib/zxing-library/zxing-library.js'))"
        )
        page.context.set_offline(True)
        page.tap("button[aria-label=Camera]")
        page.wait_for_selector(".o_scan_message[data-code='picked']", timeout=20000)


@contextlib.contextmanager
def phone(folder):
    """A browser that keeps what it has in ``folder``, as a phone does when its battery is empty."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=web.chromium_path(), args=web.FLAGS, **PHONE
        )
        yield context, context.pages[0]
        context.close()


def test_a_quarter_of_an_hour_without_network_and_a_restart_of_the_browser(server, world, wave, tmp_path):
    with phone(tmp_path) as (context, page):
        page.clock.install()
        scanner = _at_first_place(logged_in(page, server, PICKER), wave)
        context.set_offline(True)
        scanner.scan(CHAIN, "picked")
        page.clock.fast_forward("15:00")
        scanner.scan(CHAIN, "to_bin")
    with phone(tmp_path) as (context, page):
        context.set_offline(True)
        page.goto(f"{server.url}{APP}")
        page.wait_for_selector(".o_scan_card")
        assert page.inner_text(".o_scan_waiting").split()[0] == "2"
        Scanner(page).scan("OF-BIN-1", "line_done")
        context.set_offline(False)
        Scanner(page).settled()
        assert page.query_selector_all(".o_scan_conflict") == []
    assert _counted(world, wave) == [2, 0, 0]


def test_two_phones_on_one_wave_see_each_other(server, world, wave):
    other = "scan_device_helper"
    server.create_user(other, "order_fulfilment.group_warehouse")
    world.call("stock.picking.batch", "write", [wave.batch], {"user_id": False})
    with app_page(server, PICKER) as page, app_page_beside(page, server, other) as second:
        _at_first_place(page, wave)
        helper = Scanner(second)
        helper.scan(wave.name)
        second.wait_for_selector(f".o_scan_place:has-text('{wave.places['B']}')")  # sent elsewhere
        Scanner(page).scans((CHAIN, "picked"), (CHAIN, "to_bin"), ("OF-BIN-1", "line_done"))
        second.wait_for_selector("text=1 of 3 lines", timeout=15000)
        helper.scans((wave.places["B"], "location_ok"), (wave.products["lot"], "to_bin"))
        helper.scan("OF-BIN-1", "line_done")
        page.wait_for_selector("text=2 of 3 lines", timeout=15000)
        assert (
            page.query_selector_all(".o_scan_conflict") == second.query_selector_all(".o_scan_conflict") == []
        )
    assert _counted(world, wave) == [2, 1, 0]


@contextlib.contextmanager
def app_page_beside(page, server, login):
    """A second phone in the browser of ``page``, with a session of its own."""
    context = page.context.browser.new_context(**PHONE)
    yield logged_in(context.new_page(), server, login)
    context.close()


def _counted(world, wave):
    lines = world.call(
        "stock.move.line", "search_read", [("batch_id", "=", wave.batch)], ["qty_scanned"], order="id"
    )
    return [line["qty_scanned"] for line in lines]
