"""Reads ``docs/api.md`` and ``docs/api/*.md``: sections on public methods, with examples that run.

A section begins with ``## model.method``, says **Arguments**, **Answer**, **Errors** and **Rights**, and has
at least one fenced ``python`` block that calls the method. A file's ``python setup`` block runs before
each of its examples.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
PARTS = ("Arguments", "Answer", "Errors", "Rights")
_HEADING = re.compile(r"(?m)^## `?([a-z0-9_.]+\.[a-z0-9_]+)`?[ \t]*$")
_FORM = re.compile(r"(?ms)^````.*?^````$")  # shows what a section looks like, is none
_BLOCK = re.compile(r"(?ms)^```python([^\n]*)\n(.*?)^```")


@dataclass(frozen=True)
class Section:
    """What the documentation says about one method."""

    file: str
    method: str
    text: str
    setup: str
    examples: tuple[str, ...]

    @property
    def missing_parts(self) -> list[str]:
        """Parts that the section should have and has not."""
        missing = [f"**{part}**" for part in PARTS if f"**{part}" not in self.text]
        if not any(self.method in called_methods(example) for example in self.examples):
            model, _, name = self.method.rpartition(".")
            missing.append(f'an example with call("{model}", "{name}", …)')
        return missing


def sections() -> list[Section]:
    files = [DOCS / "api.md", *sorted((DOCS / "api").glob("*.md"))]
    return [section for file in files if file.exists() for section in _sections_of(file)]


def _sections_of(file: Path) -> Iterator[Section]:
    text = _FORM.sub("", file.read_text(encoding="utf-8"))
    setup = "\n".join(code for kind, code in _BLOCK.findall(text) if kind.strip() == "setup")
    # Text after a heading of the same or a higher level that names no method belongs to no section.
    parts = _HEADING.split(text)
    for method, body in zip(parts[1::2], parts[2::2], strict=True):
        own = re.split(r"(?m)^##? (?!#)", body)[0]
        examples = tuple(code for kind, code in _BLOCK.findall(own) if not kind.strip())
        yield Section(str(file.relative_to(DOCS.parent)), method, own, setup, examples)


def called_methods(code: str) -> set[str]:
    """``model.method`` of every ``call("model", "method", …)`` in an example."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    found = set()
    for node in calls:
        names = [argument.value for argument in node.args[:2] if isinstance(argument, ast.Constant)]
        if getattr(node.func, "id", "") in ("call", "refused") and len(names) == 2:
            found.add(".".join(names))
    return found
