"""100,000 tickets: list and form, the job of the service levels over the open half, and a recall.

    {"list_ms", "open_ms", "sla_cron_s", "sla_mismatches", "recall_s", "recall_missed"}

``sla_mismatches``: verdicts of the job whose deadline a minute-by-minute clock puts elsewhere, plus steps
done twice. ``--data`` is not used: the tickets are made here.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recall_bench import recall_figures
from support import arguments, finish, odoo_shell, prepared_database, progress
from tickets_sample import FILL, JOB, LOOK, due_by_oracle, minutes_oracle

RESULT = """
result = {"list_ms": pages[3][0], "open_ms": forms[3][0], "search_ms": search[1][0], "few": few,
          "many": many, "sla_cron_s": sla_cron_s, "done": done, "distinct": distinct,
          "verdicts": verdicts, "pattern": pattern}
"""


def count_mismatches(measured: dict) -> int:
    """Deadlines of the job against the clock on the wall, minute by minute."""
    rows = [
        (datetime.fromisoformat(due), datetime.fromisoformat(opened), hours)
        for due, opened, hours, state in measured["verdicts"]
        if state != "no_hours"
    ]
    first = min(opened for _due, opened, _hours in rows).replace(second=0) - timedelta(days=1)
    worked = minutes_oracle(measured["pattern"], "Europe/Berlin", first, 60)
    wrong = [row for row in rows if row[0] != due_by_oracle(worked, first, row[1], row[2])]
    missing = len(measured["verdicts"]) - len(rows)
    return len(wrong) + missing + measured["done"] - measured["distinct"]


def recall(here, database: str, lines: int) -> dict:
    """``recall_s`` and ``recall_missed``, measured where the recall lives."""
    found = recall_figures(here, database, lines)
    return {name: found[name] for name in ("recall_s", "recall_missed")}


def main() -> None:
    options = arguments(__doc__, tickets=100_000, checked=10_000, lines=1_000_000)
    with prepared_database("bench_tickets") as (here, database):
        progress(f"{options.tickets} tickets …")
        script = "\n".join([FILL, LOOK, JOB, RESULT])
        measured = odoo_shell(here, database, script, tickets=options.tickets, checked=options.checked)
        progress(f"search by number {measured['search_ms']:.0f} ms; {measured['done']} steps done")
        progress(f"queries of a list of 20: {measured['few']}, of 80: {measured['many']}")
        mismatches = count_mismatches(measured)
        recalled = recall(here, database, options.lines)
    figures = {name: round(measured[name], 1) for name in ("list_ms", "open_ms", "sla_cron_s")}
    finish({**figures, "sla_mismatches": mismatches, **recalled})


if __name__ == "__main__":
    main()
