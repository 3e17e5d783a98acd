"""Programs that are not Python: the machine's own, else Debian packages unpacked into `.local/system`.

Each unpacked program gets a small launcher in `.local/bin` that tells it where its libraries, fonts and data
lie, so that nothing of this leaks into programs of the machine.
"""

import os
import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import debian, layout
from .errors import CommandError, DevError
from .shell import run, say
from .steps import Step, ensure, scratch


@dataclass(frozen=True)
class Tool:
    """``find`` answers the program on this machine or None; ``program`` is its path inside the packages."""

    name: str
    packages: tuple[str, ...]
    find: Callable[[], str | None]
    program: str
    optional: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    rpath: bool = False  # runs itself again without its environment: the libraries' place goes into it


def _which(*names: str) -> Callable[[], str | None]:
    def find() -> str | None:
        # Our own launchers do not count as the machine's.
        path = os.pathsep.join(
            p for p in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(p) != layout.BIN
        )
        return next((found for name in names if (found := shutil.which(name, path=path))), None)

    return find


def _postgres_program(name: str) -> Callable[[], str | None]:
    """The newest one of the machine; Debian keeps them outside the PATH and wraps some of them in Perl."""

    def find() -> str | None:
        found = sorted(
            Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3])
        )
        return str(found[-1]) if found else _which(name)()

    return find


LAUNCHERS = 3  # raised when what the launchers say changes
NO_PDF = "PDF documents cannot be printed here (this release has no wkhtmltopdf); everything else works"
QT = (("QT_QPA_PLATFORM", "offscreen"), ("QT_PLUGIN_PATH", "{lib}/qt5/plugins"))

TOOLS = {
    tool.name: tool
    for tool in (
        Tool("postgres", ("postgresql",), _postgres_program("postgres"), "usr/lib/postgresql/*/bin/postgres"),
        Tool("psql", ("postgresql-client",), _postgres_program("psql"), "usr/lib/postgresql/*/bin/psql"),
        Tool("wkhtmltopdf", ("wkhtmltopdf",), _which("wkhtmltopdf"), "usr/bin/wkhtmltopdf", NO_PDF, QT),
        Tool(
            "chromium",
            ("chromium",),
            _which("chromium", "google-chrome", "google-chrome-stable"),
            "usr/lib/chromium/chromium",
        ),
        Tool("nginx", ("nginx",), _which("nginx"), "usr/sbin/nginx"),
        Tool("buildah", ("buildah", "crun", "patchelf"), _which("buildah"), "usr/bin/buildah", rpath=True),
        Tool("debootstrap", ("debootstrap",), _which("debootstrap"), "usr/sbin/debootstrap"),
    )
}


def find(name: str) -> str:
    """Path of the program; fetch it if the machine does not have it."""
    tool = TOOLS[name]
    if found := tool.find():
        return found
    key = layout.digest(layout.LOCAL, *tool.packages, LAUNCHERS)
    ensure(
        Step(f"system-{name}", f"{name} (Debian packages)", layout.SYSTEM / name, key, _builder(tool), 600)
    )
    return str(_program(tool))


def find_optional(name: str) -> str | None:
    """The same for a program that one can do without; says what is missing then."""
    try:
        return find(name)
    except CommandError as error:
        if "is not found" not in str(error):
            raise
        say(f"    note: {TOOLS[name].optional}")
        return None


def _program(tool: Tool) -> Path:
    """The launcher, or the program itself if it needs to be found beside its siblings (PostgreSQL)."""
    if tool.name in ("postgres",):
        return next((layout.SYSTEM / tool.name).glob(tool.program))
    return layout.BIN / tool.name


def _builder(tool: Tool) -> Callable[[Path], None]:
    def build(work: Path) -> None:
        debian.unpack(debian.machine().download_missing(tool.packages), work)
        programs = list(work.glob(tool.program))
        if not programs:
            raise DevError(
                f"The packages of {tool.name} do not contain {tool.program}: report this with your release."
            )
        program = programs[0].relative_to(work)
        if tool.rpath:
            _write_rpath(tool, work, program)
        write_launcher(tool, program)

    return build


def _write_rpath(tool: Tool, work: Path, program: Path) -> None:
    env = layout.environment(LD_LIBRARY_PATH=library_path(work))
    final = library_path(layout.SYSTEM / tool.name)
    patchelf = shutil.which("patchelf") or work / "usr/bin/patchelf"
    run([patchelf, "--force-rpath", "--set-rpath", final, work / program], f"Preparing {tool.name}", env=env)


def library_path(root: Path) -> str:
    """Folders of unpacked libraries, for the dynamic linker; some packages keep theirs a level below."""
    triplet = f"{platform.machine()}-linux-gnu"
    folders = [f"usr/lib/{triplet}", f"lib/{triplet}", "usr/lib", "lib"]
    folders += [f"usr/lib/{triplet}/{name}" for name in ("blas", "lapack", "pulseaudio")]
    return os.pathsep.join(str(root / folder) for folder in folders)


def tool_environment(tool: Tool) -> dict[str, str]:
    root = layout.SYSTEM / tool.name
    lib = f"{root}/usr/lib/{platform.machine()}-linux-gnu"
    values = {"LD_LIBRARY_PATH": library_path(root)}
    values |= {name: value.format(root=root, lib=lib) for name, value in tool.environment}
    if tool.name in ("chromium", "wkhtmltopdf"):
        values["FONTCONFIG_FILE"] = str(layout.LOCAL / "fonts.conf")
        write_fonts_conf()
    return values


def write_fonts_conf() -> None:
    """Fonts of the machine, of the unpacked packages and of Odoo: a bare machine has none of its own."""
    # Only font folders: elsewhere packages have links to themselves, in which fontconfig would walk for ever.
    ours = [layout.SYSTEM / name / "usr/share/fonts" for name in ("chromium", "wkhtmltopdf")]
    folders = ["/usr/share/fonts", "/usr/local/share/fonts", *ours, layout.ODOO / "usr/share/fonts"]
    dirs = "".join(f"<dir>{folder}</dir>" for folder in folders)
    cache = f"<cachedir>{layout.LOCAL}/cache/fonts</cachedir>"
    head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    text = f"{head}<fontconfig>{dirs}{cache}</fontconfig>\n"
    (layout.LOCAL / "fonts.conf").write_text(text)


def write_launcher(tool: Tool, program: Path) -> None:
    layout.BIN.mkdir(parents=True, exist_ok=True)
    target = layout.SYSTEM / tool.name / program
    lines = ["#!/bin/sh", *(f'export {name}="{value}"' for name, value in tool_environment(tool).items())]
    lines += [f'exec "{target}" "$@"']
    launcher = layout.BIN / tool.name
    with scratch("launcher") as work:
        (work / "launcher").write_text("\n".join(lines) + "\n")
        (work / "launcher").chmod(0o755)
        (work / "launcher").rename(launcher)


def find_all(names: Sequence[str]) -> dict[str, str]:
    return {name: find(name) for name in names}
