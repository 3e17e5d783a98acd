"""Near-duplicates among customers: keys to find candidates by, and a verdict with its reasons.

Two customers are compared only when they share a key (blocking), so that a million customers cost a few
index look-ups and not a million comparisons.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from . import postcode

LEGAL_FORMS = frozenset(
    [
        "GMBH",
        "AG",
        "KG",
        "OHG",
        "UG",
        "MBH",
        "CO",
        "SE",
        "EK",
        "EV",
        "LTD",
        "LIMITED",
        "PLC",
        "LLC",
        "LLP",
        "INC",
        "CORP",
        "CORPORATION",
        "COMPANY",
        "SA",
        "SAS",
        "SARL",
        "SASU",
        "SRL",
        "SPA",
        "SNC",
        "BV",
        "NV",
        "VOF",
        "CV",
        "AB",
        "AS",
        "ASA",
        "APS",
        "OY",
        "OYJ",
        "SL",
        "SLU",
        "SP",
        "ZOO",
        "SRO",
        "KFT",
        "DOO",
        "AND",
        "UND",
        "ET",
        "EN",
        "THE",
    ]
)
STREET_WORDS = re.compile(r"(STRASSE|STR|STREET|ST|ROAD|RD|AVENUE|AVE|AV|WEG|LAAN|STRAAT|RUE|DE|DU|LA)\b")
# Accents are dropped by decomposition; these letters have none to drop.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L"})


@dataclass(frozen=True)
class CustomerFacts:
    """What is compared; the id is 0 for one that is not made yet."""

    id: int = 0
    name: str = ""
    vat: str = ""
    street: str = ""
    zip: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Match:
    """A candidate with what speaks for it ("vat", "name", "address", "phone", "email") and how sure it is."""

    id: int
    score: float
    reasons: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        """Sure enough to refuse a new record that does not say why it is one."""
        return self.score >= 0.9


def name_key(name: str | None) -> str:
    """Return the name without case, accents, punctuation, legal form and word order."""
    plain = unicodedata.normalize("NFKD", (name or "").translate(_LETTERS))
    # "GmbH & Co. KG", "B.V." and "BV" are all legal forms: points go before words are split
    plain = "".join(char for char in plain if not unicodedata.combining(char)).upper().replace(".", "")
    plain = plain.replace("UE", "U").replace("OE", "O").replace("AE", "A")
    words = re.findall(r"\w+", plain)
    telling = [word for word in words if word not in LEGAL_FORMS] or words
    return "".join(sorted(telling))


def phone_key(phone: str | None) -> str:
    """Return the last eight digits: the same for +49 30 1234567, 0049(30)1234567 and 030/1234567; "" for
    less than six."""
    digits = re.sub(r"[^0-9]", "", re.sub(r"\(0\)", "", unicodedata.normalize("NFKC", phone or "")))
    digits = re.sub(r"^(00|0)", "", digits)
    return digits[-8:] if len(digits) >= 6 else ""


def vat_key(vat: str | None) -> str:
    """Return the number without punctuation; "" for Odoo's "/" (has none)."""
    compact = postcode.compact(vat)
    return compact if len(compact) > 4 else ""


def address_key(street: str | None, zip_code: str | None, country: str | None) -> str:
    """Return street, house number and post code as one key; "" unless both are there."""
    plain = unicodedata.normalize("NFKD", (street or "").translate(_LETTERS)).upper()
    plain = STREET_WORDS.sub("", "".join(char for char in plain if not unicodedata.combining(char)))
    plain = "".join(char for char in plain if char.isalnum())
    code = postcode.without_country(country, zip_code)
    return f"{plain}|{code}" if plain and code else ""


def similarity(first: str, second: str) -> float:
    """Return how alike two name keys are, from 0 to 1."""
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0


def compare(new: CustomerFacts, known: CustomerFacts) -> Match:
    """Weigh what speaks for the two being one customer.

    A shared VAT number decides. Otherwise two things must agree: the name (nearly), and address, phone or
    mail; an address alone may be a business park, a phone alone a reception desk.
    """
    if vat_key(new.vat) and vat_key(new.vat) == vat_key(known.vat):
        return Match(known.id, 1.0, ("vat",))
    alike = similarity(name_key(new.name), name_key(known.name))
    agree = [("name", alike >= 0.85, 0.55 * alike)]
    agree.append(("address", _same(address_key, (new.street, new.zip, new.country), known), 0.4))
    agree.append(
        ("phone", bool(phone_key(new.phone)) and phone_key(new.phone) == phone_key(known.phone), 0.4)
    )
    agree.append(("email", bool(new.email) and new.email.lower() == known.email.lower(), 0.4))
    reasons = tuple(reason for reason, holds, _weight in agree if holds)
    score = min(1.0, sum(weight for _reason, holds, weight in agree if holds))
    different_vat = vat_key(new.vat) and vat_key(known.vat)
    return Match(known.id, round(score * (0.6 if different_vat else 1.0), 3), reasons)


def _same(key, parts: tuple, known: CustomerFacts) -> bool:
    mine = key(*parts)
    return bool(mine) and mine == key(known.street, known.zip, known.country)


def rank(new: CustomerFacts, candidates: list[CustomerFacts], least: float = 0.4) -> list[Match]:
    """Return the candidates worth showing, best first."""
    matches = [compare(new, known) for known in candidates if known.id != new.id]
    return sorted(
        (match for match in matches if match.score >= least), key=lambda match: (-match.score, match.id)
    )
