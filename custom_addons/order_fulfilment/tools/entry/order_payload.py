"""Shape of the payload of ``submit_order``: every mistake in it is named, not only the first."""

import hashlib
import json
import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TEXT, NUMBER, MOMENT, FLAG = "text", "number", "moment", "flag"
HEADER = {
    "customer": TEXT,
    "delivery_address": TEXT,
    "invoice_address": TEXT,
    "reference": TEXT,
    "requested_date": MOMENT,
    "requested_window": "window",
    "warehouse": TEXT,
    "carrier": TEXT,
    "payment_term": TEXT,
    "pricelist": TEXT,
    "note": TEXT,
    "confirm": FLAG,
    "lines": "lines",
}
LINE = {
    "product": TEXT,
    "quantity": NUMBER,
    "unit": TEXT,
    "price": NUMBER,
    "discount": NUMBER,
    "options": "options",
    "text": TEXT,
}
REQUIRED_HEADER = ("customer", "lines")
REQUIRED_LINE = ("product", "quantity")
MAX_LINES = 5000
MAX_TEXT = 10_000
MAX_NUMBER = 10**12  # beyond it, floats lose the cents


@dataclass(frozen=True)
class PayloadError:
    """One mistake: a stable code, where it stands (``lines[2].quantity``) and what to do."""

    code: str
    path: str
    message: str

    def as_text(self) -> str:
        """One line for people and logs."""
        return f"[{self.code}] {self.path}: {self.message}"


def digest(payload) -> str:
    """Return a key that is the same for the same content, whatever the order of its keys."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def shape_errors(payload) -> list[PayloadError]:
    """Return everything that is wrong with the payload by itself, before anything is looked up."""
    if not isinstance(payload, dict):
        return [PayloadError("OF-SUB-001", "payload", "must be an object with customer and lines.")]
    errors = _object_errors(payload, HEADER, REQUIRED_HEADER, "")
    lines = payload.get("lines")
    if not isinstance(lines, list):
        return errors
    if not lines:
        errors.append(PayloadError("OF-SUB-002", "lines", "an order needs at least one line."))
    if len(lines) > MAX_LINES:
        errors.append(PayloadError("OF-SUB-006", "lines", f"at most {MAX_LINES} lines; split the order."))
        return errors
    for number, line in enumerate(lines):
        path = f"lines[{number}]"
        if not isinstance(line, dict):
            errors.append(PayloadError("OF-SUB-001", path, "must be an object with product and quantity."))
            continue
        errors += _object_errors(line, LINE, REQUIRED_LINE, f"{path}.")
        errors += _range_errors(line, path)
    return errors


def readable_part(payload, errors: list[PayloadError]) -> dict:
    """Return what of a payload with ``errors`` can still be looked up, so that unknown codes are named, too.

    Lines keep their numbers; of what is no line, and of a faulty field, nothing is left.
    """
    if not isinstance(payload, dict):
        return {"lines": []}
    faulty = {error.path for error in errors}
    lines = payload.get("lines")
    known = {name: value for name, value in payload.items() if name in HEADER and name not in faulty}
    known["lines"] = [
        _readable_line(line, f"lines[{number}]", faulty)
        for number, line in enumerate(lines if isinstance(lines, list) and "lines" not in faulty else ())
    ]
    return known


def _readable_line(line, path: str, faulty: set) -> dict:
    if (
        not isinstance(line, dict) or f"{path}.options" in faulty
    ):  # a product without its options is another one
        return {}
    fields = line.items()
    return {name: value for name, value in fields if name in LINE and f"{path}.{name}" not in faulty}


def _range_errors(line: dict, path: str) -> list[PayloadError]:
    quantity, discount = line.get("quantity"), line.get("discount")
    errors = []
    if _is_number(quantity) and quantity <= 0:
        errors.append(PayloadError("OF-SUB-005", f"{path}.quantity", "must be greater than 0."))
    if _is_number(discount) and not 0 <= discount <= 100:
        errors.append(PayloadError("OF-SUB-005", f"{path}.discount", "must be a percentage from 0 to 100."))
    return errors


def _object_errors(value: dict, fields: dict, required: tuple, prefix: str) -> list[PayloadError]:
    errors = [
        PayloadError("OF-SUB-002", f"{prefix}{name}", "is missing.")
        for name in required
        if _is_missing(value.get(name))
    ]
    for name, content in value.items():
        if name not in fields:
            known = ", ".join(sorted(fields))
            errors.append(PayloadError("OF-SUB-003", f"{prefix}{name}", f"is not known. Known: {known}."))
        elif content is not None and content is not False and (wrong := type_error(fields[name], content)):
            errors.append(PayloadError("OF-SUB-004", f"{prefix}{name}", wrong))
    return errors


def _is_missing(content) -> bool:
    """XML-RPC clients write False for nothing; blanks name nothing either."""
    return content is None or content is False or (isinstance(content, str) and not content.strip())


def type_error(kind: str, value) -> str:
    """Return what is wrong with a value for a field of this kind, or nothing."""
    return {
        TEXT: _text_error,
        NUMBER: _number_error,
        MOMENT: lambda content: (
            ""
            if parse_moment(content)
            else 'must be a date such as "2026-01-31" or "2026-01-31 10:00:00" (UTC).'
        ),
        FLAG: lambda content: "" if isinstance(content, bool) else "must be true or false.",
        "window": _window_error,
        "options": _options_error,
        "lines": lambda content: "" if isinstance(content, list) else "must be a list.",
    }[kind](value)


def _text_error(value) -> str:
    if not isinstance(value, str):
        return "must be a text."
    if len(value) > MAX_TEXT:
        return f"at most {MAX_TEXT} characters."
    if any((ord(char) < 32 and char not in "\n\r\t") or 0xD800 <= ord(char) <= 0xDFFF for char in value):
        return "contains control characters or halves of characters; remove them."
    return ""


def _number_error(value) -> str:
    if not _is_number(value):
        return "must be a number."
    return "" if abs(value) <= MAX_NUMBER else f"at most {MAX_NUMBER:,}."


def _is_number(value) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or math.isfinite(value)  # a whole number may be too large for a float


def _window_error(value) -> str:
    if not isinstance(value, dict) or set(value) - {"from", "to"}:
        return 'must be an object {"from": …, "to": …}.'
    start, end = parse_moment(value.get("from")), parse_moment(value.get("to"))
    if not start or not end:
        return 'needs "from" and "to" as date and time in UTC, such as "2026-01-31 10:00:00".'
    return "" if start < end else "must end after it starts."


def _options_error(value) -> str:
    if isinstance(value, dict) and all(isinstance(item, str) for pair in value.items() for item in pair):
        return ""
    return 'must be an object of texts such as {"Colour": "Red"}.'


def parse_moment(value) -> datetime | None:
    """Return the moment a text names (UTC; a day alone is its noon), or None if it names none."""
    if not isinstance(value, str):
        return None
    try:
        if len(value) == 10:
            return datetime.combine(date.fromisoformat(value), datetime.min.time()).replace(hour=12)
        moment = datetime.fromisoformat(value)
        return (moment - (moment.utcoffset() or timedelta())).replace(tzinfo=None)
    except (ValueError, OverflowError):  # the latter: an offset that leads out of the calendar
        return None
