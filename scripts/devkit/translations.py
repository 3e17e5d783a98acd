"""Translation templates: written from a database with both add-ons, compared without their dates."""

import re
import tempfile
from pathlib import Path

from . import layout
from .database import Site, prepared, site
from .shell import run, say

# What changes from one writing to the next without any text having changed.
VOLATILE = re.compile(
    r'(?m)^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Project-Id-Version)[^\n]*\n'
)
DATABASE = "translations"


def refresh(_arguments: list[str] = ()) -> int:
    """Write the i18n/*.pot of both add-ons; files that say the same stay untouched."""
    for module, text in _exported().items():
        target = template_of(module)
        if not target.is_file() or significant(target.read_text(encoding="utf-8")) != significant(text):
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8")
            say(f"    written: {target.relative_to(layout.PROJECT)}")
    return 0


def outdated() -> str:
    """Which templates do not say what the code says."""
    lines = []
    for module, text in _exported().items():
        target = template_of(module)
        there = target.read_text(encoding="utf-8") if target.is_file() else ""
        if significant(there) != significant(text):
            lines.append(f"{target.relative_to(layout.PROJECT)}: out of date, run `make pot`")
    return "\n".join(lines)


def template_of(module: str) -> Path:
    return layout.ADDONS / module / "i18n" / f"{module}.pot"


def significant(text: str) -> str:
    return VOLATILE.sub("", text).strip()


def _exported() -> dict[str, str]:
    with site("test") as here, tempfile.TemporaryDirectory() as folder:
        prepared(here, DATABASE)
        try:
            return {
                module: _export(here, module, Path(folder) / f"{module}.pot") for module in layout.OUR_MODULES
            }
        finally:
            here.databases.drop(DATABASE)


def _export(here: Site, module: str, target: Path) -> str:
    words = ["i18n", "export", "-c", here.config, "-d", DATABASE, "-l", "pot", "-o", target, module]
    run(here.command(*words), f"Writing the translation template of {module}", env=here.environment())
    return target.read_text(encoding="utf-8")
