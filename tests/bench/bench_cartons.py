"""Cartons against the packing library Packvium (MIT) on the same generated orders, with the same demands.

Both must carry every item on its whole base and keep the weight; an independent verifier counts violations.
``volume_ratio`` is our total carton volume over the library's, on the orders that both pack whole.
DATA may be a JSON file ``{"seeds": [..], "orders": n}``.
"""

import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "order_fulfilment"))

import tool_packages
from packing_verifier import violations
from packvium import Container, Dimensions, Packer, PackingConfig
from packvium import Item as LibraryItem
from support import arguments, finish, p95, progress, settings

tool_packages.mount()

from of_tools.cartonize import CartonType, Item, cartonize  # noqa: E402

TYPES = [
    CartonType("S", (250, 175, 100), 10, 0.1),
    CartonType("M", (350, 250, 150), 20, 0.2),
    CartonType("L", (400, 300, 250), 25, 0.35),
    CartonType("XL", (600, 400, 400), 31.5, 0.6),
]


def make_order(dice):
    """One to eight lines of one to six pieces, as small-parts wholesale ships."""
    lines = []
    for key in range(dice.randint(1, 8)):
        size = tuple(dice.randrange(3, 30) * 10 for _axis in range(3))
        weight = round(size[0] * size[1] * size[2] / 1e6 * dice.uniform(0.1, 0.8), 3)
        lines.append(Item(key, size, weight, dice.randint(1, 6)))
    return lines


def library_cartons(items):
    """The same order by the library; its answer as (number of cartons, volume), or ``None`` if not whole."""
    config = PackingConfig.balanced(minimum_support_ratio=1, time_limit_ms=300)
    packed = Packer(config).pack(
        items=[
            LibraryItem.create(
                str(item.key),
                Dimensions.mm(*map(str, item.size)),
                f"{item.weight:.3f} kg",
                quantity=item.quantity,
            )
            for item in items
        ],
        containers=[
            Container.create(
                kind.key,
                Dimensions.mm(*map(str, kind.size)),
                max_payload=f"{kind.max_weight - kind.tare:.3f} kg",
            )
            for kind in TYPES
        ],
    )
    if packed.unpacked:
        return None
    sizes = {kind.key: kind.volume for kind in TYPES}
    return len(packed.containers), sum(sizes[used.container.id] for used in packed.containers)


def compare(orders):
    fills, times, wrong, volumes, counts = [], [], 0, [], []
    for number, items in enumerate(orders, 1):
        started = time.perf_counter()
        proposal = cartonize(items, TYPES)
        times.append(1000 * (time.perf_counter() - started))
        wrong += len(violations(proposal.cartons, items)) + len(proposal.refused)
        goods = sum(item.volume * item.quantity for item in items)
        fills.append(goods / proposal.volume)
        other = library_cartons(items)
        if other:
            counts.append((len(proposal.cartons), other[0]))
            volumes.append((proposal.volume, other[1]))
        if not number % 20:
            progress(f"{number} orders")
    return fills, times, wrong, volumes, counts


def ratio(volumes):
    """None where the library packs no order whole."""
    theirs = sum(volume for _ours, volume in volumes)
    return round(sum(volume for volume, _theirs in volumes) / theirs, 4) if theirs else None


def main():
    wanted = settings(arguments(__doc__).data, {"seeds": [1], "orders": 60})
    per_seed = max(1, wanted["orders"] // len(wanted["seeds"]))
    orders = [
        make_order(dice)
        for seed in wanted["seeds"]
        for dice in [random.Random(seed)]
        for _n in range(per_seed)
    ]
    fills, times, wrong, volumes, counts = compare(orders)
    progress(f"cartons {sum(ours for ours, _ in counts)} against {sum(theirs for _, theirs in counts)}")
    finish(
        {
            "orders": len(orders),
            "fill": round(statistics.mean(fills), 4),
            "volume_ratio": ratio(volumes),
            "ms_p95": round(p95(times), 1),
            "violations": wrong,
        }
    )


if __name__ == "__main__":
    main()
