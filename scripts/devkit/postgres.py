"""The private PostgreSQL, on a Unix socket in a folder that only we may enter; or the server of $PGHOST.

There are two clusters. Data of `make run` is somebody's work and survives a power cut. Test databases are
made anew, so theirs runs without fsync, which is several times faster; that cannot be set per database.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import layout, system_tools, unprivileged
from .errors import DevError
from .shell import Heartbeat, alive, run
from .steps import check_space, locked, replace, scratch

USER = "odoo"
OURS = layout.SYSTEM / "postgres"
SOCKET_LIMIT = 107  # bytes in a Unix socket's path
COMMON = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "256MB", "log_timezone": "UTC"}
SPEED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "2GB"}


@dataclass
class Connection:
    """How to reach a server, for libpq programs and for Odoo."""

    env: dict[str, str] = field(default_factory=dict)

    def odoo_options(self) -> dict[str, str]:
        names = {"PGHOST": "db_host", "PGPORT": "db_port", "PGUSER": "db_user", "PGPASSWORD": "db_password"}
        return {option: self.env[name] for name, option in names.items() if self.env.get(name)}


def given() -> Connection | None:
    """The server that the user's environment names."""
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSERVICE", "PGSSLMODE")
    env = {name: os.environ[name] for name in names if os.environ.get(name)}
    return Connection(env) if "PGHOST" in env or "PGSERVICE" in env else None


class Cluster:
    """One private cluster. Whoever uses it last stops it. With ``tcp_port`` also on loopback, by password."""

    def __init__(self, name: str, tcp_port: int = 0):
        self.name = name
        self.port = tcp_port or 5432
        self.folder = layout.LOCAL / "pg" / name
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.settings = COMMON | (SPEED if name != "run" else {})
        if tcp_port:
            self.settings["listen_addresses"] = "127.0.0.1"

    @property
    def socket(self) -> Path:
        inside = self.folder / "socket"
        if len(str(inside / ".s.PGSQL.5432").encode()) <= SOCKET_LIMIT:
            return inside
        return Path("/tmp") / f"order-management-{layout.digest(self.folder)[:8]}-{os.getuid()}"

    @property
    def connection(self) -> Connection:
        return Connection({"PGHOST": str(self.socket), "PGUSER": USER, "PGPORT": str(self.port)})

    @contextlib.contextmanager
    def used(self) -> Iterator[Connection]:
        """The running cluster. A shared lock counts its users, also those that are killed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "users.lock", "w") as users:
            with locked(f"postgres-{self.name}", "another run starts or stops PostgreSQL"):
                fcntl.flock(users, fcntl.LOCK_SH)
                self._start()
            try:
                yield self.connection
            finally:
                with locked(f"postgres-{self.name}", "another run starts or stops PostgreSQL"):
                    self._leave(users)

    def is_idle(self) -> bool:
        """Whether no process of ours uses it."""
        if not (self.folder / "users.lock").exists():
            return True
        with open(self.folder / "users.lock") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def _leave(self, users) -> None:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()

    def _start(self) -> None:
        if self.pid():
            return
        program = Path(system_tools.find("postgres"))
        if OURS in program.parents:
            program = unprivileged.reachable(program, OURS)
        if not (self.data / "PG_VERSION").is_file():
            self._init(program)
        program = self._matching(program)
        self._make_socket_folder()
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        command = [program, "-D", self.data, "-k", self.socket, "-c", f"port={self.port}", *settings]
        with open(self.log, "ab") as log:
            process = subprocess.Popen(
                [*unprivileged.prefix(), *map(str, command)],
                env=self._environment(program),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait(process)

    def _init(self, program: Path) -> None:
        check_space(300, "A PostgreSQL cluster")
        with scratch(f"pg-{self.name}") as work, Heartbeat("PostgreSQL cluster"):
            unprivileged.hand_over(work)
            words = [
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth-local=trust",
                "--auth-host=scram-sha-256",
                f"--username={USER}",
                "--no-sync",
            ]
            command = [*unprivileged.prefix(), program.with_name("initdb"), "-D", work, *words]
            run(command, "Making the PostgreSQL cluster", env=self._environment(program), cwd=Path("/"))
            replace(work, self.data)
            self.data.chmod(0o700)

    def _matching(self, program: Path) -> Path:
        """The server of the version that made the data."""
        version = (self.data / "PG_VERSION").read_text().strip()
        if program.parts[-3] in (version, "usr", "local"):
            return program
        same = Path(f"/usr/lib/postgresql/{version}/bin/postgres")
        if same.exists():
            return same
        raise DevError(
            f"The databases in {self.data} were made by PostgreSQL {version}, which is not on this machine "
            f"any more: install postgresql-{version}, or move the folder away to begin with empty ones."
        )

    def _make_socket_folder(self) -> None:
        self.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.socket.stat().st_uid not in (os.getuid(), unprivileged.owner()):
            raise DevError(
                f"{self.socket} belongs to somebody else: remove it or use a shorter project path."
            )
        self.socket.chmod(0o700)
        unprivileged.hand_over(self.socket)

    def _environment(self, program: Path) -> dict[str, str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
            "LC_ALL": "C.UTF-8"
        }
        if not program.is_relative_to("/usr"):
            # …/usr/lib/postgresql/15/bin/postgres: the unpacked packages, or their copy
            env["LD_LIBRARY_PATH"] = system_tools.library_path(program.parents[5])
        return env

    def _wait(self, process: subprocess.Popen) -> None:
        """Until it takes connections: the eighth line of its pid file says so."""
        for _attempt in range(600):
            if self.pid() and self._status() == "ready":  # a pid file left by a crash says "ready" as well
                return
            if process.poll() is not None:
                break
            time.sleep(0.1)
        lines = self.log.read_text(errors="replace").splitlines() or [""]
        last = next((line for line in reversed(lines) if "FATAL" in line or "could not" in line), lines[-1])
        raise DevError(
            f"PostgreSQL does not start: {last.split(':', 3)[-1].strip()} (all of its output: {self.log})"
        )

    def _status(self) -> str:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip()
        except (OSError, IndexError):
            return ""

    def pid(self) -> int | None:
        """Process id of the running server; a pid file left by a crash does not count."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, IndexError, ValueError):
            return None
        return pid if str(self.data).encode() in command else None

    def stop(self) -> None:
        """Disconnect everybody and shut down; waits until it is gone."""
        pid = self.pid()
        if not pid:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        for _attempt in range(600):
            if not alive(pid):
                break
            time.sleep(0.05)
        if self.socket.parent == Path("/tmp"):
            shutil.rmtree(self.socket, ignore_errors=True)


@contextlib.contextmanager
def server(name: str) -> Iterator[Connection]:
    """The PostgreSQL to use: the user's ($PGHOST), else our cluster ``name`` while the block runs."""
    if connection := given():
        yield connection
        return
    with Cluster(name).used() as connection:
        yield connection
