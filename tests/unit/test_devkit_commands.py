"""Every failure of the commands, really provoked: one clear sentence, an exit status, nothing half-made."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ALONE = ["unshare", "--user", "--map-root-user", "--net", "--mount"]


def can_unshare() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


needs_namespaces = pytest.mark.skipif(not can_unshare(), reason="this machine allows no namespaces")


@pytest.fixture
def dev(tmp_path):
    """Run a command of the Makefile with an empty folder of its own; answers (status, what it said)."""

    def call(*words, before=(), **env):
        environment = {**os.environ, "LOCAL_DIR": str(tmp_path / "local"), **env}
        for name in ("PGHOST", "PGSERVICE"):
            environment.pop(name, None)
        command = [*before, sys.executable, str(PROJECT / "scripts" / "dev.py"), *words]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        return done.returncode, done.stderr.strip()

    return call


def assert_nothing_made(tmp_path):
    left = [path for path in (tmp_path / "local").rglob("*") if path.is_file() and path.stat().st_size]
    assert [path for path in left if "apt" not in path.parts and "log" not in path.parts] == []


def test_an_old_python_is_refused(tmp_path):
    program = "import sys; sys.version_info = (3, 9, 2); sys.argv = ['dev.py', 'run']; exec(open(%r).read())"
    code = program % str(PROJECT / "scripts" / "dev.py")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: Python 3.11 or newer is needed and ")
    assert "PYTHON=python3.11" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_entry_is_readable_for_old_pythons():
    source = (PROJECT / "scripts" / "dev.py").read_text(encoding="utf-8")
    assert "f'" not in source
    assert 'f"' not in source
    assert "->" not in source
    compile(source, "dev.py", "exec")


def test_a_taken_port_is_refused(dev, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, said = dev("run", "--port", str(port))
    assert (status, said.split(":")[:2]) == (1, ["error", f" Port {port} is taken"])
    assert_nothing_made(tmp_path)


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        (None, "is not an Odoo 19 source: set ODOO_PATH to a folder that contains odoo/release.py."),
        ("(18, 0, 0, 'final', 0, '')", "is not an Odoo 19 source but Odoo 18.0:"),
        ("(19, 0, 0, 'final', 0, '')", "is an Odoo 19 source without its add-ons:"),
    ],
)
def test_another_odoo_is_refused(dev, tmp_path, version, sentence):
    source = tmp_path / "source"
    (source / "odoo").mkdir(parents=True)
    if version:
        (source / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    status, said = dev("run", "--port", "0", ODOO_PATH=str(source))
    assert status == 1
    assert said.startswith(f"error: {source} {sentence}")
    assert_nothing_made(tmp_path)


@needs_namespaces
def test_no_network(dev, tmp_path):
    status, said = dev("run", "--port", "0", before=ALONE)
    assert status == 1
    assert "could not be fetched because the network or the mirror is out of reach" in said.splitlines()[-1]
    assert_nothing_made(tmp_path)


@needs_namespaces
def test_a_full_disk(dev, tmp_path):
    (tmp_path / "local").mkdir()
    mount = f'mount -t tmpfs -o size=2m none {tmp_path / "local"} && exec "$@"'
    status, said = dev("run", "--port", "0", before=[*ALONE, "sh", "-c", mount, "sh"])
    assert status == 1
    assert "MiB are free at" in said.splitlines()[-1] or "The disk is full" in said.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["bench", "nothing-like-it"], "error: There is no benchmark named 'nothing_like_it': choose one of"),
        (["run", "--database", "a b"], "error: a b is no name for a database"),
        (["run", "--port", "99999"], "error: Port 99999 is no port number"),
    ],
)
def test_a_wrong_argument_is_named(dev, words, sentence):
    status, said = dev(*words)
    assert status == 1
    assert said.startswith(sentence)
