"""Debian packages without installing them: private apt folders and `dpkg-deb -x`; needs no root."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from . import layout
from .apt_sources import Source
from .errors import DevError
from .shell import run
from .steps import check_space

# apt changes nothing of the machine with this: own lists, caches and log, no lock, no hooks of the system.
CONFIG = """\
Dir::State "{area}/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::State::lists "{area}/lists";
Dir::Cache "{area}/cache";
Dir::Log "{area}/log";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Get::AllowUnauthenticated "false";
Acquire::Languages "none";
Acquire::Retries "2";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
"""
OWN_LIST = """\
Dir::Etc::sourcelist "{area}/own.sources";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
"""


class Area:
    """A private apt: the machine's own sources, or (``stanza``) one other suite of its mirror."""

    def __init__(self, name: str, stanza: str = ""):
        self.folder = layout.APT / name
        self.stanza = stanza
        self.config = self.folder / "apt.conf"
        self._updated = False

    def _write(self) -> None:
        for part in ("state", "lists/partial", "cache/archives/partial", "log"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        own = OWN_LIST.format(area=self.folder) if self.stanza else ""
        if self.stanza:
            (self.folder / "own.sources").write_text(self.stanza)
        self.config.write_text(CONFIG.format(area=self.folder) + own)

    def _run(self, tool: str, *words: str, what: str, cwd: Path | None = None, hint: str = "") -> str:
        if not shutil.which(tool):
            raise DevError(
                f"{what} needs apt, which is not on this machine: use Debian 12 or newer or Ubuntu 24.04, "
                "or set ODOO_PATH and PGHOST."
            )
        env = layout.environment(DEBIAN_FRONTEND="noninteractive", LC_ALL="C.UTF-8")
        return run([tool, "-q", "-c", self.config, *words], what, env=env, cwd=cwd, hint=hint)

    def update(self) -> None:
        """Read the package lists (once per run)."""
        if not self._updated:
            self._write()
            self._run("apt-get", "update", "--error-on=any", what="The list of packages")
            self._updated = True

    def versions(self, package: str) -> list[str]:
        """Versions that the sources offer, newest first."""
        self.update()
        text = self._run("apt-cache", "madison", package, what=f"Looking for {package}")
        return re.findall(rf"(?m)^\s*{re.escape(package)} \| (\S+) \|", text)

    def download(self, packages: Sequence[str], into: Path, hint: str = "") -> list[Path]:
        """Fetch just these packages (``name`` or ``name=version``) as files."""
        self.update()
        into.mkdir(parents=True, exist_ok=True)
        self._run("apt-get", "download", *packages, what=self._names(packages), cwd=into, hint=hint)
        return sorted(into.glob("*.deb"))

    def download_missing(self, packages: Sequence[str], hint: str = "") -> list[Path]:
        """Fetch these packages and all they need that the machine does not have."""
        self.update()
        archives = self.folder / "cache" / "archives"
        shutil.rmtree(archives)
        (archives / "partial").mkdir(parents=True)
        words = ("install", "--download-only", "--yes", "--reinstall", *packages)
        self._run("apt-get", *words, what=self._names(packages), hint=hint)
        return sorted(archives.glob("*.deb"))

    @staticmethod
    def _names(packages: Sequence[str]) -> str:
        shown = ", ".join(packages[:3])
        return shown if len(packages) <= 3 else f"{shown} and {len(packages) - 3} more packages"


def unpack(files: Sequence[Path], into: Path) -> None:
    """Unpack packages over each other into one folder; their scripts are not run."""
    if not files:
        raise DevError("No package was fetched although apt reported success: run the same command again.")
    check_space(sum(file.stat().st_size for file in files) * 5 >> 20, "Unpacking packages")
    for file in files:
        run(["dpkg-deb", "-x", file, into], f"Unpacking {file.name}")


def machine() -> Area:
    """The machine's own sources."""
    return Area("machine")


def suite_of(mirror: Source, name: str, suites: Sequence[str], components: Sequence[str] = ("main",)) -> Area:
    """Other suites of the mirror that the machine already uses."""
    return Area(name, mirror.stanza(suites, components))
