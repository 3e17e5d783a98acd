"""Starting the private PostgreSQL, without one."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from devkit.errors import DevError
from devkit.postgres import Cluster


@pytest.fixture
def crashed(tmp_path):
    """A cluster whose server was killed: its pid file is still there and says that it is ready."""
    cluster = Cluster("test")
    cluster.data, cluster.log = tmp_path, tmp_path / "log"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lines = [str(dead.pid), str(tmp_path), "0", "5432", str(tmp_path), "", "0 0", "ready   "]
    (tmp_path / "postmaster.pid").write_text("\n".join(lines))
    (tmp_path / "log").write_text("FATAL:  could not start: the disk is broken\n")
    return cluster


def test_a_pid_file_left_by_a_crash_is_no_running_server(crashed):
    assert crashed.pid() is None


def test_after_a_crash_the_new_server_is_waited_for(crashed):
    failing = subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(DevError, match="the disk is broken"):
        crashed._wait(failing)
