"""Walking saved by batching, against filling carts first come, first served; both walk shortest tours.

Generated as the literature does: one block, 10 aisles of 45 cells, 40 orders of 5 to 25 lines, cart
capacity 45 and 75, demand uniform and by class (52, 36 and 12 % of the demand on 10, 30 and 60 % of the
cells). The first set is then batched by Odoo itself and by us on one database (``"odoo": false`` leaves that
out). DATA may be a JSON file ``{"seeds": [..], "orders": n, "odoo": true}``.
"""

import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import batching_core
import tool_packages
from support import arguments, finish, progress, settings

tool_packages.mount()

from of_tools.batching import Cart, Order, first_come_plan, plan_batches  # noqa: E402
from of_tools.pick_route import Layout, Stop  # noqa: E402

AISLES, CELLS = 10, 45
LAYOUT = Layout(tuple(5 * aisle for aisle in range(AISLES)), (0, CELLS + 1), (0, 0))
CAPACITIES = (45, 75)
CLASSES = ((0, 1, 0.52), (1, 4, 0.36), (4, 10, 0.12))  # aisles from, to, share of the demand


def make_orders(seed, count, by_class):
    dice = random.Random(seed)

    def stop():
        if not by_class:
            return Stop(dice.randrange(AISLES), dice.randint(1, CELLS))
        low, high, _share = dice.choices(CLASSES, [share for *_aisles, share in CLASSES])[0]
        return Stop(dice.randrange(low, high), dice.randint(1, CELLS))

    sizes = [dice.randint(5, 25) for _order in range(count)]
    return [Order(key, tuple(stop() for _line in range(size)), size) for key, size in enumerate(sizes)]


def savings(seeds, count, capacity):
    saved, times = [], []
    for seed in seeds:
        for by_class in (False, True):
            orders = make_orders(seed, count, by_class)
            started = time.perf_counter()
            plan = plan_batches(orders, LAYOUT, Cart(units=capacity))
            times.append(time.perf_counter() - started)
            if sorted(order.key for batch in plan.batches for order in batch) != list(range(count)):
                raise SystemExit("A plan leaves out or repeats an order.")
            saved.append(1 - plan.length / first_come_plan(orders, LAYOUT, Cart(units=capacity)).length)
    progress(f"capacity {capacity}: {statistics.mean(saved):.2%} saved, slowest {max(times):.1f} s")
    return round(statistics.mean(saved), 4), max(times)


def main():
    wanted = settings(arguments(__doc__).data, {"seeds": list(range(900, 905)), "orders": 40, "odoo": True})
    seeds, count = wanted["seeds"], wanted["orders"]
    saved, slowest = {}, 0.0
    for capacity in CAPACITIES:
        saved[str(capacity)], longest = savings(seeds, count, capacity)
        slowest = max(slowest, longest)
    figures = {
        "saving_vs_fcfs": saved,
        "orders": count,
        "seeds": len(seeds),
        "seconds_max": round(slowest, 2),
    }
    if wanted["odoo"]:
        figures |= batching_core.savings(make_orders(seeds[0], count, False), CAPACITIES)
    finish(figures)


if __name__ == "__main__":
    main()
