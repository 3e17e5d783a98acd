"""GS1 keys and element strings: check digits, SSCCs, and what a scanned or printed barcode says.

Application identifiers after the GS1 General Specifications, section 3. Odoo's own nomenclature reads
barcodes through rules in a database that anybody may change; the labels we print and the scans we count need
the standard itself.
"""

import calendar
import re
from datetime import date

from .warehouse.gs1_identifiers import FORMATS

FNC1 = "\x1d"
WRITTEN_FNC1 = ("<GS>", "{GS}", "\u241d")
SYMBOLOGIES = ("]C1", "]e0", "]d2", "]Q3", "]J1")  # prefixes by which scanners announce GS1 data


class Gs1Error(ValueError):
    """The barcode breaks the standard; the text says where."""


#: Identifiers that somebody asks for, by the name of their value; others are kept under their number.
NAMES = {
    "00": "sscc",
    "01": "gtin",
    "02": "content",
    "10": "lot",
    "11": "production_date",
    "13": "packaging_date",
    "15": "best_before",
    "17": "expiry_date",
    "21": "serial",
    "30": "count",
    "37": "quantity",
    "400": "customer_order",
    "401": "consignment",
    "402": "shipment",
    "403": "routing_code",
    "420": "ship_to_postcode",
}
COUNTS = ("30", "37")
NET_WEIGHT = "310"  # and the number of decimals


def check_digit(digits: str) -> int:
    """Check digit for the digits before it, of any GS1 key."""
    if not digits.isascii() or not digits.isdigit():
        raise Gs1Error(f"{digits!r} is not a number: a GS1 key has digits only.")
    return (
        -sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(digits))) % 10
    )


def is_valid_key(digits: str) -> bool:
    """Whether the last digit is the check digit of those before."""
    return (
        digits.isascii()
        and digits.isdigit()
        and len(digits) > 1
        and check_digit(digits[:-1]) == int(digits[-1])
    )


def sscc(company_prefix: str, serial: int, extension: int = 0) -> str:
    """18-digit SSCC of logistic unit number ``serial``, counted from 0 over extension digit and reference.

    ``extension`` is the first of the leading digits 0 to 9 to use; ten times the room of the prefix in all.
    """
    if not re.fullmatch(r"[0-9]{4,12}", company_prefix):
        raise Gs1Error(f"Company prefix {company_prefix!r} must have 4 to 12 digits.")
    room = 10 ** (16 - len(company_prefix))
    carry, reference = divmod(serial, room)
    if serial < 0 or extension + carry > 9:
        raise Gs1Error(f"Number {serial} is beyond the serial numbers of company prefix {company_prefix}.")
    body = f"{extension + carry}{company_prefix}{reference:0{16 - len(company_prefix)}d}"
    return f"{body}{check_digit(body)}"


def gtin(code: str) -> str:
    """Any GTIN-8, -12, -13 or -14 as 14 digits, so that two forms of one number compare equal."""
    return code.zfill(14) if code.isascii() and code.isdigit() and len(code) in (8, 12, 13, 14) else code


def gtin_forms(code: str) -> list[str]:
    """``code`` and, for a GTIN, the shorter and longer ways to write the same number, as typed first."""
    long = gtin(code)
    shorter = [long[cut:] for cut in (0, 1, 2, 6) if long[:cut] == "0" * cut] if len(long) == 14 else []
    return list(dict.fromkeys([code, *shorter, *([code.lstrip("0")] if shorter else [])]))


def is_gtin(code: str) -> bool:
    """Whether a product's barcode is a GTIN with a right check digit."""
    return len(code) in (8, 12, 13, 14) and is_valid_key(code)


def element_text(text: str, length: int) -> str:
    """``text`` as data of a text element: without spaces; empty when the standard has no such characters.

    Brackets are allowed by the standard, but encoders that take the printed form cannot tell them apart.
    """
    text = text.replace(" ", "")
    return text if len(text) <= length and re.fullmatch(r"[A-Za-z0-9!\"%&'*+,\-./:;<=>?_]*", text) else ""


def scanned(text: str) -> str:
    """What a scanner has sent, as the rules want it: FNC1 as GS, without the name of a plain symbology.

    Where the character cannot be typed or carried (XML-RPC), scanners and programs write it out.
    """
    for written in WRITTEN_FNC1:
        text = text.replace(written, FNC1)
    text = text.strip(" \t\r\n")
    is_announced = re.match(r"\][A-Za-z][0-9A-Za-z]", text) and not text.startswith(SYMBOLOGIES)
    return text[3:] if is_announced else text


def readable(barcode: str) -> str:
    """For people: control characters and the name of the symbology are no news to them."""
    bare = barcode[3:] if barcode.startswith(SYMBOLOGIES) else barcode
    return re.sub(r"[\x00-\x1f\x7f]+", " ", bare).strip(" ")


def is_element_string(barcode: str) -> bool:
    """Whether a scan claims to be GS1 data: announced by the scanner, or with identifiers in brackets."""
    return barcode.startswith(SYMBOLOGIES) or FNC1 in barcode or bool(re.match(r"\([0-9]{2,4}\)", barcode))


def parse(barcode: str, separators: str = FNC1) -> dict:
    """Read an element string into ``{name: value}``: keys and texts as ``str``, dates, counts, kilograms.

    Takes what scanners send (with or without symbology prefix, FNC1 as GS or one of ``separators``) and the
    form printed for people, with identifiers in brackets. What nobody asks for stays under the number of its
    identifier. Nothing is guessed: what breaks a rule is refused.
    """
    barcode = barcode[3:] if barcode.startswith(SYMBOLOGIES) else barcode
    if barcode.startswith("("):
        barcode = _without_brackets(barcode)
    values, position = {}, 0
    while position < len(barcode):
        if barcode[position] in separators:
            position += 1
            continue
        name, value, position = _element(barcode, position, separators)
        if values.setdefault(name, value) != value:
            raise Gs1Error(f"The barcode says {name.replace('_', ' ')} twice: {values[name]} and {value}.")
    if not values:
        raise Gs1Error("The barcode is empty.")
    return values


def build(elements) -> str:
    """Element string of ``(identifier, data)`` pairs for a symbol; FNC1 follows what has no known length."""
    parts = []
    for identifier, data in elements:
        _value(identifier, data)
        parts.append(f"{identifier}{data}" + (FNC1 if FORMATS[identifier].marked else ""))
    return "".join(parts).removesuffix(FNC1)


def _without_brackets(text):
    parts = re.findall(r"\(([0-9]{2,4})\)([^()]*)", text)
    if "".join(f"({identifier}){data}" for identifier, data in parts) != text:
        raise Gs1Error(f"The brackets in {text} do not match.")
    for identifier, _data in parts:
        if identifier not in FORMATS:
            raise Gs1Error(f"Application identifier {identifier} is not known.")
    return FNC1.join(f"{identifier}{data}" for identifier, data in parts)


def _element(barcode, position, separators):
    """Read one element at ``position``: ``(name, value, position after it)``."""
    names = (barcode[position : position + size] for size in (2, 3, 4))
    identifier = next((name for name in names if name in FORMATS), None)
    if not identifier:
        raise Gs1Error(f"Application identifier {barcode[position : position + 4]} is not known.")
    begin, form = position + len(identifier), FORMATS[identifier]
    end = begin
    while end < len(barcode) and barcode[end] not in separators:
        end += 1
    end = end if form.marked else min(end, begin + form.longest)
    if form.marked and end - begin > form.longest:
        raise Gs1Error(f"({identifier}) has more than {form.longest} characters, or its end is not marked.")
    return *_value(identifier, barcode[begin:end]), end


def _value(identifier, data):
    """``(name, value)`` of the data, after every check that the standard asks for."""
    form = FORMATS.get(identifier)
    if not form:
        raise Gs1Error(f"Application identifier {identifier} is not known.")
    found = form.pattern.fullmatch(data)
    if not found:
        if form.digits and data and not (data.isascii() and data.isdigit()):
            raise Gs1Error(f"({identifier}) takes digits only, not {data!r}.")
        size = f"{'' if form.fixed else 'up to '}{form.longest} characters"
        raise Gs1Error(f"({identifier}) needs {size}, not {data!r}.")
    for part, text in zip(form.parts, found.groups(), strict=True):
        if part.check == "k" and not is_valid_key(text):
            raise Gs1Error(f"({identifier}){data}: the check digit is wrong. Scan again.")
        if part.check == "d" and text:
            _date(identifier, text)
    if identifier[:3] == NET_WEIGHT:
        return "net_weight", int(data) / 10 ** int(identifier[-1])
    name = NAMES.get(identifier, identifier)
    if identifier in COUNTS:
        if not int(data):
            raise Gs1Error(f"({identifier}) says that nothing is in there. Scan the pieces.")
        return name, int(data)
    is_day = identifier in NAMES and form.parts[0].check == "d"
    return name, _date(identifier, data) if is_day else data


def _date(identifier, data, today=None):
    """Date of six digits; the century after section 7.12, day 00 as the last of the month."""
    year, month, day = int(data[:2]), int(data[2:4]), int(data[4:])
    this_year = (today or date.today()).year
    distance = year - this_year % 100
    century = this_year // 100 + (-1 if distance >= 51 else 1 if distance <= -50 else 0)
    year += 100 * century
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise Gs1Error(f"({identifier}){data} is no date.") from None
