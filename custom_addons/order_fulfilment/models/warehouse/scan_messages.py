"""Every sentence that an operator reads after a scan: one place to review and translate.

Each says what happened and, where it is refused, what to do now.
"""

ACCEPTED = ("location_ok", "picked", "line_done", "lot_needed", "task_done", "short_ok")


def scan_text(env, code, values):
    """Sentence for ``code``, filled in with ``values``."""
    _ = env._
    texts = {
        "location_ok": _("Now scan %(product)s."),
        "picked": _("%(done)s of %(wanted)s picked."),
        "line_done": _("Line complete."),
        "lot_needed": _("Scan the lot or serial number of %(product)s."),
        "task_done": _("All picked. Bring it to packing."),
        "short_ok": _("Shortage noted. %(missing)s more at %(place)s."),
        "short_nothing": _("Shortage noted. There is no other stock: go on with the next line."),
        "unknown_barcode": _("Barcode %(barcode)s is not known. Scan the label on the product or its box."),
        "unreadable": _("%(problem)s"),
        "location_first": _("Scan the location %(place)s first."),
        "wrong_location": _("This is %(scanned)s. Go to %(place)s."),
        "wrong_product": _("This is %(scanned)s. Put it back and take %(product)s."),
        "wrong_lot": _("Lot %(scanned)s is not the one reserved. Take lot %(lot)s."),
        "expired_lot": _("Lot %(scanned)s has expired. Put it aside and report a shortage."),
        "too_many": _("Only %(left)s more are needed. Put back what is too many."),
        "nothing_left": _("Nothing more to pick here: this task is complete."),
        "not_open": _("This task is not open any more. Choose another one."),
    }
    return texts[code] % values if values else texts[code]
