"""Odoo 19 itself: a source at $ODOO_PATH, or the distribution's package unpacked into the project."""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import apt_sources, debian, layout
from .apt_sources import Source
from .errors import CommandError, DevError
from .steps import Step, ensure

PACKAGE = "odoo-19"
# What the package's own files are links to; without jQuery every page is a 500.
LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
ICON_FONT = "fonts-font-awesome"
ICON_FONT_VERSION = "4.7"  # Odoo's screens are drawn with this one; later versions have other files
HINT = ", or set ODOO_PATH to an Odoo 19 source"


@dataclass(frozen=True)
class Odoo:
    """``root`` goes on PYTHONPATH, ``addons`` are core's add-on folders, ``version`` tells caches apart."""

    root: Path
    addons: tuple[Path, ...]
    version: str

    @property
    def core_addons(self) -> Path:
        """The folder that holds `sale`, `stock`, `mail` and the rest."""
        return self.addons[0]

    @property
    def addons_path(self) -> str:
        return ",".join(map(str, (*self.addons, layout.ADDONS)))


def find() -> Odoo:
    """The Odoo to use, fetched if need be."""
    if given := os.environ.get("ODOO_PATH"):
        return inspect_source(Path(given).expanduser().resolve())
    ensure(fetch_step())
    return inspect_source(layout.ODOO)


def check_given() -> None:
    """Complain about $ODOO_PATH before anything is fetched."""
    if os.environ.get("ODOO_PATH"):
        find()


def inspect_source(path: Path) -> Odoo:
    """Recognise a source tree; DevError if it is not an Odoo 19."""
    for root in (path, path / "usr/lib/python3/dist-packages", path.parent):
        release = root / "odoo" / "release.py"
        if not release.is_file():
            continue
        text = release.read_text(encoding="utf-8")
        found = re.search(r"(?m)^version_info\s*=\s*\(([^)]*)\)", text)
        numbers = re.findall(r"\d+", found.group(1)) if found else []
        if numbers[:2] != ["19", "0"]:
            shown = ".".join(numbers[:2]) or "something else"
            raise DevError(
                f"{path} is not an Odoo 19 source but Odoo {shown}: set ODOO_PATH to an Odoo 19.0 source."
            )
        # A checkout keeps most add-ons beside the package; Debian has them inside (and copies beside).
        inside, beside = root / "odoo/addons", root / "addons"
        addons = (inside,) if (inside / "sale_stock").is_dir() else (beside, inside)
        if not (addons[0] / "sale_stock").is_dir():
            raise DevError(
                f"{path} is an Odoo 19 source without its add-ons: set ODOO_PATH to a complete one."
            )
        return Odoo(root, addons, layout.digest(root, release, inside / "base/__manifest__.py"))
    raise DevError(
        f"{path} is not an Odoo 19 source: set ODOO_PATH to a folder that contains odoo/release.py."
    )


def fetch_step() -> Step:
    key = layout.digest(PACKAGE, *LINKED, ICON_FONT, ICON_FONT_VERSION)
    return Step("odoo", "Odoo 19 source (about 130 MB to fetch)", layout.ODOO, key, _build, needs_mib=2000)


def _build(work: Path) -> None:
    mirror = apt_sources.main_mirror()
    area = _area_with_odoo(mirror)
    debs = work / "debs"
    debian.unpack(area.download([PACKAGE, *LINKED], debs, HINT), work)
    for file in debs.iterdir():
        file.unlink()
    font_area, version = _icon_font(mirror)
    debian.unpack(font_area.download([f"{ICON_FONT}={version}"], debs), work)
    for file in debs.iterdir():
        file.unlink()
    debs.rmdir()
    odoo = inspect_source(work)
    shutil.rmtree(odoo.root / "addons", ignore_errors=True)  # copies of what lies in odoo/addons


def _series(mirror: Source) -> Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Where the package may be: (name of area, suites, components), nearest first."""
    release = apt_sources.os_release()
    if release.get("ID") == "ubuntu":
        own = release.get("VERSION_CODENAME", "")
        parts = ("main", "universe")
        return [("odoo-" + own, (own,), parts), ("odoo-devel", ("devel",), parts)]
    return [("odoo", ("unstable",), ("main",))]


def _area_with_odoo(mirror: Source) -> debian.Area:
    tried = []
    for name, suites, components in _series(mirror):
        area = debian.suite_of(mirror, name, suites, components)
        tried += suites
        try:
            if area.versions(PACKAGE):
                return area
        except CommandError as error:
            # An older mirror may lack the newer series; anything else is the user's to know.
            if "does not have a Release file" not in error.output:
                raise
    raise DevError(
        f"Package {PACKAGE} is not found in {' or '.join(tried)} of the mirror that this machine uses: "
        "set ODOO_PATH to an Odoo 19 source."
    )


def _icon_font(mirror: Source) -> tuple[debian.Area, str]:
    """The icon font in the version that Odoo draws with: own release first, then Debian 12's."""
    for area in (debian.machine(), debian.suite_of(mirror, "icon-font", ("bookworm",))):
        for version in area.versions(ICON_FONT):
            if ICON_FONT_VERSION in version:
                return area, version
    raise DevError(
        f"Package {ICON_FONT} {ICON_FONT_VERSION} is not found: set ODOO_PATH to an Odoo 19 source."
    )
