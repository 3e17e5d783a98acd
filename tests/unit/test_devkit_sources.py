import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from devkit import apt_sources
from devkit.errors import DevError

DEB822 = """\
# the distribution
Types: deb deb-src
URIs: http://packages.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
URIs: http://packages.test/security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.test/debian
Suites: bookworm
Components: main
"""
ONE_LINE = """\
# deb http://commented.test/debian bookworm main
deb-src http://packages.test/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg trusted=yes] http://packages.test/ubuntu noble main universe  # all
deb http://packages.test/ubuntu noble-security main
"""
KEY = """\
Types: deb
URIs: http://packages.test/debian
Suites: trixie
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----
"""


def machine(tmp_path, codename, **files):
    parts = tmp_path / "apt" / "sources.list.d"
    parts.mkdir(parents=True)
    for name, text in files.items():
        (parts / name.replace("__", ".")).write_text(text)
    (tmp_path / "os-release").write_text(f'ID=debian\nVERSION_CODENAME="{codename}"\n')
    return tmp_path / "apt", tmp_path / "os-release"


def test_deb822_sources_without_the_disabled_one():
    uris = [(source.uri, source.suites) for source in apt_sources.parse_deb822(DEB822)]
    assert uris == [
        ("http://packages.test/debian", ("bookworm", "bookworm-updates")),
        ("http://packages.test/security", ("bookworm-security",)),
    ]


def test_one_line_sources_keep_how_they_are_trusted():
    first, second = apt_sources.parse_one_line(ONE_LINE)
    assert (first.uri, first.suites, first.components) == (
        "http://packages.test/ubuntu",
        ("noble",),
        ("main", "universe"),
    )
    assert first.options == {"Signed-By": "/k.gpg", "Trusted": "yes"}
    assert second.options == {}


def test_another_suite_is_asked_from_the_same_mirror():
    [source] = apt_sources.parse_deb822(DEB822.split("\n\n")[0])
    assert source.stanza(("unstable",), ("main",)) == (
        "Types: deb\nURIs: http://packages.test/debian\nSuites: unstable\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/debian.gpg\n"
    )


def test_a_key_inside_the_source_stays_whole():
    [source] = apt_sources.parse_deb822(KEY)
    [again] = apt_sources.parse_deb822(source.stanza(source.suites, source.components))
    assert "END PGP" in again.options["Signed-By"]
    assert again.options["Signed-By"].split() == source.options["Signed-By"].split()


def test_the_mirror_is_the_distribution_and_not_its_updates(tmp_path):
    etc, release = machine(tmp_path, "bookworm", a__list=ONE_LINE, b__sources=DEB822)
    assert apt_sources.main_mirror(etc, release).uri == "http://packages.test/debian"


def test_a_machine_without_such_a_source_is_told_what_to_do(tmp_path):
    etc, release = machine(tmp_path, "bookworm", a__list="deb http://vendor.test stable-x tool\n")
    with pytest.raises(DevError, match="No package source of this distribution"):
        apt_sources.main_mirror(etc, release)
