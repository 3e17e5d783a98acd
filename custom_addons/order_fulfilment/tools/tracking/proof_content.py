"""Reads what a caller says was received: any type may come over RPC, and only what can be kept is let in."""

import base64
import binascii
import math
from datetime import UTC, datetime, timedelta

# What a caller may hand over; everything else is ours to set.
CONTENT = ("signer", "signed_at", "latitude", "longitude", "place", "signature", "photo", "note")
LINE = ("move_id", "delivered", "refused", "reason")
TEXTS, IMAGES = ("signer", "place", "note"), ("signature", "photo")
DEGREES = {"latitude": 90, "longitude": 180}
# A telephone's clock may be ahead of ours by so much.
CLOCK_AHEAD = timedelta(minutes=15)
IMAGE_STARTS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")
IMAGE_BYTES = 10 * 2**20


class ContentError(ValueError):
    """`code` says what is wrong, `name` with which value."""

    def __init__(self, code: str, name: str):
        super().__init__(code, name)
        self.code, self.name = code, name


def read_values(values: object, now: datetime) -> dict:
    """Header of a proof with only what was said, in the types it is kept in.

    :raises ContentError: "unknown" (name we do not keep), "signer" (none), "value" (not of its kind)
    """
    if not isinstance(values, dict):
        raise ContentError("value", "values")
    if unknown := sorted(str(name) for name in set(values) - set(CONTENT)):
        raise ContentError("unknown", ", ".join(unknown))
    said = {name: value for name, value in values.items() if value not in (None, False, "")}
    found = {name: _text(name, said[name]) for name in TEXTS if name in said}
    found |= {name: _degrees(name, said[name]) for name in DEGREES if name in said}
    found |= {name: _image(name, said[name]) for name in IMAGES if name in said}
    if "signed_at" in said:
        found["signed_at"] = _moment(said["signed_at"], now)
    if not found.get("signer"):
        raise ContentError("signer", "signer")
    return found


def read_lines(lines: object) -> list[dict] | None:
    """Lines of a proof as `LINE` names, quantities as floats; None stays None: all was received.

    :raises ContentError: as `read_values`
    """
    if lines is None or lines is False:
        return None
    if not isinstance(lines, list | tuple):
        raise ContentError("value", "lines")
    return [_line(line) for line in lines]


def _line(line: object) -> dict:
    if not isinstance(line, dict):
        raise ContentError("value", "lines")
    if unknown := sorted(str(name) for name in set(line) - set(LINE)):
        raise ContentError("unknown", ", ".join(unknown))
    quantities = {name: _number(name, line.get(name) or 0.0) for name in ("delivered", "refused")}
    return {"move_id": line.get("move_id"), **quantities, "reason": _text("reason", line.get("reason") or "")}


def _number(name: str, value: object) -> float:
    try:
        is_number = not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value)
    except OverflowError:  # an integer beyond all floats
        is_number = False
    if not is_number:
        raise ContentError("value", name)
    return float(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ContentError("value", name)
    return "".join(sign for sign in value if sign.isprintable() or sign in "\n\t").strip()


def _degrees(name: str, value: object) -> float:
    degrees = _number(name, value)
    if abs(degrees) > DEGREES[name]:
        raise ContentError("value", name)
    return degrees


def _image(name: str, value: object) -> str:
    """A picture as a camera or a signature field makes it; drawings that can carry scripts are none."""
    try:
        text = value.decode("ascii") if isinstance(value, bytes) else value
        content = base64.b64decode("".join(text.split()), validate=True)
    except (AttributeError, TypeError, UnicodeError, binascii.Error):
        raise ContentError("value", name) from None
    is_heic = content[4:8] == b"ftyp"
    if len(content) > IMAGE_BYTES or not (content.startswith(IMAGE_STARTS) or is_heic):
        raise ContentError("value", name)
    return text


def _moment(value: object, now: datetime) -> datetime:
    """Naive UTC from what is said with or without a zone; nothing is received in the future."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value.strip())
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (AttributeError, OverflowError, TypeError, ValueError):
        raise ContentError("value", "signed_at") from None
    if moment > now + CLOCK_AHEAD or moment.year < 2000:
        raise ContentError("value", "signed_at")
    return moment.replace(microsecond=0)
