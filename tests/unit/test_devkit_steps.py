import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from devkit import layout, project_rules, steps
from devkit.errors import DevError
from devkit.steps import Step, ensure


@pytest.fixture(autouse=True)
def local(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "LOCAL", tmp_path)
    monkeypatch.setattr(layout, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(layout, "TMP", tmp_path / "tmp")
    return tmp_path


def test_a_closed_temporary_folder_is_replaced_by_ours(local, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(local / "closed"))
    layout.choose_temp_folder()
    assert os.environ["TMPDIR"] == str(local / "tmp")
    assert (local / "tmp").is_dir()


def test_an_open_temporary_folder_stays(local, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(local))
    layout.choose_temp_folder()
    assert os.environ["TMPDIR"] == str(local)


def step(local, build, key="1", **more):
    return Step("thing", "a thing", local / "thing", key, build, **more)


def test_a_step_is_built_once_per_content(local):
    built = []
    for key in ("1", "1", "2", "2"):
        ensure(step(local, lambda work, key=key: built.append(key), key))
    assert built == ["1", "2"]


def test_an_interrupted_step_leaves_nothing_and_is_begun_again(local):
    def half(work):
        (work / "half").write_text("")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure(step(local, half))
    assert not (local / "thing").exists()
    assert list((local / "tmp").iterdir()) == []
    ensure(step(local, lambda work: (work / "whole").write_text("")))
    assert [path.name for path in (local / "thing").iterdir()] == ["whole"]


def test_a_failed_renewal_keeps_what_was_there(local):
    ensure(step(local, lambda work: (work / "old").write_text("")))

    def fail(work):
        raise DevError("no network")

    with pytest.raises(DevError):
        ensure(step(local, fail, key="2"))
    assert (local / "thing" / "old").exists()


def test_a_step_may_need_another(local):
    inner = Step("inner", "inner", local / "inner", "1", lambda work: None)
    ensure(step(local, lambda work: ensure(inner)))
    assert (local / "inner").is_dir()


def test_a_lack_of_space_is_told_before_anything_is_made(local):
    with pytest.raises(DevError, match="a thing: needs about 99999999 MiB and"):
        ensure(step(local, lambda work: None, needs_mib=99_999_999))
    assert not (local / "thing").exists()


def test_a_lock_of_the_same_process_is_no_obstacle(local):
    with steps.locked("x", "never"), steps.locked("x", "never"):
        assert "x" in steps._held
    assert "x" not in steps._held


def test_loose_requirements_are_found():
    text = "# why\na==1.0\nb[x]==2 ; python_version < '3.13'\nc>=1\nd\n-r other.txt\n"
    found = list(project_rules.loose_pins(Path("requirements/x.txt"), text))
    assert found == [
        "requirements/x.txt:4: not an exact version: c>=1",
        "requirements/x.txt:5: not an exact version: d",
    ]


def test_long_functions_are_found_without_their_docstring():
    body = "\n".join(f"    x{number} = {number}" for number in range(30))
    text = f'def long():\n    """One\n    two."""\n{body}\n\n\ndef excused():  # long: a table\n{body}\n'
    assert list(project_rules.python_sizes(Path("a.py"), text)) == ["a.py:1: long has 31 lines, at most 30"]
