import errno
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from devkit import errors

CASES = [
    ("E: Unable to locate package odoo-19", "Package odoo-19 is not found"),
    ("E: Package 'chromium' has no installation candidate", "Package chromium is not found"),
    ("ERROR: No matching distribution found for polib==9", "Package polib==9 is not found"),
    ("npm error 404 Not Found - GET https://host/eslint-x", "Package eslint-x is not found"),
    ("W: Failed to fetch x  Temporary failure resolving 'host'", "out of reach"),
    ("Could not connect to host:80 (127.0.0.1). - connect (111: Connection refused)", "out of reach"),
    ("NewConnectionError('Failed to establish a new connection')", "out of reach"),
    ("npm error code ENOTFOUND", "out of reach"),
    ("dpkg-deb: error: cannot write: No space left on device", "The disk is full"),
    ("E: You don't have enough free space in /x/archives/.", "The disk is full"),
    ("npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "does not trust"),
]


@pytest.mark.parametrize(("output", "said"), CASES)
def test_a_known_cause_becomes_one_sentence(output, said):
    sentence = errors.explain("Odoo", output)
    assert said in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_an_unreachable_index_is_not_mistaken_for_a_missing_package():
    output = "Retrying: NameResolutionError\nERROR: No matching distribution found for polib==1.1.1"
    assert "out of reach" in errors.explain("The Python packages", output)


def test_an_unknown_cause_is_left_to_the_caller():
    assert errors.explain("Odoo", "something else") is None


def test_a_full_disk_is_named_with_its_place():
    error = OSError(errno.ENOSPC, "No space left on device")
    assert errors.explain_os_error(error, "/data") == (
        "The disk is full: free some space where /data lies (or point LOCAL_DIR elsewhere) and run the same "
        "command again."
    )
