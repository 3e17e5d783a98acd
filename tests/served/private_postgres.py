"""A PostgreSQL of a test's own, which it may crash. Durable, unlike the one that the other tests share."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from . import database

sys.path.insert(0, str(database.ROOT / "scripts"))

from devkit.postgres import Cluster


class PrivatePostgres:
    """A running cluster; ``connection`` are the libpq variables to reach it."""

    def __init__(self, name: str = "faults"):
        self.cluster = Cluster(name)

    @property
    def connection(self) -> dict[str, str]:
        return self.cluster.connection.env

    @contextlib.contextmanager
    def running(self):
        with self.cluster.used():
            yield self

    def load(self, template: str, name: str) -> str:
        """Copy a database of the shared server into this one under ``name``."""
        environment = {**os.environ, **self.connection}
        subprocess.run(["dropdb", "--if-exists", "--force", name], env=environment, check=True)
        subprocess.run(["createdb", "-T", "template0", name], env=environment, check=True)
        dump = subprocess.Popen(
            ["pg_dump", "--no-owner", "--no-privileges", template], stdout=subprocess.PIPE
        )
        restore = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", name]
        subprocess.run(restore, env=environment, stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)
        if dump.wait():
            raise RuntimeError(f"pg_dump of {template} failed")
        return name

    def crash(self) -> None:
        """As a power cut: no shutdown, open transactions are lost, the log is replayed at the next start."""
        pid = self.cluster.pid()
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            pass

    def start_again(self) -> None:
        self.cluster._start()
