from ...tools.ticket_intake import plain


def plain_text(value, limit=2000):
    """``value`` as a program may send it: a text without blanks around it, "" for anything else."""
    return plain(value).strip()[:limit] if isinstance(value, str) else ""
