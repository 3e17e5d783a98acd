"""VAT numbers: form and check digits, by the library Odoo itself brings (python-stdnum)."""

import re

import stdnum.exceptions
from stdnum import get_cc_module

# The prefix on the number is not the ISO code of the country.
_PREFIX_OF = {"GR": "EL"}
_COUNTRY_OF = {"EL": "GR", "XI": "GB"}
EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)


def is_given(vat: str | None) -> bool:
    """Say whether there is a number; "/" is Odoo's way to write "has none"."""
    return len(re.sub(r"[^0-9A-Za-z]", "", vat or "")) > 1


def problem(vat: str | None, country: str | None) -> str:
    """Return why the number cannot be right: "form", "check_digit", "length" or "" when nothing is wrong.

    The country is the partner's (ISO code) and counts when the number has no prefix of its own. Countries for
    which there is no rule are not judged.
    """
    compact = re.sub(r"[\s.\-/]", "", vat or "").upper()
    prefix = compact[:2] if compact[:2].isalpha() else _PREFIX_OF.get(country or "", country or "")
    module = _module(_COUNTRY_OF.get(prefix, prefix)) or _module(country or "")
    if module is None:
        return ""
    try:
        module.validate(compact)
    except stdnum.exceptions.InvalidLength:
        return "length"
    except stdnum.exceptions.InvalidChecksum:
        return "check_digit"
    except stdnum.exceptions.ValidationError:
        return "form"
    return ""


def _module(country: str):
    return get_cc_module(country.lower(), "vat") if country in EU | {"GB", "CH", "NO"} else None
