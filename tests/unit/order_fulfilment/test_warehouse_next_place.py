"""Where a short pick goes on."""

from of_tools.warehouse.next_place import Stock, next_best

NEAR, FAR, SMALL = Stock(5, 4.0, 2), Stock(9, 30.0, 0), Stock(1, 0.0, 1)


def test_the_place_that_adds_least_to_the_walk():
    assert next_best([FAR, NEAR], 3, by_rank=False) == [(1, 3)]


def test_one_stop_before_two():
    assert next_best([SMALL, NEAR], 3, by_rank=False) == [(1, 3)]


def test_several_where_none_has_all():
    assert next_best([FAR, NEAR, SMALL], 12, by_rank=False) == [(2, 1), (1, 5), (0, 6)]


def test_a_binding_strategy_comes_before_the_walk():
    assert next_best([NEAR, FAR], 3, by_rank=True) == [(1, 3)]


def test_nothing_anywhere():
    assert next_best([], 3, by_rank=False) == []
    assert next_best([Stock(0, 1.0, 0)], 3, by_rank=False) == []
