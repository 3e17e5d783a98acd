"""An external id names one record: of two files that use one, the second silently replaces the first."""

from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

ADDONS = Path(__file__).resolve().parents[2] / "custom_addons"


@pytest.mark.parametrize("addon", ["order_fulfilment", "jit_delivery"])
def test_no_view_action_or_rule_is_replaced_by_another_file(addon):
    files = defaultdict(list)
    for path in sorted((ADDONS / addon).rglob("*.xml")):
        if "static" in path.parts:
            continue
        for record in ElementTree.parse(path).iter("record"):
            if record.get("model", "").startswith("ir."):
                files[record.get("id")].append(str(path.relative_to(ADDONS)))
    assert {name: found for name, found in files.items() if len(found) > 1} == {}
