"""Plain values from what people type into cells: text, numbers, dates."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from .import_fault import ImportFault
from .workbook_types import CellError, NoStoredValue

EXCEL_EPOCH = datetime(1899, 12, 30)
#: Serial day numbers of 1970-01-01 and 2100-01-01: a bare number in a date column between them is a date.
EXCEL_DAYS = (25569, 73051)
SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
NUMBER = re.compile(r"^[+-]?(\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?-?$")
DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b %d, %Y",
    "%B %d, %Y",
)
SLASH_DATE = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$")


@dataclass(frozen=True)
class Conventions:
    """How a source writes numbers and dates; an empty part means: refuse what can be read in two ways."""

    decimal: str = ""  # "." or ","
    day_first: bool | None = None
    date_formats: tuple = ()


def refuse_special(cell):
    """Raise for cells that carry no value to work with."""
    if isinstance(cell, NoStoredValue):
        raise ImportFault("OF-IMP-042")
    if isinstance(cell, CellError):
        raise ImportFault("OF-IMP-043", found=cell.text)


def to_text(cell, limit=2000):
    """Text of a cell; a whole number loses its decimal point, so that 21844.0 and "21844" are one code."""
    refuse_special(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise ImportFault("OF-IMP-044", found=str(cell))
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    text = str(cell).strip()
    if len(text) > limit:
        raise ImportFault("OF-IMP-048", limit=limit)
    return _without_control(text)


def _without_control(text):
    """Line breaks and tabs become spaces; any other control character is an error, never dropped silently."""
    if text.isprintable():
        return text
    text = re.sub(r"[\r\n\t]+", " ", text)
    bad = sorted({f"U+{ord(char):04X}" for char in text if unicodedata.category(char) in ("Cc", "Cs", "Co")})
    if bad:
        raise ImportFault("OF-IMP-041", found=", ".join(bad))
    return text


def to_code(cell, limit=64):
    """Identifier of a cell: text, with "12345.0" (what exports make of a number) read as 12345."""
    text = to_text(cell, limit)
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def to_number(cell, conventions):
    """Exact number of a cell; numbers written as text keep the decimals as written."""
    refuse_special(cell)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        raise ImportFault("OF-IMP-036")
    if isinstance(cell, bool | datetime):
        raise ImportFault("OF-IMP-033", found=str(cell))
    if isinstance(cell, int | float):
        return _from_float(cell)
    return _from_text(_without_control(cell.strip()), conventions)


def _from_float(value):
    """15 significant digits are what a spreadsheet stores and shows: 2.9499999999999997 is 2.95."""
    if not math.isfinite(value):
        raise ImportFault("OF-IMP-044", found=str(value))
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")


def _from_text(text, conventions):
    compact = SPACES.sub("", text)
    if compact.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise ImportFault("OF-IMP-044", found=text[:40])
    if not NUMBER.match(compact) or not compact.isascii():
        raise ImportFault("OF-IMP-033", found=text[:40])
    if compact.endswith("-"):
        compact = "-" + compact[:-1]
    decimal = _decimal_mark(compact, conventions.decimal)
    if decimal is None:
        raise ImportFault("OF-IMP-045", found=text[:40])
    thousands = "," if decimal == "." else "."
    if not _well_grouped(compact, decimal, thousands):
        raise ImportFault("OF-IMP-033", found=text[:40])
    try:
        number = Decimal(compact.replace(thousands, "").replace(decimal, "."))
    except InvalidOperation:
        raise ImportFault("OF-IMP-033", found=text[:40]) from None
    if not number.is_finite() or abs(number) >= Decimal("1e15"):
        raise ImportFault("OF-IMP-044", found=text[:40])
    return number


def _decimal_mark(text, decimal):
    """The decimal mark of ``text``, "." if it has none, None if it can be read both ways."""
    points, commas = text.count("."), text.count(",")
    if decimal or not (points or commas):
        return decimal or "."
    if points and commas:
        return "." if text.rfind(".") > text.rfind(",") else ","
    mark = "." if points else ","
    if points + commas > 1:
        return "," if mark == "." else "."
    whole, _mark, fraction = text.lstrip("+-").partition(mark)
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole != "0":
        return None
    return mark


def _well_grouped(text, decimal, thousands):
    whole = text.lstrip("+-").partition(decimal)[0]
    groups = whole.split(thousands)
    return len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))


def to_date(cell, conventions):
    """Wall-clock date and time of a cell, or None if it is empty."""
    refuse_special(cell)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, datetime):
        return _plausible(cell, str(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _date_from_number(cell)
    return _plausible(_date_from_text(str(cell).strip(), conventions), str(cell))


def _plausible(value, found):
    if not 1900 <= value.year <= 2200:
        raise ImportFault("OF-IMP-039", found=found[:40])
    return value


def _date_from_number(value):
    if EXCEL_DAYS[0] <= value < EXCEL_DAYS[1]:
        return (EXCEL_EPOCH + timedelta(days=value)).replace(microsecond=0)
    if isinstance(value, int) and 19000101 <= value <= 22001231:
        return _date_from_text(str(value), Conventions())
    raise ImportFault("OF-IMP-039", found=str(value))


def _date_from_text(text, conventions):
    for pattern in (*conventions.date_formats, *DATE_FORMATS):
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=None)
        except ValueError:
            continue
    match = SLASH_DATE.match(text)
    if not match:
        raise ImportFault("OF-IMP-039", found=text[:40])
    return _date_from_slashes(text, match, conventions.day_first)


def _date_from_slashes(text, match, day_first):
    first, second, year = (int(part) for part in match.group(1, 2, 3))
    if day_first is None:
        if first <= 12 and second <= 12 and first != second:
            raise ImportFault("OF-IMP-040", found=text[:40])
        day_first = first > 12 or first == second
    day, month = (first, second) if day_first else (second, first)
    hour, minute, second_of_minute = (int(part or 0) for part in match.group(4, 5, 6))
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, hour, minute, second_of_minute)
    except ValueError:
        raise ImportFault("OF-IMP-039", found=text[:40]) from None


def guess_conventions(dates, numbers):
    """Conventions that all unambiguous samples share; what they leave open stays open."""
    orders, marks = set(), set()
    for text in dates:
        match = SLASH_DATE.match(text.strip()) if isinstance(text, str) else None
        if match:
            first, second = int(match.group(1)), int(match.group(2))
            orders |= {True} if first > 12 else set()
            orders |= {False} if second > 12 else set()
    for text in numbers:
        compact = SPACES.sub("", text) if isinstance(text, str) else ""
        if NUMBER.match(compact) and ("." in compact or "," in compact):
            marks.add(_decimal_mark(compact, ""))
    marks.discard(None)
    return Conventions(
        decimal=marks.pop() if len(marks) == 1 else "",
        day_first=orders.pop() if len(orders) == 1 else None,
    )
