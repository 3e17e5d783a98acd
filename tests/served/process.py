"""An Odoo server process in prefork mode, as it runs in production, that tests may hurt."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
import xmlrpc.client
from typing import Any

import psutil

from . import clients, database, web

START_SECONDS = 120


def free_port() -> int:
    """A free TCP port, out of ``E2E_PORTS`` ("8180-8199") if set, else any."""
    first, _, last = os.environ.get("E2E_PORTS", "").partition("-")
    for port in range(int(first), int(last) + 1) if first else (0,):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise RuntimeError(f"No free port in {first}-{last}")


class Server:
    """Odoo with ``--workers`` on 127.0.0.1 over one database.

    ``login``/``password`` is the administrator. ``connection`` names another PostgreSQL by libpq variables.
    """

    login = "admin"
    password = "admin"

    def __init__(self, db: str, workers: int = 2, connection: dict[str, str] | None = None, options=()):
        self.db, self.workers, self.connection, self.options = db, workers, connection, tuple(options)
        self.port = self.url = self.process = None
        self.log_path = database.DATA_DIR / f"{db}.log"
        self._xmlrpc: dict[tuple[str, str], clients.XmlRpcClient] = {}
        self._api_keys: dict[str, str] = {}
        self._link = None

    # Life of the process

    def start(self, port: int | None = None) -> "Server":
        """Start on ``port``, or a free one, and wait until it answers."""
        self.port, gevent_port = port or free_port(), None
        with socket.socket() as hold:  # keeps the second search off the first port
            hold.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            hold.bind(("127.0.0.1", self.port))
            gevent_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            database.odoo_command(*self._arguments(gevent_port)),
            env=database.odoo_environment(self.connection),
            cwd=database.ROOT,
            stdout=self.log_path.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait_until_up()
        return self

    def _arguments(self, gevent_port: int) -> list[str]:
        return [
            "-d",
            self.db,
            f"--workers={self.workers}",
            "--max-cron-threads=1",
            f"--http-port={self.port}",
            f"--gevent-port={gevent_port}",
            "--http-interface=127.0.0.1",
            "--limit-time-real=600",
            "--limit-time-cpu=600",
            *self.options,
        ]

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/web/health", timeout=10):
                return
            time.sleep(0.1)
        raise RuntimeError(f"Odoo on {self.db} did not come up:\n{self.log_tail()}")

    def log_tail(self, characters: int = 3000) -> str:
        return self.log_path.read_text(errors="replace")[-characters:] if self.log_path.exists() else ""

    def stop(self) -> None:
        """End the process and all its workers, whatever state they are in."""
        self.forget_connections()
        if self.process is None:
            return
        family = self._family()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=2)
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        self.process.wait()
        self.process = None

    def _family(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            master = psutil.Process(self.process.pid)
            return [*master.children(recursive=True), master]
        return []

    def forget_connections(self) -> None:
        """Drop clients and the SQL connection, as after a restart of one of the two."""
        self._xmlrpc.clear()
        if self._link is not None:
            with contextlib.suppress(Exception):
                self._link.close()
            self._link = None

    # Clients

    def client(self, login: str | None = None, password: str | None = None) -> clients.XmlRpcClient:
        """XML-RPC client of a user, the administrator if not named; logs in once."""
        who = (login or self.login, password or login or self.password)
        if who not in self._xmlrpc:
            self._xmlrpc[who] = clients.XmlRpcClient(self.url, self.db, *who)
        return self._xmlrpc[who]

    def rpc(self, model: str, method: str, args=(), kwargs=None, login=None, password=None) -> Any:
        """Call over XML-RPC. ``args`` are all positional arguments, record ids first."""
        return self.client(login, password).call(model, method, args, kwargs)

    def json2(self, model: str, method: str, *, login: str | None = None, **kwargs) -> Any:
        """Call over JSON-2 with an API key of ``login`` (made on first use)."""
        return clients.Json2Client(self.url, self.db, self.api_key(login)).call(model, method, **kwargs)

    def api_key(self, login: str | None = None) -> str:
        login = login or self.login
        if login not in self._api_keys:
            [(uid,)] = self.psql("SELECT id FROM res_users WHERE login = %s", login)
            with self._connected().cursor() as cursor:
                self._api_keys[login] = clients.create_api_key(cursor, uid)
        return self._api_keys[login]

    def create_user(self, login: str, *groups: str, **values) -> int:
        """Id of user ``login`` with ``groups`` (external ids), made if missing; password is the login."""
        found = self.rpc("res.users", "search", [[("login", "=", login)]])
        if found:
            return found[0]
        ids = [self.ref(name) for name in groups or ("base.group_user",)]
        values = {"name": login, "login": login, "password": login, "group_ids": [(6, 0, ids)], **values}
        return self.rpc("res.users", "create", [values], {"context": {"no_reset_password": True}})

    def ref(self, external_id: str) -> int:
        module, name = external_id.split(".", 1)
        [(found,)] = self.psql(
            "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s", module, name
        )
        return found

    def browser(self, width: int = 1400, login: str | None = None, password: str | None = None):
        """Context manager: a headless page logged in as a user; leaving it fails on console errors."""
        return web.logged_in_page(self, width, login or self.login, password or login or self.password)

    # The database behind it

    def _connected(self):
        if self._link is None or self._link.closed:
            self._link = database.connect(self.db, self.connection)
        return self._link

    def psql(self, query: str, *parameters) -> list[tuple]:
        """Run SQL in its own transaction and return all rows (none for a statement without a result)."""
        with self._connected().cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def without_jobs(self):
        """No job of ``ir.cron`` begins inside; one that is under way ends first."""
        link = database.connect(self.db, self.connection)
        link.autocommit = False
        try:
            link.cursor().execute("SELECT id FROM ir_cron FOR NO KEY UPDATE")  # Odoo skips locked jobs
            yield
        finally:
            link.close()

    def wake_jobs(self) -> None:
        """Have jobs that are due begin now, as Odoo does for new ones; else it looks once a minute."""
        with contextlib.closing(database.connect("postgres", self.connection)) as link:
            link.cursor().execute("SELECT pg_notify('cron_trigger', %s)", [self.db])

    def workers_of_kind(self, kind: str) -> list[psutil.Process]:
        """Child processes that serve "http" or work off "cron" jobs; the latter Odoo makes nicer."""
        master = psutil.Process(self.process.pid)
        found = {"http": [], "cron": []}
        for child in master.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if "gevent" not in child.cmdline():
                    found["cron" if child.nice() > master.nice() else "http"].append(child)
        return found[kind]


Fault = xmlrpc.client.Fault
