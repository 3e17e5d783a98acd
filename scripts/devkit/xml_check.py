"""Run inside Odoo's Python: XML is well-formed, data files follow Odoo's schema, views that of their type.

Prints one line per fault and exits with 1 if there is any.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

import odoo

ADDONS = Path(__file__).resolve().parents[2] / "custom_addons"
ODOO = Path(odoo.__path__[0])
CORE = (
    next(path for path in map(Path, sys.path) if (path / "odoo/addons/base/rng").is_dir())
    / "odoo/addons/base/rng"
)
VIEW_TYPES = ("activity", "calendar", "graph", "list", "pivot", "search")


def schema(path: Path) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(str(path)))


def faults() -> Iterator[str]:
    data_schema = schema(ODOO / "import_xml.rng")
    view_schemas = {kind: schema(CORE / f"{kind}_view.rng") for kind in VIEW_TYPES}
    for path in sorted(ADDONS.rglob("*.xml")):
        name = path.relative_to(ADDONS.parent)
        try:
            tree = etree.parse(str(path))
        except etree.XMLSyntaxError as error:
            yield f"{name}: {error}"
            continue
        yield from layout_faults(name, path.read_text(encoding="utf-8"))
        if tree.getroot().tag == "odoo":
            yield from schema_faults(name, data_schema, tree)
            yield from view_faults(name, tree, view_schemas)


def layout_faults(name: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line or line != line.rstrip():
            yield f"{name}:{number}: tab or trailing space"


def schema_faults(name: Path, rules: etree.RelaxNG, tree: etree._ElementTree, line: int = 0) -> Iterator[str]:
    if not rules.validate(tree):
        for entry in rules.error_log:
            yield f"{name}:{max(entry.line, line)}: {entry.message}"


def view_faults(name: Path, tree: etree._ElementTree, schemas: dict) -> Iterator[str]:
    """Primary views against the schema of their type; an inherited one is no whole view."""
    for record in tree.iter("record"):
        if record.get("model") != "ir.ui.view" or record.find("field[@name='inherit_id']") is not None:
            continue
        arch = record.find("field[@name='arch']")
        view = (
            next((child for child in arch if isinstance(child.tag, str)), None) if arch is not None else None
        )
        if view is not None and view.tag in schemas:
            line = view.sourceline
            whole = etree.ElementTree(etree.fromstring(etree.tostring(view, with_tail=False)))
            yield from schema_faults(name, schemas[view.tag], whole, line)


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found))
    sys.exit(1 if found else 0)
