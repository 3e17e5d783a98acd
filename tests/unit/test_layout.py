from pathlib import Path

import pytest
import tool_packages

TOOLS = [
    path
    for addon in tool_packages.PACKAGES.values()
    for path in (tool_packages.ROOT / "custom_addons" / addon / "tools").rglob("*.py")
]


@pytest.mark.parametrize("path", TOOLS, ids=lambda path: str(path.relative_to(tool_packages.ROOT)))
def test_tools_do_not_import_odoo(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    offending = [line for line in lines if line.lstrip().startswith(("import odoo", "from odoo"))]
    assert offending == []
