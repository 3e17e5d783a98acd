# ruff: noqa: RET502, RET503, RET505
import pytest
from nets.returns import may_return_none


def falls_through(flag):
    if flag:
        return 1


def bare(flag):
    if flag:
        return
    return 1


def both_branches(flag):
    if flag:
        return 1
    else:
        raise ValueError


def tried():
    try:
        return 1
    except ValueError:
        pass


def nested():
    def inner():
        return

    return inner


@pytest.mark.parametrize(
    ("function", "expected"),
    [(falls_through, True), (bare, True), (both_branches, False), (tried, True), (nested, False)],
)
def test_may_return_none(function, expected):
    assert may_return_none(function) is expected
