"""Clients that keep sending the same keyed calls until each is answered, whatever happens to the server."""

import contextlib
import os
import signal
import threading
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor

from .clients import Json2Client, Json2Error

PATIENCE = 120


def until_answered(client: Json2Client, model: str, method: str, **kwargs):
    """Send until there is an answer; what is sent again carries the same key and must do no more."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return client.call(model, method, **kwargs)
        except (OSError, urllib.error.URLError, Json2Error, ValueError) as error:
            if getattr(error, "status", 500) < 500 and not _is_passing(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _is_passing(error: Exception) -> bool:
    return any(word in str(error) for word in ("serialize", "concurrent", "lock", "deadlock"))


class Load:
    """Runs calls on ``clients`` threads in the background; ``answers`` by key when joined."""

    def __init__(self, send, keys, clients: int = 4):
        self.pool = ThreadPoolExecutor(clients)
        self.futures = {key: self.pool.submit(send, key) for key in keys}

    @property
    def answered(self) -> int:
        return sum(future.done() for future in self.futures.values())

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.answered < min(count, len(self.futures)) and time.monotonic() < deadline:
            time.sleep(0.02)

    def join(self) -> dict:
        with self.pool:
            return {key: future.result(timeout=2 * PATIENCE) for key, future in self.futures.items()}


def kill_busy_worker(server, watch, timeout: float = 30) -> int | None:
    """``kill -9`` a worker that has written in a transaction it has not committed; its pid, None if none was
    seen. ``watch`` runs SQL on a connection of its own."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        workers = set(server.worker_pids())
        rows = watch(
            """SELECT application_name FROM pg_stat_activity
                WHERE datname = current_database() AND backend_xid IS NOT NULL
                  AND application_name LIKE 'odoo-%%' AND pid <> pg_backend_pid()"""
        )
        for (name,) in rows:
            pid = int(name.removeprefix("odoo-"))
            if pid in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return pid
        time.sleep(0.005)
    return None


class Supervisor(threading.Thread):
    """Starts the server again when its master is gone, as systemd or a container runtime does."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.ended, self.restarts = server, threading.Event(), 0

    def run(self) -> None:
        while not self.ended.wait(0.2):
            if self.server.process.poll() is not None:
                with contextlib.suppress(RuntimeError):
                    self.server.start(port=self.server.port)
                self.restarts += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exc):
        self.ended.set()
        self.join()
