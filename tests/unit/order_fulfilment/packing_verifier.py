"""Checks a packing from its coordinates alone: knows nothing of how it was found."""


def violations(cartons, items):
    """List what is wrong, in words; empty for a sound packing of exactly ``items``."""
    goods = {item.key: item for item in items}
    found = _counts(cartons, goods)
    for number, carton in enumerate(cartons):
        places = carton.placements
        found += [
            f"carton {number}: {text}" for place in places for text in _one(place, carton, goods, places)
        ]
        found += [f"carton {number}: {text}" for text in _together(places, goods)]
        weight = carton.type.tare + sum(goods[place.key].weight for place in places)
        if weight > carton.type.max_weight + 1e-6:
            found.append(f"carton {number}: {weight} kg of {carton.type.max_weight} allowed")
    return found


def _counts(cartons, goods):
    packed = [place.key for carton in cartons for place in carton.placements]
    return [
        f"{key}: {packed.count(key)} packed of {item.quantity}"
        for key, item in goods.items()
        if packed.count(key) != item.quantity
    ]


def _one(place, carton, goods, places):
    item = goods[place.key]
    if sorted(place.size) != sorted(item.size):
        yield f"{place.key} has changed its size"
    if item.upright and place.size[2] != item.size[2]:
        yield f"{place.key} does not stand upright"
    for axis in range(3):
        if place.position[axis] < 0 or place.position[axis] + place.size[axis] > carton.type.size[axis]:
            yield f"{place.key} overhangs the carton"
    carriers = [other for other in places if _top(other) == place.position[2] and _shared_base(place, other)]
    base = place.size[0] * place.size[1]
    if place.position[2] and sum(_shared_base(place, other) for other in carriers) != base:
        yield f"{place.key} is not carried on its whole base"
    if any(goods[other.key].fragile for other in carriers if place.position[2]):
        yield f"{place.key} stands on something fragile"


def _together(places, goods):
    for index, one in enumerate(places):
        for other in places[index + 1 :]:
            levels = min(_top(one), _top(other)) - max(one.position[2], other.position[2])
            if levels > 0 and _shared_base(one, other):
                yield f"{one.key} and {other.key} overlap"
            if goods[one.key].apart & goods[other.key].tags or goods[other.key].apart & goods[one.key].tags:
                yield f"{one.key} and {other.key} must not be together"


def _top(place):
    return place.position[2] + place.size[2]


def _shared_base(one, other):
    sides = [
        min(one.position[axis] + one.size[axis], other.position[axis] + other.size[axis])
        - max(one.position[axis], other.position[axis])
        for axis in (0, 1)
    ]
    return sides[0] * sides[1] if min(sides) > 0 else 0
