"""What follows from events: ``readonly`` alone keeps only the web client from writing it, not a program."""


def given_derived(records, vals, names=None, *, creating=False):
    """Names in ``vals`` that only the server sets; none for the server itself (sudo, which no client has).

    ``names``: those fields; without them, all that are readonly. With ``creating``, what a copy takes over
    from its original is let through.
    """
    if records.env.su:
        return []
    if names is not None:
        return sorted(names & vals.keys())
    fields = filter(None, (records._fields.get(name) for name in vals))
    return [field.name for field in fields if field.readonly and not (creating and field.copy)]
