"""What follows from events: ``readonly`` alone keeps only the web client from writing it, not a program."""


def given_derived(records, vals, *, creating=False):
    """Names in ``vals`` that only the server sets; none for the server itself (sudo).

    With ``creating``, what a copy takes over from its original is let through.
    """
    if records.env.su:
        return []
    fields = filter(None, (records._fields.get(name) for name in vals))
    return [field.name for field in fields if field.readonly and not (creating and field.copy)]


def plain_text(value, limit=2000):
    """``value`` as a program may send it: a text without blanks around it, "" for anything else."""
    return value.strip()[:limit] if isinstance(value, str) else ""
