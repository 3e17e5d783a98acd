"""What other systems hand over, read strictly: an id, a key, a number. Nothing here raises."""

import math

MAX_ID = 2**31 - 1  # of the database's integer columns
MAX_TEXT = 200


def record_id(value: object) -> int:
    """Return the id that ``value`` names, a whole number or a text of one; 0 if it names none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(MAX_ID)):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID
    return value if is_id else 0


def is_text(value: object) -> bool:
    """Say whether ``value`` is a text of 1 to MAX_TEXT characters, not all blank, that a database keeps."""
    return isinstance(value, str) and len(value.strip()) > 0 and len(value) <= MAX_TEXT and "\0" not in value


def is_whole(value: object, least: int, most: int) -> bool:
    """Say whether ``value`` is a whole number from ``least`` to ``most``; a truth value is none."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_finite(value: object) -> bool:
    """Say whether ``value`` is a number; NaN, infinity and truth values are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_amount(value: object, below: float = 1e9) -> bool:
    """Say whether ``value`` is a number from 0 up; NaN and infinity are none."""
    return is_finite(value) and 0 <= value < below
