"""`make run` never touches a database that it did not make."""

import os
import sys
from pathlib import Path

import pytest
from served import database

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from devkit.database import refuse_foreign
from devkit.errors import DevError
from devkit.postgres import Connection
from devkit.sql import Databases

NAME = f"{database.PREFIX}_foreign"


@pytest.fixture
def databases(tmp_path):
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
    here = Databases(Connection({name: os.environ[name] for name in names if name in os.environ}), tmp_path)
    here.drop(NAME)
    here.create(NAME)
    here.query("CREATE TABLE mine (id int)", NAME)
    yield here
    here.drop(NAME)


def test_a_database_with_other_content_is_refused_and_stays(databases):
    with pytest.raises(DevError, match=rf"A database named {NAME} is already there and was not made by this"):
        refuse_foreign(databases, NAME)
    assert databases.query("SELECT count(*) FROM mine", NAME) == "0"


def test_our_own_database_is_known_by_its_mark(databases):
    databases.mark(NAME, {"made": 1, "note": "it's ours"})
    refuse_foreign(databases, NAME)
    assert databases.note(NAME) == {"made": 1, "note": "it's ours"}
