"""Odoo makes one class of all controllers that extend the same one: helpers of one name replace another."""

import ast
from collections import defaultdict
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[2] / "custom_addons"


def _helpers():
    """(class extended, method) → {source} of every method with an underscore in our controllers."""
    found = defaultdict(set)
    for path in ADDONS.glob("*/controllers/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                base = ",".join(ast.unparse(each) for each in node.bases)
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and method.name.startswith("_"):
                        found[base, method.name].add(ast.unparse(method))
    return found


def test_no_helper_of_a_controller_replaces_another_ones():
    several = {key for key, sources in _helpers().items() if len(sources) > 1}
    clashing = {key for key in several if not all("super()" in source for source in _helpers()[key])}
    assert clashing == set()
