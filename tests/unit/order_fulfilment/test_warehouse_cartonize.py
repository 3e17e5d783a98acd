import random

import pytest
from of_tools.cartonize import Carton, CartonType, Item, Placement, cartonize
from packing_verifier import violations

BOX = CartonType("box", (300, 200, 100), 10, 0.2)
SMALL = CartonType("small", (100, 100, 100), 5, 0.1)
LARGE = CartonType("large", (400, 400, 400), 30, 0.5)


def random_items(seed):
    dice = random.Random(seed)
    return [
        Item(
            key,
            tuple(dice.randrange(3, 25) * 10 for _axis in range(3)),
            dice.uniform(0.1, 4),
            dice.randint(1, 5),
            upright=dice.random() < 0.2,
            fragile=dice.random() < 0.2,
            tags=frozenset(["food"] if key % 3 == 0 else ["solvent"] if key % 3 == 1 else []),
            apart=frozenset(["food"] if key % 3 == 1 else []),
        )
        for key in range(dice.randint(1, 8))
    ]


@pytest.mark.parametrize("seed", range(40))
def test_independent_verifier_finds_nothing(seed):
    items = random_items(seed)
    proposal = cartonize(items, [SMALL, BOX, LARGE], seconds=0.05)
    refused = {key for key, _reason in proposal.refused}
    assert violations(proposal.cartons, [item for item in items if item.key not in refused]) == []


def test_the_smallest_carton_that_takes_all():
    assert [carton.type for carton in cartonize([Item("a", (90, 90, 90))], [LARGE, SMALL]).cartons] == [SMALL]


def test_a_carton_filled_to_the_last_millimetre():
    proposal = cartonize([Item("brick", (50, 50, 50), quantity=48)], [BOX])
    assert [carton.fill for carton in proposal.cartons] == [1.0]


def test_weight_and_tare_split_what_the_volume_would_take():
    proposal = cartonize([Item("lead", (50, 50, 50), 5.0, 2)], [BOX])
    assert [round(carton.weight, 3) for carton in proposal.cartons] == [5.2, 5.2]


def test_upright_goods_are_not_laid_down():
    assert cartonize([Item("bottle", (80, 80, 150), upright=True)], [BOX]).refused == (("bottle", "size"),)
    assert len(cartonize([Item("bottle", (80, 80, 150))], [BOX]).cartons) == 1


def test_nothing_lies_on_fragile_goods():
    items = [Item("glass", (300, 200, 50), fragile=True), Item("tin", (300, 200, 50))]
    carton = cartonize(items, [BOX]).cartons[0]
    assert {place.key: place.position[2] for place in carton.placements} == {"tin": 0, "glass": 50}


def test_goods_that_must_not_be_together_are_apart():
    items = [
        Item("bread", (50, 50, 50), tags=frozenset(["food"])),
        Item("thinner", (50, 50, 50), apart=frozenset(["food"])),
    ]
    assert len(cartonize(items, [BOX]).cartons) == 2


@pytest.mark.parametrize(
    ("item", "reason"), [(Item("x", (500, 10, 10)), "size"), (Item("x", (10, 10, 10), 40), "weight")]
)
def test_what_no_carton_takes_is_named_and_the_rest_packed(item, reason):
    proposal = cartonize([item, Item("ok", (10, 10, 10))], [BOX, LARGE][: 1 if reason == "size" else 2])
    assert proposal.refused == (("x", reason),)
    assert [place.key for carton in proposal.cartons for place in carton.placements] == ["ok"]


def test_heavy_goods_go_into_the_smaller_carton_that_bears_them():
    weak = CartonType("weak", (400, 400, 400), 3)
    proposal = cartonize([Item("anvil", (100, 100, 100), 4, 3)], [SMALL, weak])
    assert [(carton.type.key, len(carton.placements)) for carton in proposal.cartons] == [("small", 1)] * 3


def test_goods_that_must_not_be_with_their_own_kind_travel_alone():
    both = frozenset(["food", "solvent"])
    items = [Item("odd", (50, 50, 50), quantity=3, tags=both, apart=both), Item("tin", (90, 90, 90), 1, 20)]
    proposal = cartonize(items, [BOX], seconds=0.02)
    assert violations(proposal.cartons, items) == []
    assert sum(place.key == "odd" for carton in proposal.cartons for place in carton.placements) == 3


@pytest.mark.parametrize("seed", range(40))
def test_cartons_of_any_strength(seed):
    dice = random.Random(seed)
    types = [
        CartonType(key, tuple(dice.randrange(5, 50) * 10 for _axis in range(3)), dice.uniform(1, 30), 0.3)
        for key in range(dice.randint(1, 5))
    ]
    items = random_items(seed)
    proposal = cartonize(items, types, seconds=0.02)
    refused = {key for key, _reason in proposal.refused}
    assert violations(proposal.cartons, [item for item in items if item.key not in refused]) == []


def test_same_order_same_proposal():
    assert cartonize(random_items(3), [BOX, LARGE], 9) == cartonize(random_items(3), [BOX, LARGE], 9)


def test_a_size_of_nothing_is_refused():
    with pytest.raises(ValueError, match="Item a: sizes"):
        Item("a", (0, 1, 1))


@pytest.mark.parametrize(
    ("placements", "expected"),
    [
        ([((0, 0, 0), (100, 100, 50)), ((50, 0, 0), (100, 100, 50))], "a and a overlap"),
        ([((250, 0, 0), (100, 100, 50)), ((0, 0, 0), (100, 100, 50))], "a overhangs the carton"),
        ([((0, 0, 0), (100, 100, 50)), ((50, 0, 50), (100, 100, 50))], "a is not carried on its whole base"),
    ],
)
def test_the_verifier_sees_bad_packings(placements, expected):
    carton = Carton(BOX, tuple(Placement("a", *place) for place in placements), 0.2)
    assert f"carton 0: {expected}" in violations([carton], [Item("a", (100, 100, 50), quantity=2)])
