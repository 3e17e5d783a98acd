"""Shape of the payload of ``define_customer``: every mistake in it is named, not only the first."""

import re

from .order_payload import FLAG, NUMBER, TEXT, PayloadError, type_error

ADDRESS_TYPES = ("delivery", "invoice")
PURPOSES = ("orders", "notices", "invoices", "support")
PLACE = dict.fromkeys(("name", "ref", "street", "street2", "zip", "city", "email", "phone", "country"), TEXT)
CONTACT = {**PLACE, "purpose": TEXT}
ADDRESS = {**PLACE, "type": TEXT}
PARTS = {"contacts": CONTACT, "addresses": ADDRESS}
CUSTOMER = {
    **PLACE,
    "vat": TEXT,
    "is_company": FLAG,
    "credit_limit": NUMBER,
    "payment_term": TEXT,
    "pricelist": TEXT,
    "fiscal_position": TEXT,
    "receiving_calendar": TEXT,
    "invoice_calendar": TEXT,
    "order_reference_required": FLAG,
    "shipping": TEXT,
    "service_class": TEXT,
    "delivery_notice": TEXT,
    "invoice_trigger": TEXT,
    "duplicate_reason": TEXT,
}
MAX_NAME = 500
MAIL = re.compile(r"[^@\s]+@[^@\s]+")


def customer_errors(payload) -> list[PayloadError]:
    """Return everything that is wrong with the payload by itself, before anything is looked up."""
    if not isinstance(payload, dict):
        return [PayloadError("OF-CUS-010", "payload", "must be an object with the name of a customer.")]
    own = {name: content for name, content in payload.items() if name not in PARTS}
    errors = _part_errors(own, CUSTOMER, "")
    if _is_given(own.get("credit_limit")) and not errors and own["credit_limit"] < 0:
        errors.append(
            PayloadError("OF-CUS-013", "credit_limit", "must not be negative; leave it out for none.")
        )
    for name, fields in PARTS.items():
        errors += _list_errors(payload.get(name), name, fields)
    return errors


def _list_errors(parts, name: str, fields: dict) -> list[PayloadError]:
    if not _is_given(parts):
        return []
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return [PayloadError("OF-CUS-015", name, "must be a list of objects.")]
    errors = []
    for number, part in enumerate(parts):
        path = f"{name}[{number}]."
        errors += _part_errors(part, fields, path)
        purpose = part.get("purpose")
        if fields is CONTACT and purpose not in PURPOSES:
            errors.append(PayloadError("OF-CUS-014", f"{path}purpose", f"one of {', '.join(PURPOSES)}."))
        elif fields is CONTACT and purpose in [earlier.get("purpose") for earlier in parts[:number]]:
            errors.append(PayloadError("OF-CUS-014", f"{path}purpose", f"{purpose} has a contact already."))
        if fields is ADDRESS and (part.get("type") or "delivery") not in ADDRESS_TYPES:
            errors.append(PayloadError("OF-CUS-013", f"{path}type", f"one of {', '.join(ADDRESS_TYPES)}."))
    return errors


def _part_errors(part: dict, fields: dict, path: str) -> list[PayloadError]:
    errors = []
    if fields is not ADDRESS and not str(part.get("name") or "").strip():
        errors.append(PayloadError("OF-CUS-010", f"{path}name", "a customer or contact needs a name."))
    for name, content in part.items():
        if name not in fields:
            known = ", ".join(sorted({**fields, **(PARTS if fields is CUSTOMER else {})}))
            errors.append(PayloadError("OF-CUS-012", f"{path}{name}", f"is not known. Known: {known}."))
        elif _is_given(content) and (
            wrong := type_error(fields[name], content) or _form_error(name, content)
        ):
            errors.append(PayloadError("OF-CUS-013", f"{path}{name}", wrong))
    return errors


def _form_error(name: str, content) -> str:
    if name == "email" and not MAIL.fullmatch(content.strip()):
        return "must be one mail address, such as orders@customer.com."
    if name == "name" and len(content) > MAX_NAME:
        return f"at most {MAX_NAME} characters."
    return ""


def _is_given(content) -> bool:
    return content is not None and content is not False
