"""Service figures over many order lines: on time, in full, both; per line, per order, as a product of rates.

Columns instead of objects: a million lines are looked at in one pass. Times are seconds since 1970 (UTC); a
promise that names only a day was turned into the end of that day at the place of delivery before.

Definitions
    on time           delivered in [start - early tolerance, end + late tolerance] of the window
    in full           the whole quantity ordered was delivered
    OTIF (line)       on time and in full
    OTIF (order)      all counted lines of the order on time and in full
    product of rates  on-time rate times in-full rate: often quoted, another figure than OTIF
    counted           delivered, or open and past its date at the as-of date: an overdue order is a failure
                      today, not when it arrives; one that is not yet due is not counted
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from statistics import mean, pstdev
from zoneinfo import ZoneInfo

HOUR = 3600


@dataclass(frozen=True)
class Lines:
    """Order lines by column; all columns are equally long.

    :param latest: end of the requested or promised window; None if there is none: the line is not counted
    :param delivered: when the last of it arrived; None while open
    :param earliest: start of the window; None or an empty column: never too early
    :param in_full: whether all of it arrived; an empty column: what arrived was all
    """

    orders: Sequence[object]
    latest: Sequence[float | None]
    delivered: Sequence[float | None]
    earliest: Sequence[float | None] = ()
    in_full: Sequence[bool] = ()


@dataclass(frozen=True)
class Figures:
    """Rates are shares from 0 to 1, and None where nothing was counted."""

    counted: int
    on_time: int
    in_full: int
    otif: int
    late: int
    early: int
    orders: int
    orders_otif: int
    on_time_rate: float | None = None
    in_full_rate: float | None = None
    otif_rate: float | None = None
    order_otif_rate: float | None = None
    product_of_rates: float | None = None


def figures(lines: Lines, as_of: float, *, early: float = 0.0, late: float = 0.0) -> Figures:
    """Count the lines as of a moment; `early` and `late` are tolerances in seconds."""
    nothing = [None] * len(lines.orders)
    earliest = lines.earliest or nothing
    in_full = lines.in_full or [arrived is not None for arrived in lines.delivered]
    counted = on_time = full = both = too_late = too_early = 0
    seen, failed = set(), set()
    for order, first, last, arrived, complete in zip(
        lines.orders, earliest, lines.latest, lines.delivered, in_full, strict=True
    ):
        if last is None or (arrived is None and as_of <= last + late):
            continue
        counted += 1
        seen.add(order)
        is_late = arrived is None or arrived > last + late
        is_early = not is_late and first is not None and arrived < first - early
        too_late += is_late
        too_early += is_early
        punctual = not (is_late or is_early)
        is_full = complete and arrived is not None
        on_time += punctual
        full += is_full
        if punctual and is_full:
            both += 1
        else:
            failed.add(order)
    return _with_rates(counted, on_time, full, both, too_late, too_early, len(seen), len(seen) - len(failed))


def _with_rates(counted, on_time, full, both, too_late, too_early, orders, orders_otif) -> Figures:
    def rate(part: int, whole: int) -> float | None:
        return part / whole if whole else None

    return Figures(
        counted=counted,
        on_time=on_time,
        in_full=full,
        otif=both,
        late=too_late,
        early=too_early,
        orders=orders,
        orders_otif=orders_otif,
        on_time_rate=rate(on_time, counted),
        in_full_rate=rate(full, counted),
        otif_rate=rate(both, counted),
        order_otif_rate=rate(orders_otif, orders),
        product_of_rates=on_time * full / counted**2 if counted else None,
    )


def lead_time(started: Sequence[float], delivered: Sequence[float | None]) -> tuple[float, float] | None:
    """Mean and spread (standard deviation of the whole population) in days of what was delivered."""
    days = [
        (end - start) / (24 * HOUR) for start, end in zip(started, delivered, strict=True) if end is not None
    ]
    return (mean(days), pstdev(days)) if days else None


def window_seconds(text: str, tz: str) -> tuple[float, float]:
    """Start and end of what a sheet says: a moment is both, a date is its whole day at `tz`."""
    zone = ZoneInfo(tz)
    moment = datetime.fromisoformat(text)
    if len(text) <= len("2026-11-23"):
        start = datetime.combine(moment.date(), time.min, tzinfo=zone)
        following = datetime.combine(moment.date() + timedelta(days=1), time.min, tzinfo=zone)
        return start.timestamp(), following.timestamp() - 1
    seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return seconds, seconds
