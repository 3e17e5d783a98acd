"""Reads the package sources that the machine is configured with, in both of apt's formats.

No mirror is named in this project: a package in another suite is asked from the machine's own mirror.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .errors import DevError

ETC_APT = Path("/etc/apt")
OS_RELEASE = Path("/etc/os-release")
KEPT_OPTIONS = {"signed-by": "Signed-By", "trusted": "Trusted"}


@dataclass(frozen=True)
class Source:
    """One mirror with its suites; ``options`` are deb822 fields that say how it is trusted."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    options: dict[str, str] = field(default_factory=dict)

    def stanza(self, suites: Iterable[str], components: Iterable[str]) -> str:
        lines = ["Types: deb", f"URIs: {self.uri}", f"Suites: {' '.join(suites)}"]
        lines += [f"Components: {' '.join(components)}"]
        lines += [f"{name}: {value}" for name, value in self.options.items()]
        return "\n".join(lines) + "\n"


def parse_one_line(text: str) -> Iterator[Source]:
    """Entries of a `*.list` file: ``deb [options] uri suite component…``."""
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)", line)
        if not match:
            continue
        options, uri, suite, components = match.groups()
        pairs = (pair.split("=", 1) for pair in (options or "").split() if "=" in pair)
        kept = {KEPT_OPTIONS[name]: value for name, value in pairs if name in KEPT_OPTIONS}
        yield Source(uri, (suite,), tuple(components.split()), kept)


def parse_deb822(text: str) -> Iterator[Source]:
    """Stanzas of a `*.sources` file; a Signed-By that holds the key itself spans several lines."""
    for block in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n?", "", text)):
        fields = {
            name.lower(): value.strip()
            for name, value in re.findall(r"(?m)^([A-Za-z-]+):((?:.*)(?:\n[ \t]+.*)*)", block)
        }
        enabled = fields.get("enabled", "yes").lower() not in ("no", "false", "0")
        if "deb" not in fields.get("types", "").split() or not enabled:
            continue
        kept = {
            title: fields[name].replace("\n", "\n ") for name, title in KEPT_OPTIONS.items() if name in fields
        }
        for uri in fields.get("uris", "").split():
            yield Source(
                uri, tuple(fields["suites"].split()), tuple(fields.get("components", "").split()), kept
            )


def machine_sources(etc: Path = ETC_APT) -> list[Source]:
    """All enabled binary sources, in apt's own order."""
    sources: list[Source] = []
    main = etc / "sources.list"
    parts = sorted((etc / "sources.list.d").glob("*")) if (etc / "sources.list.d").is_dir() else []
    for path in [main, *parts]:
        if path.is_file() and path.suffix in (".list", ".sources"):
            parse = parse_deb822 if path.suffix == ".sources" else parse_one_line
            sources += parse(path.read_text(encoding="utf-8", errors="replace"))
    return sources


def os_release(path: Path = OS_RELEASE) -> dict[str, str]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return {name: value.strip("\"'") for name, value in re.findall(r"(?m)^([A-Z_]+)=(.*)$", text)}


def main_mirror(etc: Path = ETC_APT, release: Path = OS_RELEASE) -> Source:
    """The source that holds the distribution itself (not its security updates, not a vendor's repository)."""
    sources = machine_sources(etc)
    codename = os_release(release).get("VERSION_CODENAME", "")
    wanted = {codename, "stable", "testing", "unstable", "sid"} - {""}
    for source in sources:
        if wanted & set(source.suites) and "main" in source.components:
            return source
    raise DevError(
        "No package source of this distribution is configured in /etc/apt: use Debian 12 or newer or "
        "Ubuntu 24.04, or set ODOO_PATH and PGHOST to an Odoo 19 source and a PostgreSQL server."
    )
