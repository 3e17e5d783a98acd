"""Pick routes against the published optima of single-picker routing instances.

DATA: a folder with ``instances/`` and ``results_SPRP.csv`` (and ``results_SPRP_two_block.csv`` for the same
layouts with a middle cross-aisle). Without DATA, small instances are made and compared with brute force.
The time of an instance is the best of three, so that other programs on the machine do not count.
"""

import contextlib
import csv
import itertools
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import tool_packages
from support import arguments, finish, p95, progress

tool_packages.mount()

from of_tools.pick_route import Layout, Stop, leg_length, order_length, route  # noqa: E402


def read_instance(path, two_blocks):
    """Read one instance file as ``(layout, stops)``; cell 0 is farthest from a depot at the bottom."""
    values, stops = {}, []
    with wrong_file(path):
        return _instance(path, values, stops, two_blocks)


@contextlib.contextmanager
def wrong_file(path):
    """Ends with a sentence that names the file, where a traceback would say less."""
    try:
        yield
    except OSError as error:
        raise SystemExit(f"{path} cannot be read: {error.strerror}.") from None
    except (KeyError, ValueError, IndexError) as error:
        raise SystemExit(f"{path} is no file of the expected form: {error!r}") from None


def _instance(path, values, stops, two_blocks):
    for line in path.read_text(encoding="latin-1").splitlines():
        words = line.split()
        if ":" in words and len(words) > 2:
            values[words[0]] = words[2]
        if words[:1] == ["ID"] and "AISLE" in words:
            stops.append((int(words[words.index("AISLE") + 1]), int(words[words.index("CELL") + 1])))
    cells, step = int(values["NUM_CELLS"]), int(values["DISTANCE_CELL_TO_CELL"])
    top, bottom = int(values["DISTANCE_TOP_TO_CELL"]), int(values["DISTANCE_BOTTOM_TO_CELL"])
    width = step if two_blocks else 0
    length = top + (cells - 1) * step + width + bottom
    middle = (top + (cells // 2 - 0.5) * step + width / 2,) if two_blocks else ()

    def position(cell):
        return top + cell * step + (width if cell >= cells // 2 else 0)

    pitch, offset = int(values["DISTANCE_AISLE_TO_AISLE"]), int(values["DISTANCE_TOP_OR_BOTTOM_TO_DEPOT"])
    depot_y = length + offset if values["DEPOT_LOCATION"] == "bottom" else -offset
    aisles = tuple(aisle * pitch for aisle in range(int(values["NUM_AISLES"])))
    layout = Layout(aisles, (0, *middle, length), (int(values["DEPOT_AISLE"]) * pitch, depot_y))
    return layout, [Stop(aisle, position(cell)) for aisle, cell in sorted(stops)]


def published(folder):
    """Yield ``(instance path, two blocks?, optimum)``; in the two-block file some rows lack an instance
    here.
    """
    with wrong_file(folder / "results_SPRP.csv"), (folder / "results_SPRP.csv").open() as lines:
        for row in csv.DictReader(lines):
            keys = ("num aisles", "num cells", "num articles", "random seed")
            if row["unit demand"] == "true" and float(row["alpha"]) == 1:
                name = "unit_F1_m{}_C{}_a{}_{}.txt".format(*(row[key] for key in keys))
                yield folder / "instances" / name, False, float(row["DP cost"])
    second = folder / "results_SPRP_two_block.csv"
    if second.exists():
        with wrong_file(second), second.open() as lines:
            for row in csv.DictReader(lines):
                yield folder / "instances" / row["filename"], True, float(row["objective"])


def load(folder):
    for path, two_blocks, optimum in published(folder):
        if path.exists():
            layout, stops = read_instance(path, two_blocks)
            yield layout, stops, two_blocks, optimum


def made(count=60):
    """Small zones with their optimum by brute force."""
    dice = random.Random(7)
    for number in range(count):
        two_blocks = bool(number % 2)
        layout = Layout(
            tuple(range(0, 5 * dice.randint(2, 6), 5)), (0, 10, 20) if two_blocks else (0, 20), (0, 0)
        )
        stops = [Stop(dice.randrange(len(layout.aisles)), dice.randint(1, 19)) for _stop in range(6)]
        yield layout, stops, two_blocks, brute_force(layout, stops)


def brute_force(layout, stops):
    return min(order_length(layout, order) for order in itertools.permutations(stops))


def walk_of(layout, stops, found):
    """Walk the answered order independently: the claimed length must be that of the walk."""
    walked = sum(leg_length(layout, one, other) for one, other in itertools.pairwise(found.path))
    if sorted(found.order) != list(range(len(stops))):
        raise SystemExit("A route leaves out or repeats a stop.")
    return walked


def timed(layout, stops, runs=3):
    best = float("inf")
    for _run in range(runs):
        started = time.perf_counter()
        found = route(layout, stops)
        best = min(best, 1000 * (time.perf_counter() - started))
    return found, best


def measure(cases):
    gaps, times, core = {False: [], True: []}, [], []
    for number, (layout, stops, two_blocks, optimum) in enumerate(cases, 1):
        found, milliseconds = timed(layout, stops)
        times.append(milliseconds)
        gaps[two_blocks].append(walk_of(layout, stops, found) / optimum - 1)
        if not two_blocks:
            core.append(
                order_length(layout, sorted(stops, key=lambda stop: (stop.aisle, stop.y))) / optimum - 1
            )
        if not number % 500:
            progress(f"{number} instances")
    return gaps, times, core


def main():
    data = arguments(__doc__).data
    gaps, times, core = measure(load(Path(data)) if data else made())
    one, two = gaps[False], gaps[True]
    if not one:
        raise SystemExit(f"No instance of results_SPRP.csv found in {data}/instances.")
    exact = sum(abs(gap) < 1e-6 for gap in two)
    progress(f"two blocks: {exact} of {len(two)} exact, largest gap {max(two, default=0):.4%}")
    finish(
        {
            "instances": len(one),
            "optimal": sum(abs(gap) < 1e-6 for gap in one),
            "gap_mean": round(statistics.mean(one), 6),
            "gap_max": round(max(one), 6),
            "ms_p95": round(p95(times), 3),
            "two_block_gap_mean": round(statistics.mean(two), 6) if two else None,
            "core_gap_mean": round(statistics.mean(core), 4),
        }
    )


if __name__ == "__main__":
    main()
