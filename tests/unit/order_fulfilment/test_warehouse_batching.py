import random

import pytest
from of_tools.batching import (
    Cart,
    Order,
    OversizeError,
    Pace,
    Running,
    first_come_plan,
    join_running,
    plan_batches,
)
from of_tools.pick_route import Layout, Stop

LAYOUT = Layout((0, 5, 10, 15), (0, 20), (0, 0))


def order(key, aisle, y=10, **values):
    return Order(key, (Stop(aisle, y),), 1, **values)


def keys(plan):
    return sorted(sorted(order.key for order in batch) for batch in plan.batches)


def random_orders(seed, due=None):
    dice = random.Random(seed)
    orders = []
    for key in range(14):
        stops = tuple(Stop(dice.randrange(4), dice.randint(1, 19)) for _stop in range(dice.randint(1, 4)))
        limit = dice.uniform(*due) if due else float("inf")
        orders.append(Order(key, stops, len(stops), weight=dice.random(), due=limit))
    return orders


def test_orders_of_one_aisle_are_picked_together():
    orders = [order("a", 0), order("b", 3), order("c", 0), order("d", 3)]
    plan = plan_batches(orders, LAYOUT, Cart(units=2))
    assert keys(plan) == [["a", "c"], ["b", "d"]]
    assert plan.length == 20 + 50
    assert first_come_plan(orders, LAYOUT, Cart(units=2)).length == 2 * 70


@pytest.mark.parametrize(
    "cart",
    [Cart(units=1), Cart(weight=1.5), Cart(volume=1.5), Cart(bins=1)],
    ids=["units", "weight", "volume", "bins"],
)
def test_each_limit_of_the_cart_holds(cart):
    orders = [order("a", 0, weight=1, volume=1), order("b", 0, weight=1, volume=1)]
    assert keys(plan_batches(orders, LAYOUT, cart)) == [["a"], ["b"]]


def test_zones_are_not_mixed():
    orders = [order("a", 0, zone="north"), order("b", 0, zone="south")]
    plan = plan_batches(orders, {"north": LAYOUT, "south": LAYOUT}, Cart())
    assert keys(plan) == [["a"], ["b"]]


def test_an_order_beyond_the_cart_is_named():
    with pytest.raises(OversizeError, match="Order big alone is more than the cart takes"):
        plan_batches([order("big", 0, weight=9)], LAYOUT, Cart(weight=5))


@pytest.mark.parametrize("seed", range(8))
def test_nothing_becomes_late_by_batching(seed):
    orders, pace = random_orders(seed, due=(0.02, 0.3)), Pace(speed=1000)
    first_come = first_come_plan(orders, LAYOUT, Cart(units=8), pace)
    plan = plan_batches(orders, LAYOUT, Cart(units=8), pace, seconds=1)
    assert plan.late <= first_come.late
    assert plan.length <= first_come.length


@pytest.mark.parametrize("seed", range(8))
def test_every_order_is_in_one_batch(seed):
    plan = plan_batches(random_orders(seed), LAYOUT, Cart(units=8), seconds=1)
    assert sorted(order.key for batch in plan.batches for order in batch) == list(range(14))
    assert all(sum(order.units for order in batch) <= 8 for batch in plan.batches)


def test_the_most_urgent_batch_starts_first():
    orders = [order("later", 0, due=5, zone=1), order("soon", 3, due=1, zone=2)]
    plan = plan_batches(orders, {1: LAYOUT, 2: LAYOUT}, Cart())
    assert [batch[0].key for batch in plan.batches] == ["soon", "later"]


def test_who_came_first_does_not_become_late_for_one_that_is_late_anyway():
    orders, cart = [order("first", 0, due=0.09), order("second", 0, due=0.08)], Cart(units=1)
    alone = first_come_plan(orders[:1], LAYOUT, cart).length
    plan = plan_batches(orders, LAYOUT, cart, Pace(speed=alone / 0.085, line=0, setup=0))
    assert keys(plan) == [["first"], ["second"]]
    assert plan.late == {"second"}


def test_a_late_order_joins_the_walk_that_passes_by():
    far = Running("far", (order("x", 3),), (15, 0), (Stop(3, 10),), back=0.1)
    near = Running("near", (order("y", 0),), (0, 0), (Stop(0, 15),), back=0.1)
    assert join_running(order("new", 0, y=5), [far, near], LAYOUT, Cart()) == ("near", 0)


def test_a_late_order_joins_no_walk_that_would_become_late():
    tight = Running("tight", (order("x", 0, due=0.1),), (0, 0), (Stop(0, 5),), back=0.0999)
    assert join_running(order("new", 3), [tight], LAYOUT, Cart()) is None


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_many_orders_at_once_still_walk_less_than_first_come(seconds):
    dice = random.Random(4)
    layout = Layout(tuple(range(0, 50, 5)), (0, 46), (0, 0))
    orders = [
        Order(key, tuple(Stop(dice.randrange(10), dice.randint(1, 45)) for _line in range(8)), 8)
        for key in range(150)
    ]
    plan = plan_batches(orders, layout, Cart(units=45), seconds=seconds)
    assert sorted(order.key for batch in plan.batches for order in batch) == list(range(150))
    assert plan.length < 0.95 * first_come_plan(orders, layout, Cart(units=45)).length
