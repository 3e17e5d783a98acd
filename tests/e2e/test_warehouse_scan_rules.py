"""The device judges as the server does: both sets of rules on the same random tasks and scans."""

import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from test_warehouse_scan_app import app_page
from warehouse_world import World

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "order_fulfilment"))

import tool_packages

tool_packages.mount()

from of_tools.gs1 import Gs1Error, parse, scanned  # noqa: E402  (mounted above)
from of_tools.warehouse.scan_rules import judge  # noqa: E402  (mounted above)
from scan_random import element_string, read, view  # noqa: E402

PICKER = "scan_rules_picker"
CASES = 4000
JUDGE = """cases => {
    const folder = "@order_fulfilment/warehouse/scan_app/";
    const { judge } = odoo.loader.modules.get(folder + "scan_rules");
    const { ScanView } = odoo.loader.modules.get(folder + "scan_view");
    return cases.map(([view, read]) => {
        try {
            const { code, words, session, change } = judge(new ScanView(view), read);
            return { code, words, session, change: change || null };
        } catch (error) {
            return { code: String(error.stack) };
        }
    });
}"""

PARSE = """barcodes => {
    const { parseElements, scanned } = odoo.loader.modules.get("@order_fulfilment/warehouse/scan_app/gs1");
    return barcodes.map((barcode) => parseElements(scanned(barcode)) !== null);
}"""


@pytest.fixture
def page(server):
    World(server).wave(server.create_user(PICKER, "order_fulfilment.group_warehouse"))
    with app_page(server, PICKER) as page:
        yield page


def _plain(value):
    """As JSON has it, without what JavaScript counts as nothing."""
    return json.loads(
        json.dumps(value, default=lambda item: sorted(item) if isinstance(item, frozenset) else str(item))
    )


def _expected(task, scan):
    verdict = judge(task, scan)
    code = "short_noted" if verdict.code == "short_ok" else verdict.code  # where to go the server finds out
    change = list(verdict.change) if verdict.change else None
    words = {name: vars(word) if hasattr(word, "kind") else word for name, word in verdict.words.items()}
    if code == "box_closed":
        words = {"box": {"kind": "box", "id": verdict.change[2]}}
    return _plain({"code": code, "words": words, "session": asdict(verdict.session), "change": change})


def test_device_and_server_judge_alike(page):
    dice = random.Random(20260701)
    pairs = [(view(dice), read(dice)) for _ in range(CASES)]
    found = page.evaluate(JUDGE, [[_plain(asdict(task)), _plain(asdict(scan))] for task, scan in pairs])
    different = []
    for (task, scan), device in zip(pairs, found, strict=True):
        server = _expected(task, scan)
        if device != server:
            different.append(f"{task.phase} {scan}\n  server {server}\n  device {device}")
    assert not different, f"{len(different)} of {CASES}:\n" + "\n".join(different[:5])


def _is_sound(barcode):
    try:
        return bool(parse(scanned(barcode)))
    except Gs1Error:
        return False


def test_device_and_server_take_the_same_element_strings(page):
    dice = random.Random(20260702)
    barcodes = [element_string(dice) for _ in range(CASES)]
    found = page.evaluate(PARSE, barcodes)
    sound = [_is_sound(barcode) for barcode in barcodes]
    assert CASES / 5 < sum(sound) < 4 * CASES / 5
    assert [barcodes[i] for i in range(CASES) if found[i] != sound[i]] == []
