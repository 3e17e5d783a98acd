"""For benchmarks and end-to-end tests: a prepared database and a served Odoo, through the `make` machinery.

    with prepared_database("infra_bench") as (site, name):  # both add-ons, no demo data
        with Server(site, name, workers=2) as server:  # on a free loopback port
            print(server.url, server.login, server.password, server.pid)

PostgreSQL is the private test cluster, or the server that PGHOST names. The database is dropped afterwards.
``odoo_shell`` runs a script inside Odoo.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "scripts"))

from devkit.database import Site, prepared, prepared_database, site  # noqa: E402
from devkit.errors import DevError  # noqa: E402
from devkit.server import Server, free_port  # noqa: E402

__all__ = [
    "DevError",
    "Server",
    "Site",
    "arguments",
    "finish",
    "free_port",
    "odoo_shell",
    "p95",
    "prepared",
    "prepared_database",
    "progress",
    "settings",
    "site",
]


def arguments(description: str = "", **more) -> argparse.Namespace:
    """Command line of a benchmark: ``--data PATH`` and ``more`` options with their defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", default="", help="folder or file; empty for the benchmark's own small set")
    for name, default in more.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    return parser.parse_args()


def settings(data: str, defaults: dict) -> dict:
    """``defaults`` with what the JSON object in file ``data`` says; a wrong one ends with a sentence."""
    if not data:
        return defaults
    try:
        wanted = json.loads(Path(data).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"DATA={data} is no JSON file: {error}") from None
    if not isinstance(wanted, dict) or set(wanted) - set(defaults):
        raise SystemExit(
            f"DATA={data} must be one JSON object with no other names than {', '.join(defaults)}."
        )
    for name, default in defaults.items():
        value = wanted.get(name, default)
        if type(value) is not type(default) or not (value or default is True):
            raise SystemExit(
                f"DATA={data}: {name} must be like {json.dumps(default)}, not {json.dumps(value)}."
            )
    return {**defaults, **wanted}


def p95(values: list[float]) -> float:
    """95th percentile; of one value, that value."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def progress(text: str) -> None:
    """A line for the person who waits: on stderr, stdout belongs to the result."""
    print(text, file=sys.stderr, flush=True)


def finish(figures: dict) -> None:
    """The result, as the last line of stdout."""
    print(json.dumps(figures), flush=True)


def odoo_shell(here: Site, database: str, script: str, **variables: object) -> dict:
    """Run ``script`` inside Odoo (it has ``env``, as superuser) and answer its variable ``result``.

    ``variables`` (JSON values) are names in the script. Nothing is committed unless the script does so.
    """
    lines = [f"{name} = json.loads({json.dumps(json.dumps(value))})" for name, value in variables.items()]
    source = "\n".join(["import json", *lines, script, "print('RESULT ' + json.dumps(result))"])
    command = here.command(
        "shell",
        "-c",
        here.config,
        "-d",
        database,
        "--no-http",
        "--log-level=warn",
        "--shell-interface=python",
    )
    wrapped = f"exec({source!r}, {{'env': env}})\n"
    done = subprocess.run(
        command,
        input=wrapped,
        env={**os.environ, **here.environment()},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    for line in reversed(done.stdout.splitlines()):
        if "RESULT " in line:
            return json.loads(line.split("RESULT ", 1)[1])
    raise DevError(f"The script inside Odoo gave no result (exit status {done.returncode}).")
