"""A served Odoo, started and stopped by us and by process id only."""

import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from . import layout
from .database import Site
from .errors import DevError
from .shell import stop_group

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(port: int, interface: str = "127.0.0.1") -> None:
    """DevError if somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((interface, port))
        except OverflowError as error:
            raise DevError(f"Port {port} is no port number: choose one from 1024 to 65535.") from error
        except OSError as error:
            raise DevError(
                f"Port {port} is taken: stop the program that listens there, or choose another, "
                f"e.g. PORT={port + 1}."
            ) from error


def _die_with_parent() -> None:
    """Linux: if the program that started the server is killed, the server is told to stop."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Server:
    """Odoo on a database of a ``Site``, as a context manager.

    ``workers=0`` is one process with threads, where live notifications (websocket) come over the same port;
    with workers they come over ``gevent_port``, and a reverse proxy joins the two (see docker/).
    """

    login = "admin"
    password = "admin"

    def __init__(
        self,
        site: Site,
        database: str,
        *,
        port: int | None = None,
        workers: int = 0,
        interface: str = "127.0.0.1",
        gevent_port: int | None = None,
        options: Sequence[str] = (),
        log: Path | None = None,
        environment: dict[str, str] | None = None,
    ):
        self.site, self.database, self.workers, self.interface = site, database, workers, interface
        self.port = port or free_port()
        self.gevent_port = gevent_port or (free_port() if workers else self.port)
        self.options = list(options)
        self.log = log or layout.LOGS / f"server-{self.port}.log"
        self.environment = environment or {}
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the server (with workers: of their master)."""
        return self.process.pid

    def command(self) -> list[str]:
        words = [
            "server",
            "-c",
            self.site.config,
            "-d",
            self.database,
            # no filter: with one, Odoo asks PostgreSQL for all databases at every call without a session
            "--no-database-list",
        ]
        words += [
            f"--http-port={self.port}",
            f"--http-interface={self.interface}",
            f"--workers={self.workers}",
        ]
        if self.workers:
            words += [f"--gevent-port={self.gevent_port}", "--limit-time-real=600", "--limit-time-cpu=600"]
        return self.site.command(*words, *self.options)

    def start(self, patience: float = 120) -> "Server":
        """Start and wait until it answers; with a clear error if it does not."""
        check_port(self.port, self.interface)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                env={**self.site.environment(), **self.environment},
                cwd=layout.PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one plain system call, no locks
            )
        try:
            self.wait(patience)
        except BaseException:
            self.stop()
            raise
        return self

    def wait(self, patience: float = 120) -> None:
        """Until a page that needs the database answers."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise DevError(
                    f"Odoo stopped while starting: {self._last_error()} (all of its output: {self.log})"
                )
            if self.answers():
                return
            time.sleep(0.1)
        raise DevError(f"Odoo did not answer at {self.url} within {patience:.0f} s (its output: {self.log})")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/web/login", timeout=60) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _last_error(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() or ["no output"]
        return next(
            (line for line in reversed(lines) if " ERROR " in line or "Error" in line), lines[-1]
        ).strip()

    def stop(self) -> None:
        """Stop it and its workers, and nobody else."""
        if self.process:
            stop_group(self.process)

    def kill(self) -> None:
        """As a power cut would: no clean-up. For fault tests; ``start`` brings it back."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    __enter__ = start

    def __exit__(self, *_exc):
        self.stop()
