"""What our add-ons add to creating and confirming an order of 10 lines.

A bare Odoo and one with both add-ons run side by side on databases of their own and take turns. ``ratio`` is
our median time over the bare one's (aim: at most 1.10). Queries are counted on the small
databases and again when they have grown; they must be the same, or the exit status is 1.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import support

ROUNDS, WARM_UP = 40, 5
GROWTH = 100
# Sequences and caches make the count of single orders differ by a query or two.
TOLERATED_QUERIES = 2.0


class Seller:
    """An Odoo process that sells on demand (see confirm_worker.py)."""

    def __init__(self, site, database: str, folder: Path):
        self.pipe_path = folder / database
        os.mkfifo(self.pipe_path)
        words = ["shell", "-c", site.config, "-d", database, "--no-http", "--log-level=error"]
        self.process = subprocess.Popen(
            site.command(*words, "--shell-interface=python"),
            env=site.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import confirm_worker; "
        self.process.stdin.write(f"{code}confirm_worker.serve(env, {str(self.pipe_path)!r})\n")
        self.process.stdin.close()
        self._read()
        self.pipe = self.pipe_path.open("w", encoding="utf-8")

    def sell(self, orders: int) -> dict:
        self.pipe.write(json.dumps({"orders": orders}) + "\n")
        self.pipe.flush()
        return self._read()

    def _read(self) -> dict:
        for line in self.process.stdout:
            if "RESULT " in line:
                return json.loads(line.split("RESULT ", 1)[1])
        raise support.DevError(
            f"The Odoo process ended with status {self.process.wait()} before it answered."
        )

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.pipe.close()  # the other side's loop ends, and Odoo with it
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def take_turns(bare: Seller, ours: Seller) -> tuple[list[dict], list[dict]]:
    """One order each in turn, who begins changing from round to round; the first rounds are not counted."""
    results = []
    for number in range(WARM_UP + ROUNDS):
        if number % 2:
            our_result, bare_result = ours.sell(1), bare.sell(1)
        else:
            bare_result, our_result = bare.sell(1), ours.sell(1)
        results.append((bare_result, our_result))
    counted = results[WARM_UP:]
    return [result[0] for result in counted], [result[1] for result in counted]


def median(results: list[dict], what: str) -> float:
    return statistics.median(result[what] for result in results)


def measure(bare: Seller, ours: Seller) -> tuple[dict, bool]:
    """The figures, and whether the number of queries stayed the same while the databases grew."""
    small = [median(results, "queries") for results in take_turns(bare, ours)]
    support.progress(f"growing both databases by {GROWTH} orders …")
    bare.sell(GROWTH)
    ours.sell(GROWTH)
    bare_results, our_results = take_turns(bare, ours)
    large = [median(bare_results, "queries"), median(our_results, "queries")]
    for title, before, after in zip(("bare", "ours"), small, large, strict=True):
        support.progress(f"{title}: {before:.1f} queries per order when small, {after:.1f} when grown")
    seconds = [median(our_results, "seconds"), median(bare_results, "seconds")]
    support.progress("ours %.1f ms per order, bare %.1f ms" % tuple(1000 * value for value in seconds))
    figures = {
        "ratio": round(seconds[0] / seconds[1], 3),
        "queries_per_order": round(large[1], 1),
        "queries_per_order_core": round(large[0], 1),
    }
    return figures, abs(large[1] - small[1]) <= TOLERATED_QUERIES


def main() -> int:
    support.arguments(__doc__)  # there is no data to read, but the option is everywhere the same
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        name = f"{os.environ.get('E2E_PREFIX', 'bench')}_confirm"
        site, bare_name = stack.enter_context(support.prepared_database(f"{name}_bare", modules=()))
        site, our_name = stack.enter_context(support.prepared_database(f"{name}_ours"))
        sellers = [Seller(site, database, folder) for database in (bare_name, our_name)]
        for seller in sellers:
            stack.callback(seller.close)
        figures, constant = measure(*sellers)
    support.finish(figures)
    return 0 if constant else 1


if __name__ == "__main__":
    sys.exit(main())
