"""`make run`: a complete Odoo with both add-ons, served until Ctrl-C."""

import argparse
import re
import subprocess
import time

from . import layout, odoo_source, system_tools
from .database import Site, refuse_foreign, site
from .errors import DevError
from .server import Server, check_port
from .shell import say
from .steps import check_space

WELCOME = """
  Order management is up:  {url}
  Log in as:               {login} / {password}
  Click first:             {first}

  Ctrl-C stops everything that was started here. The data stays for the next `make run`.
"""
FIRST = "Order Fulfilment, then an order of Velo Brandt GmbH"
EXPOSED = """\
  note: others can reach this ({interface}) with a demo password: change it now (top right, My Profile)."""


def run(arguments: list[str]) -> int:
    options = _options(arguments)
    check_port(options.port, options.interface)
    odoo_source.check_given()
    system_tools.find_optional("wkhtmltopdf")
    with site("run") as here:
        make_database(here, options.database, options.demo)
        server = Server(
            here,
            options.database,
            port=options.port,
            workers=options.workers,
            interface=options.interface,
            options=options.rest,
            log=layout.LOGS / "run.log",
        )
        server.log.unlink(missing_ok=True)
        with server:
            _serve(server, options.interface)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--database", default=layout.DATABASE)
    parser.add_argument("--without-demo", dest="demo", action="store_false")
    parser.add_argument("rest", nargs="*", help="further options for Odoo, after --")
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,50}", options.database):
        raise DevError(f"{options.database} is no name for a database: use small letters, digits and _.")
    return options


def make_database(here: Site, name: str, demo: bool) -> None:
    """The database of `make run`: made at first, brought up to the code's state if that has changed."""
    refuse_foreign(here.databases, name)
    state = {"odoo": here.odoo.version, "code": code_version()}
    note = here.databases.note(name)
    if note is None:
        _create(here, name, demo, state)
    elif {key: note.get(key) for key in state} != state:
        say("==> the code has changed: updating the database")
        here.install(name, layout.OUR_MODULES, update=True)
        here.databases.mark(name, {**note, **state})


def code_version() -> str:
    return layout.tree_digest([layout.ADDONS / module for module in layout.OUR_MODULES])


def _create(here: Site, name: str, demo: bool, state: dict) -> None:
    """Under another name first, so that an interrupted run leaves no half database."""
    check_space(500, "The database")
    say(f"==> Database {name}{' with demo data' if demo else ''} (two minutes, once)")
    part = f"{name}_part"
    here.databases.drop(part)
    here.databases.create(part)
    try:
        here.install(part, layout.OUR_MODULES, demo)
        here.databases.rename(part, name)
        here.databases.mark(name, {"made": int(time.time()), "demo": demo, **state})
    except BaseException:
        here.databases.drop(part)
        raise


def _serve(server: Server, interface: str) -> None:
    """Until Ctrl-C, or until Odoo ends by itself."""
    say(WELCOME.format(url=server.url, login=server.login, password=server.password, first=FIRST))
    if interface not in ("127.0.0.1", "::1", "localhost"):
        say(EXPOSED.format(interface=interface))
    try:
        status = server.process.wait()
    except KeyboardInterrupt:
        say("stopping …")
        return
    raise DevError(f"Odoo stopped by itself with status {status} (all of its output: {server.log})")


def shell(arguments: list[str]) -> int:
    database = arguments[0] if arguments else layout.DATABASE
    with site("run") as here:
        if not here.databases.exists(database):
            raise DevError(f"There is no database {database} yet: `make run` makes it.")
        command = here.command("shell", "-c", here.config, "-d", database, "--no-http")
        return subprocess.run(command, env=here.environment(), check=False).returncode
