"""Fingerprints: of an order's content, and of what a check looked at."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable


def content_key(ship_to: int, lines: Iterable[tuple[int, float]]) -> str:
    """Return a key equal for two orders with the same goods to the same address.

    :param lines: (product id, quantity in the product's own unit); order and splitting of lines do not count.
    """
    totals: dict[int, float] = defaultdict(float)
    for product, quantity in lines:
        totals[product] += quantity
    goods = [[product, round(quantity, 6)] for product, quantity in sorted(totals.items()) if quantity]
    return _digest([ship_to, goods]) if goods else ""


def fingerprint(code: str, inputs: Iterable) -> str:
    """Return the key of what a check looked at; an override holds as long as it stays the same."""
    return _digest([code, *inputs])


def _digest(value) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
