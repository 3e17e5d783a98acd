"""What the headers of a mail tell: whether a machine wrote it, and whether its sender is who it says."""

import re
from collections.abc import Iterable, Mapping

from .ticket_intake import MAX_SUBJECT, clean_line

# Mails of one sender to one ticket, or new tickets of one sender, within the hour, with no answer between.
MAX_IN_A_ROW = 10
MAX_ASIDE = 50  # of those beyond, how many an hour are still kept as notes
MAX_BODY = 200_000
# Not "list": a support address that is a group at the provider gets every mail marked so.
MACHINE_PRECEDENCE = {"bulk", "junk", "auto_reply", "auto-reply"}


def is_automatic(headers: Mapping[str, str]) -> bool:
    """Whether no person wrote this mail: absence notes, receipts, bulk (RFC 3834, and others)."""
    known = {name.lower(): str(value or "").strip().lower() for name, value in headers.items()}
    submitted = known.get("auto-submitted", "no").split(";")[0].strip()
    if submitted and submitted != "no":
        return True
    if known.get("precedence") in MACHINE_PRECEDENCE:
        return True
    if known.get("x-auto-response-suppress", "none") not in ("", "none"):
        return True
    named = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply")
    return any(known.get(name) for name in named) or known.get("return-path") == "<>"


def is_forged(results: Iterable[str]) -> bool:
    """Whether our mail server found that the sender's domain disowns it (``Authentication-Results``)."""
    return any(re.search(r"\bdmarc\s*=\s*(fail|permerror)\b", str(text).lower()) for text in results)


def subject_of(text: str) -> str:
    """The subject without Re: and Fwd: in some languages, on one line."""
    line = clean_line(text, 3 * MAX_SUBJECT)
    plain = re.sub(r"^((re|aw|antw|sv|fwd?|wg|tr|rif|r)\s*(\[\d+\])?\s*:\s*)+", "", line, flags=re.I)
    return clean_line(plain or line)
