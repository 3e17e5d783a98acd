"""Fixtures of the end-to-end tests. What each offers is said in its docstring; start there."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from invariants import violations
from nets import inside
from served import database, process

RUNNING: list[process.Server] = []


def _serve(name: str, **options) -> process.Server:
    addons = options.pop("addons", database.ADDONS)
    database.copy(database.prepared(addons), name)
    served = process.Server(name, **options)
    RUNNING.append(served)
    return served.start()


def _end(served: process.Server) -> None:
    RUNNING.remove(served)
    served.stop()
    if not os.environ.get("E2E_KEEP"):
        database.drop(served.db)


@pytest.fixture(scope="session")
def server():
    """One served Odoo for the whole run, two workers, on a fresh database with both add-ons.

    Offers ``.url``, ``.db``, ``.login``, ``.password``, ``.rpc(model, method, args, kwargs)`` (XML-RPC),
    ``.json2(model, method, **kwargs)``, ``.psql(sql, *parameters)``, ``.browser(width)``,
    ``.create_user(login, *groups)``, ``.ref(external_id)``. The database is shared: make your own records
    and leave no setting changed.
    """
    served = _serve(f"{database.PREFIX}_e2e")
    yield served
    _end(served)


@pytest.fixture
def fresh_server():
    """Factory of servers for one test that may break them: ``fresh_server(workers=3, connection=…)``.

    Each has its own copy of the prepared database and is stopped and removed after the test.
    """
    started = []

    def start(**options):
        started.append(_serve(f"{database.PREFIX}_e2e_fresh{len(started)}", **options))
        return started[-1]

    yield start
    for served in started:
        _end(served)


@pytest.fixture
def running_servers():
    """Servers that the invariants are checked on; a test that starts one itself adds it here."""
    return RUNNING


@pytest.fixture(scope="session")
def registry(server):
    """Odoo's registry on the database of ``server``, in this process; use ``nets.inside.environment``."""
    return inside.boot(server.db)


@pytest.fixture
def env(registry):
    """Superuser environment on the database of ``server``; rolled back after the test."""
    with inside.environment(registry) as environment:
        yield environment


@pytest.fixture(autouse=True)
def _invariants_hold(request):
    """After every test, the SQL invariants hold in every database that a test server runs on."""
    for name in {"fresh_server", "crashing"} & set(request.fixturenames):
        request.getfixturevalue(name)  # torn down after this check
    yield
    broken = {served.db: found for served in RUNNING if (found := violations(served.psql))}
    assert not broken, broken
