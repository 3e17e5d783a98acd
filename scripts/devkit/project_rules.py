"""Rules of this project that no linter knows: sizes, exact pins, no address of a package archive."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import layout

MAX_FUNCTION, MAX_TEST, MAX_FILE, MAX_COMPONENT = 30, 25, 300, 150
# A longer one says why on its first line: `def f():  # long: one table`; a file in its first line.
EXCUSE = "# long:"
ARCHIVE = re.compile(
    r"https?://(?:[\w-]+\.)*(?:deb|registry|pypi|archive|mirrors?|snapshot|security|npmjs|nodesource)\.(?!test\b)[\w.-]+"
)
PIN = re.compile(r"[A-Za-z0-9_.-]+(\[[\w,]+\])?==[^\s;]+(\s*;.*)?$")


def files() -> list[Path]:
    """All files of the project that git knows or would take."""
    words = ["git", "-C", str(layout.PROJECT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode:  # not a clone: a released archive
        return [path for path in layout.PROJECT.rglob("*") if path.is_file() and ".local" not in path.parts]
    names = done.stdout.decode().split("\0")
    return sorted({path for name in names if name and (path := layout.PROJECT / name).is_file()})


def find_all() -> str:
    """Every breach, one per line as ``file:line: what``."""
    return "\n".join(found for path in files() for found in _of_file(path))


def _of_file(path: Path) -> Iterator[str]:
    name = path.relative_to(layout.PROJECT)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for line, content in enumerate(text.splitlines(), 1):
        if match := ARCHIVE.search(content):
            yield f"{name}:{line}: address of a package archive: {match.group(0)}"
    if path.suffix == ".py":
        yield from python_sizes(name, text)
    elif path.suffix == ".js" and "static/src" in str(name):
        yield from component_sizes(name, text)
    elif name.parts[0] == "requirements" and path.suffix == ".txt":
        yield from loose_pins(name, text)
    elif path.name == "package-lock.json" and '"resolved"' in text:
        yield f"{name}:1: carries addresses; make it with omit-lockfile-registry-resolved=true"


def component_sizes(name: Path, text: str) -> Iterator[str]:
    """JavaScript files that are too long; the excuse is a comment in the first line, as in Python."""
    lines = text.splitlines()
    if len(lines) > MAX_COMPONENT and not lines[0].startswith(EXCUSE.replace("#", "//")):
        yield f"{name}:1: {len(lines)} lines, a component has at most {MAX_COMPONENT}"


def python_sizes(name: Path, text: str) -> Iterator[str]:
    """Files, functions and tests that are too long."""
    lines = text.splitlines()
    if len(lines) > MAX_FILE and EXCUSE not in lines[0]:
        yield f"{name}:1: {len(lines)} lines, a file has at most {MAX_FILE}"
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        limit = MAX_TEST if node.name.startswith("test_") else MAX_FUNCTION
        length = _length(node)
        if length > limit and EXCUSE not in lines[node.lineno - 1]:
            yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {limit}"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its decorators and its docstring."""
    first = node.body[0]
    has_docstring = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    docstring = first.end_lineno - first.lineno + 1 if has_docstring else 0
    return node.end_lineno - node.lineno + 1 - docstring


def loose_pins(name: Path, text: str) -> Iterator[str]:
    """Lines of a requirements file that leave the version open."""
    for line, raw in enumerate(text.splitlines(), 1):
        content = raw.split(" #")[0].strip()
        if content and not content.startswith(("#", "-")) and not PIN.match(content):
            yield f"{name}:{line}: not an exact version: {content}"
