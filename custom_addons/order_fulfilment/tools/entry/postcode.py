"""Post codes: their form per country, and a compact form to compare them."""

import re

# N is a digit, D one but 0, A a letter, the others those of _CLASSES; spaces and hyphens do not count.
# Source: the countries' posts, as collected by the Universal Postal Union ("Postal addressing systems"). A
# country that is not listed accepts anything.
FORMS = {
    **dict.fromkeys(("AT", "BE", "BG", "CH", "CY", "HU", "LI", "LU", "SI", "LV"), ("DNNN",)),
    **dict.fromkeys(("DK", "NO", "AU", "NZ", "ZA", "PH", "TN", "GE", "AM", "MK", "AL"), ("NNNN",)),
    **dict.fromkeys(("DE", "ES", "FI", "FR", "IT", "EE", "HR", "LT", "MC", "SM", "VA", "TR"), ("NNNNN",)),
    **dict.fromkeys(("CZ", "SE", "SK", "GR", "MX", "UA", "RS", "ME", "BA", "MA", "TH", "MY"), ("NNNNN",)),
    **dict.fromkeys(("ID", "KR", "DZ", "JO", "KW"), ("NNNNN",)),
    **dict.fromkeys(("RO", "RU", "IN", "CN", "SG", "BY", "UZ", "CO", "EC"), ("NNNNNN",)),
    "BR": ("NNNNNNNN",),
    "CA": ("KNLNLN",),
    "EG": ("NNNNN", "NNNNNNN"),
    "GB": ("ANNGG", "ANNNGG", "AANNGG", "AANNNGG", "ANANGG", "AANANGG", "AAANGG"),
    "IE": ("ENNVVVV", "ENWVVVV"),
    "IL": ("NNNNN", "NNNNNNN"),
    "IS": ("NNN",),
    "JP": ("NNNNNNN",),
    "KZ": ("NNNNNN", "ANNANAN"),
    "MD": ("NNNN",),
    "MT": ("AAANNNN",),
    "NL": ("DNNNAA",),
    "PL": ("NNNNN",),
    "PT": ("DNNN", "DNNNNNN"),
    "SA": ("NNNNN", "NNNNNNNNN"),
    "TW": ("NNN", "NNNNN", "NNNNNN"),
    "VN": ("NNNNN", "NNNNNN"),
    "US": ("NNNNN", "NNNNNNNNN"),
    "AR": ("NNNN", "ANNNNAAA"),
}
# Written in front by habit ("D-10115", "LV-1010"); part of the form nowhere in the table above.
_PREFIXES = {
    "AT": "A|AT",
    "BE": "B|BE",
    "DE": "D|DE",
    "ES": "E|ES",
    "FI": "FIN|FI",
    "FR": "F|FR",
    "HU": "H|HU",
    "IT": "I|IT",
    "LU": "L|LU",
    "NO": "N|NO",
    "PT": "P|PT",
    "SE": "S|SE",
}
# K and L: letters of Canada's codes, the first and the others. G: those of the second half in Britain.
# E, V and W: those of Irish areas, of addresses there, and of Dublin 6W.
_CLASSES = {
    "N": "[0-9]",
    "D": "[1-9]",
    "A": "[A-Z]",
    "K": "[ABCEGHJ-NPRSTVXY]",
    "L": "[ABCEGHJ-NPRSTV-Z]",
    "G": "[ABD-HJLNP-UW-Z]",
    "E": "[AC-FHKNPRTV-Y]",
    "V": "[0-9AC-FHKNPRTV-Y]",
    "W": "W",
}
# Never given to anybody, although of the right form; nothing but zeros is nowhere.
_UNUSED = {
    "DE": "00...",
    "ES": "00...|5[3-9]...|[6-9]....",
    "FR": "99...",
    "NL": "....S[ADS]",
    "US": "00[0-4].*",
}
_PATTERNS = {
    country: re.compile(
        f"(?!(?:0+|{_UNUSED.get(country, '0')})$)"
        f"(?:{'|'.join(''.join(_CLASSES[char] for char in form) for form in forms)})"
    )
    for country, forms in FORMS.items()
}


def compact(code: str | None) -> str:
    """Return the code in upper case without spaces and punctuation, as it is compared."""
    return "".join(char for char in (code or "").upper() if char.isalnum())


def without_country(country: str | None, code: str | None) -> str:
    """Return the compact code without a country mark in front ("D-10115" becomes "10115")."""
    marks = _PREFIXES.get(country or "", country or "-")
    return re.sub(rf"^(?:{marks})(?=[0-9])", "", compact(code))


def has_form(country: str | None, code: str | None) -> bool:
    """Say whether ``code`` has a form used in ``country`` (two letters); unknown countries accept "
    "anything."""
    pattern = _PATTERNS.get(country or "")
    return pattern is None or bool(pattern.fullmatch(without_country(country, code)))


def is_required(country: str | None) -> bool:
    """Say whether letters to ``country`` need a post code at all."""
    return country in FORMS


def same(first: str | None, second: str | None, country: str | None = None) -> bool:
    """Compare two codes as people say them on the phone; an empty code matches nothing."""
    left, right = without_country(country, first), without_country(country, second)
    return bool(left) and left == right


def example(country: str | None) -> str:
    """Return the form as an example for a message, such as "12345"."""
    form = FORMS.get(country or "", ("",))[0]
    digits = iter("1234567890")
    return "".join(next(digits) if char in "ND" else "W" if char in "GW" else "A" for char in form)
