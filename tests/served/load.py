"""Clients that keep sending the same keyed calls until each is answered, whatever happens to the server."""

import contextlib
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from .clients import Json2Client, Json2Error

PATIENCE = 120


def until_answered(client: Json2Client, model: str, method: str, **kwargs):
    """Send until there is an answer; what is sent again carries the same key and must do no more."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return client.call(model, method, **kwargs)
        except (OSError, ValueError, Json2Error) as error:
            if not _is_passing(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _is_passing(error: Exception) -> bool:
    """Whether to send again: no answer, a server's error, or two calls in each other's way.

    While PostgreSQL is away, Odoo answers 404 with a page instead of JSON: it knows no database then.
    """
    if not isinstance(error, Json2Error) or error.status >= 500 or not error.name:
        return True
    return any(word in str(error) for word in ("serialize", "concurrent", "deadlock"))


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


def kill_at_work(server, watch, kind: str = "http", timeout: float = 60) -> int:
    """``kill -9`` a worker in the middle of a transaction that has written; return the worker's pid.

    PostgreSQL does not tell which worker a connection belongs to (all carry the master's name), so workers
    are killed until one took an uncommitted transaction with it. ``watch`` runs SQL on its own connection.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        writing, workers = _writing(watch), server.workers_of_kind(kind)
        if writing and workers:
            victim = random.choice(workers)
            victim.kill()
            if _took_one_along(watch, writing):
                return victim.pid
        time.sleep(0.01)
    raise AssertionError(f"no {kind} worker was seen at work")


def _writing(watch) -> set[tuple]:
    """Connections of Odoo, and their transactions, that have written and not committed yet."""
    return set(
        watch(
            """SELECT pid, backend_xid::text FROM pg_stat_activity
                WHERE datname = current_database() AND backend_xid IS NOT NULL
                  AND starts_with(application_name, 'odoo')"""
        )
    )


def _took_one_along(watch, writing: set[tuple]) -> bool:
    """Whether one of these transactions was rolled back, within a moment, because its client is gone."""
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        for _pid, transaction in writing - _writing(watch):
            [(status,)] = watch("SELECT pg_xact_status(%s::xid8)", transaction)
            if status == "aborted":
                return True
        time.sleep(0.01)
    return False


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
