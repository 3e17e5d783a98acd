"""Databases for tests: one prepared template per state of the add-ons, copied in seconds.

Reads the usual libpq variables (PGHOST, PGUSER, …), ``PYTHONPATH`` or ``ODOO_PATH`` for the Odoo source, and
what `make test-e2e` sets: ``E2E_PREFIX`` (begins every database name made here), ``E2E_DATA_DIR``,
``E2E_CORE_TEMPLATE`` and ``E2E_ADDONS_PATH``. All have defaults for a run by hand.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ("order_fulfilment", "jit_delivery")
CORE_TEMPLATE = os.environ.get("E2E_CORE_TEMPLATE", "tmpl_core")
DATA_DIR = Path(os.environ.get("E2E_DATA_DIR", ROOT / ".local" / "data"))
PREFIX = os.environ.get("E2E_PREFIX", ROOT.name.replace("-", "_"))
SOURCE_SUFFIXES = {".py", ".xml", ".csv"}


def odoo_source() -> Path:
    """Folder that holds the ``odoo`` package."""
    candidates = [os.environ.get("ODOO_PATH"), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    candidates.append(str(ROOT / ".local/odoo/usr/lib/python3/dist-packages"))
    for candidate in filter(None, candidates):
        if (Path(candidate) / "odoo" / "release.py").exists():
            return Path(candidate)
    raise RuntimeError("No Odoo source found: set ODOO_PATH to the folder that holds the package `odoo`.")


def odoo_command(*arguments: str, subcommand: tuple[str, ...] = ()) -> list[str]:
    """Command line that runs Odoo with our add-ons on the path and the test data folder."""
    addons = os.environ.get("E2E_ADDONS_PATH") or f"{odoo_source() / 'odoo/addons'},{ROOT / 'custom_addons'}"
    fixed = [f"--addons-path={addons}", f"--data-dir={DATA_DIR}"]
    # Odoo starts the file it was started by once more for its gevent server; `-m odoo` would fail there.
    return [sys.executable, str(ROOT / "scripts" / "odoo_server.py"), *subcommand, *fixed, *arguments]


def odoo_environment(connection: dict[str, str] | None = None) -> dict[str, str]:
    """Environment for an Odoo process; ``connection`` replaces libpq variables (PGHOST, PGPORT, PGUSER)."""
    environment = {**os.environ, "PYTHONPATH": str(odoo_source()), **(connection or {})}
    environment.pop("ODOO_RC", None)
    return environment


def connect(database: str, connection: dict[str, str] | None = None):
    """Open an autocommit connection."""
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
    arguments = {names[key]: value for key, value in (connection or {}).items() if key in names}
    link = psycopg2.connect(dbname=database, **arguments)
    link.autocommit = True
    return link


def exists(name: str) -> bool:
    with connect("postgres") as link, link.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.fetchone())


def copy(template: str, name: str) -> str:
    """Replace database ``name`` by a copy of ``template`` with its filestore."""
    drop(name)
    link = connect("postgres")
    query = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with link.cursor() as cursor:
        cursor.execute(query)
    link.close()
    source = DATA_DIR / "filestore" / template
    if source.exists():
        shutil.copytree(source, DATA_DIR / "filestore" / name, copy_function=os.link, dirs_exist_ok=True)
    return name


def drop(name: str) -> None:
    """Remove database and filestore; both may be missing."""
    link = connect("postgres")
    with link.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    link.close()
    shutil.rmtree(DATA_DIR / "filestore" / name, ignore_errors=True)


def rename(old: str, new: str) -> None:
    link = connect("postgres")
    with link.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
        )
    link.close()
    filestore = DATA_DIR / "filestore"
    if (filestore / old).exists():
        (filestore / old).rename(filestore / new)


def run_odoo(database: str, *arguments: str) -> None:
    """Run Odoo to the end on ``database``; a failure carries the end of its log."""
    command = odoo_command("-d", database, "--stop-after-init", "--no-http", "--log-level=warn", *arguments)
    done = subprocess.run(
        command, env=odoo_environment(), cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode or "Traceback" in done.stderr:
        raise RuntimeError(f"{' '.join(arguments)} on {database} failed:\n{done.stderr[-4000:]}")


def run_shell(database: str, script: str) -> str:
    """Run a Python script in `odoo shell` (it has ``env``) and return what it printed."""
    words = ["-d", database, "--no-http", "--log-level=error", "--shell-interface=python"]
    command = odoo_command(*words, subcommand=("shell",))
    done = subprocess.run(
        command, env=odoo_environment(), cwd=ROOT, input=script, check=False, capture_output=True, text=True
    )
    if done.returncode or "Traceback" in done.stderr:
        raise RuntimeError(f"the script on {database} failed:\n{done.stderr[-4000:]}")
    return done.stdout


def fingerprint(addons: Iterable[str] = ADDONS) -> str:
    """Short hash of everything of the add-ons that ends up in a database."""
    digest = hashlib.sha256()
    for addon in addons:
        for path in sorted((ROOT / "custom_addons" / addon).rglob("*")):
            if path.suffix in SOURCE_SUFFIXES and "tests" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def prepared(addons: tuple[str, ...] = ADDONS) -> str:
    """Name of a template database with ``addons`` installed (none: Odoo's own modules only), made once.

    It is made under a working name and renamed when whole, so that a broken installation is never reused.
    """
    if not addons and exists(CORE_TEMPLATE):
        return CORE_TEMPLATE
    kind = "".join(addon[0] for addon in addons) or "core"
    name = f"{PREFIX}_ready_{kind}_{fingerprint(addons)}"
    if exists(name):
        return name
    _forget_older(f"{PREFIX}_ready_{kind}_")
    working = f"{PREFIX}_making_{kind}"
    if exists(CORE_TEMPLATE):
        copy(CORE_TEMPLATE, working)
    else:
        drop(working)
    run_odoo(working, "-i", ",".join(addons or CORE_MODULES))
    rename(working, name)
    return name


CORE_MODULES = (
    "sale_management",
    "sale_stock",
    "stock_delivery",
    "stock_picking_batch",
    "repair",
    "barcodes_gs1_nomenclature",
    "sale_mrp",
    "stock_fleet",
)


def _forget_older(beginning: str) -> None:
    with connect("postgres") as link, link.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning])
        names = [row[0] for row in cursor.fetchall()]
    for name in names:
        drop(name)
