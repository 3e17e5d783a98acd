"""Databases by name: make, copy, drop, mark. Through psql, so that nothing needs to be installed for it."""

import json
import shutil
from pathlib import Path

from . import layout, system_tools
from .postgres import Connection
from .shell import run


class Databases:
    """The databases of one server, and Odoo's files that belong to them (``data_dir``)."""

    def __init__(self, connection: Connection, data_dir: Path):
        self.connection = connection
        self.data_dir = data_dir

    def query(self, text: str, database: str = "postgres") -> str:
        """Run one statement; rows as text, columns separated by ``|``."""
        words = [system_tools.find("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text]
        env = layout.environment(**self.connection.env)
        return run(words, f"A query on database {database}", env=env).strip()

    def exists(self, name: str) -> bool:
        return bool(self.query(f"SELECT 1 FROM pg_database WHERE datname = {literal(name)}"))

    def names(self) -> list[str]:
        return self.query("SELECT datname FROM pg_database ORDER BY datname").split()

    def mark(self, name: str, content: dict) -> None:
        """Leave a note on the database, so that a later run knows it as ours and what is in it."""
        self.query(f"COMMENT ON DATABASE {identifier(name)} IS {literal('devkit ' + json.dumps(content))}")

    def note(self, name: str) -> dict | None:
        """The note left by ``mark``, None if it was not us who made the database."""
        text = self.query(
            f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = {literal(name)}"
        )
        return json.loads(text.removeprefix("devkit ")) if text.startswith("devkit ") else None

    def create(self, name: str) -> None:
        self.query(f"CREATE DATABASE {identifier(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'")

    def drop(self, name: str) -> None:
        self.query(f"DROP DATABASE IF EXISTS {identifier(name)} WITH (FORCE)")
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def copy(self, source: str, target: str) -> None:
        """A copy with its files; those never change once written, so hard links do."""
        self.query(f"CREATE DATABASE {identifier(target)} TEMPLATE {identifier(source)}")
        if self.filestore(source).is_dir():
            shutil.rmtree(self.filestore(target), ignore_errors=True)
            self.filestore(target).parent.mkdir(parents=True, exist_ok=True)
            run(
                ["cp", "-al", self.filestore(source), self.filestore(target)],
                f"Copying the files of {source}",
            )

    def rename(self, old: str, new: str) -> None:
        self.query(f"ALTER DATABASE {identifier(old)} RENAME TO {identifier(new)}")
        if self.filestore(old).is_dir():
            shutil.rmtree(self.filestore(new), ignore_errors=True)
            self.filestore(old).rename(self.filestore(new))

    def filestore(self, name: str) -> Path:
        return self.data_dir / "filestore" / name


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
