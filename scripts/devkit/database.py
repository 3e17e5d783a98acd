"""Prepared databases. Installing core takes a minute, copying a second: each set of modules is made once.

Two layers of templates: core's modules (known by the version of Odoo) and on top of a copy of it our add-ons
(known by their content as well). ``prepared_database`` answers a fresh copy.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import layout, odoo_source, postgres, python_env, system_tools
from .errors import DevError
from .odoo_source import Odoo
from .postgres import Connection
from .shell import Heartbeat, fail, run, say
from .sql import Databases
from .steps import check_space, locked

# Everything of core that our add-ons build on or are tested with: installed once, in a template.
CORE_MODULES = (
    "sale_management",
    "sale_stock",
    "stock_delivery",
    "stock_picking_batch",
    "stock_account",
    "stock_fleet",
    "sale_mrp",
    "repair",
    "barcodes_gs1_nomenclature",
    "portal",
    "rating",
    "resource",
)
KEPT_TEMPLATES = 6


class Site:
    """One Odoo with one PostgreSQL: what is needed to run Odoo's commands on a database."""

    def __init__(self, name: str, odoo: Odoo, connection: Connection):
        self.name, self.odoo, self.connection = name, odoo, connection
        self.data_dir = layout.LOCAL / "data" / name
        self.config = layout.LOCAL / "conf" / f"{name}.conf"
        self.databases = Databases(connection, self.data_dir)

    def write_config(self, ours: bool = True) -> Path:
        """A configuration file, so that none of the user's is read; ``ours``: our add-ons are in reach."""
        options = {
            "addons_path": self.odoo.addons_path if ours else ",".join(map(str, self.odoo.addons)),
            "data_dir": self.data_dir,
            "http_interface": "127.0.0.1",
            "list_db": "False",
            "server_wide_modules": "base,rpc,web",
            **self.connection.odoo_options(),
        }
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.touch(mode=0o600)
        self.config.write_text(
            "[options]\n" + "".join(f"{name} = {value}\n" for name, value in options.items())
        )
        return self.config

    def environment(self) -> dict[str, str]:
        env = layout.environment(
            PYTHONPATH=str(self.odoo.root), PYTHONDONTWRITEBYTECODE="", **self.connection.env
        )
        env.pop("ODOO_RC", None)
        return env

    def command(self, *words: object) -> list[str]:
        """Odoo's command line; started by a script of ours, which Odoo starts again for its gevent server."""
        launcher = layout.PROJECT / "scripts" / "odoo_server.py"
        return [str(layout.VENV_PYTHON), str(launcher), *map(str, words)]

    def odoo_command(self, database: str, *words: object) -> list[str]:
        return self.command("server", "-c", self.config, "-d", database, "--no-http", *words)

    def install(
        self, database: str, modules: Sequence[str], demo: bool = False, update: bool = False
    ) -> None:
        """Install (or update) modules; an error in the log is a failure, although Odoo exits with 0 then."""
        flags = ["--with-demo"] if demo else []
        action = "-u" if update else "-i"
        words = self.odoo_command(
            database, action, ",".join(modules), "--stop-after-init", "--log-level=warn", *flags
        )
        what = (
            f"{'Updating' if update else 'Installing'} {', '.join(modules[:3])}{' …' if modules[3:] else ''}"
        )
        with Heartbeat(what):
            output = run(words, what, env=self.environment())
        if problems := [line for line in output.splitlines() if " ERROR " in line or " CRITICAL " in line]:
            fail(what, words, output + "\n" + problems[0])


@contextlib.contextmanager
def site(name: str = "test", groups: Sequence[str] = python_env.RUNTIME) -> Iterator[Site]:
    """Everything set up and PostgreSQL running while the block runs."""
    odoo = odoo_source.find()
    python_env.ensure_python(groups)
    system_tools.find("psql")
    with postgres.server(name) as connection:
        here = Site(name, odoo, connection)
        here.write_config()
        yield here


def prepared(here: Site, name: str, modules: Sequence[str] = layout.OUR_MODULES, demo: bool = False) -> str:
    """Make database ``name`` anew with ``modules`` installed, from templates; answer its name.

    ``modules`` may be empty: core's modules alone. A database of that name that is not ours is refused.
    """
    refuse_foreign(here.databases, name)
    template = template_for(here, tuple(sorted(modules)), demo)
    here.databases.drop(name)
    here.databases.copy(template, name)
    here.databases.mark(name, {"made": int(time.time()), "modules": sorted(modules), "demo": demo})
    return name


def template_for(here: Site, modules: tuple[str, ...], demo: bool) -> str:
    """Name of the template with core's modules and ``modules``, made if it is not there."""
    core_key = layout.digest(here.odoo.version, *CORE_MODULES, demo)[:8]
    with locked("templates", "another run prepares a database"):
        core = _template(here, f"tmpl_core_{core_key}", CORE_MODULES, demo, None)
        ours = [layout.ADDONS / module for module in modules if (layout.ADDONS / module).is_dir()]
        if not modules:
            return core
        key = layout.digest(core_key, *modules, layout.tree_digest(ours))[:10]
        return _template(here, f"tmpl_ours_{key}", modules, demo, core)


def _template(here: Site, name: str, modules: Sequence[str], demo: bool, base: str | None) -> str:
    databases = here.databases
    if databases.note(name):
        return name
    check_space(400, "A database")
    title = "our add-ons" if base else "Odoo's own modules (about a minute, once)"
    say(f"==> database template: {title}{' with demo data' if demo else ''}")
    part = f"{name}_part"
    databases.drop(part)
    databases.copy(base, part) if base else databases.create(part)
    try:
        here.install(part, modules, demo)
    except BaseException:
        databases.drop(part)
        raise
    databases.drop(name)
    databases.rename(part, name)
    databases.mark(name, {"template": True, "made": int(time.time())})
    _forget_old(databases, keep=name)
    return name


def _forget_old(databases: Databases, keep: str) -> None:
    """Templates of earlier versions of the code pile up: keep the newest few."""
    notes = {name: databases.note(name) for name in databases.names() if name.startswith("tmpl_ours_")}
    ours = sorted((name for name, note in notes.items() if note), key=lambda name: -notes[name]["made"])
    for name in ours[KEPT_TEMPLATES:]:
        if name != keep:
            databases.drop(name)


def refuse_foreign(databases: Databases, name: str) -> None:
    """DevError if a database of that name is there and was not made by us."""
    if databases.exists(name) and databases.note(name) is None:
        raise DevError(
            f"A database named {name} is already there and was not made by this project (nothing was "
            "changed): rename it or drop it, or choose another name with DATABASE=…"
        )


@contextlib.contextmanager
def prepared_database(
    name: str, modules: Sequence[str] = layout.OUR_MODULES, demo: bool = False, keep: bool = False
) -> Iterator[tuple[Site, str]]:
    """For tests and benchmarks: (site, database name) with PostgreSQL running; dropped afterwards."""
    with site("test", python_env.TESTING) as here:
        prepared(here, name, modules, demo)
        try:
            yield here, name
        finally:
            if not keep:
                here.databases.drop(name)
