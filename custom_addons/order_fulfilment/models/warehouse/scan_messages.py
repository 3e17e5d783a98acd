"""Every sentence that an operator reads after a scan: one place to review and translate.

Each says what happened and, where it is refused, what to do now. The scan app gets the same sentences with
its task, so that it can show them without network.
"""


def _picking(env):
    _ = env._
    return {
        "location_ok": _("Now scan %(product)s."),
        "picked": _("%(done)s of %(wanted)s picked."),
        "line_done": _("Line complete."),
        "recounted": _("Line complete: only %(wanted)s are needed. Put the rest back."),
        "to_bin": _("Put all %(wanted)s into bin %(bin)s and scan the bin."),
        "to_carton": _("Put all %(wanted)s into carton %(bin)s and scan it."),
        "wrong_carton": _("Wrong box. %(product)s goes into carton %(bin)s."),
        "carton_first": _("Put %(product)s into carton %(bin)s and scan it first."),
        "pick_done": _("All picked. Bring it to packing."),
        "task_done": _("All picked. Scan CONFIRM to finish."),
        "short_ok": _("%(product)s is short: noted. %(missing)s more at %(place)s."),
        "short_nothing": _("%(product)s is short: noted. There is no other stock: go on with the next line."),
        "short_noted": _("%(product)s is short: noted."),
        "skipped": _("Left for later. Go to %(place)s."),
        "unknown_barcode": _(
            "Barcode %(barcode)s is not known here. Scan the label on the product or its box."
        ),
        "unreadable": _("This label breaks the GS1 rules, scan the product's own barcode: %(problem)s"),
        "location_first": _("Scan the location %(place)s first."),
        "wrong_location": _("This is %(scanned)s. Go to %(place)s."),
        "wrong_product": _("This is %(scanned)s. Put it back and take %(product)s."),
        "complete_here": _("%(scanned)s is complete here. Put this one back and go to %(place)s."),
        "too_many": _("Too many: only %(left)s more needed. Put the rest back."),
    }


def _lots(env):
    _ = env._
    return {
        "lot_needed": _("Scan the lot or serial number of %(product)s."),
        "wrong_lot": _("Lot %(scanned)s is not the one reserved. Take lot %(lot)s."),
        "no_lot": _(
            "No lot is recorded for %(product)s, so it cannot leave. "
            "Put it aside, report a shortage and tell the desk."
        ),
        "lot_done": _("%(scanned)s was scanned already. Put it back and take another one."),
        "expired_lot": _("Lot %(scanned)s has expired. Put it aside and report a shortage."),
    }


def _bins(env):
    _ = env._
    return {
        "goods_first": _("Scan %(product)s first, then where you put it."),
        "wrong_bin": _("Wrong box. %(product)s goes into bin %(bin)s."),
        "bin_first": _("Put %(product)s into bin %(bin)s and scan the bin first."),
        "damaged": _("Put the damaged %(product)s aside and take another one. None left: scan SHORT."),
        "unscanned": _("Lines not scanned yet: %(count)s. Scan them or report a shortage."),
    }


def _packing(env):
    _ = env._
    return {
        "box_ok": _("Now scan what you put into the box."),
        "box_taken": _("Go on with box %(box)s of %(transfer)s, which is open."),
        "open_box": _(
            "Box %(box)s of %(transfer)s is open: scan it or NEW BOX to go on, or another delivery."
        ),
        "transfer_ok": _("Pack %(transfer)s."),
        "packed": _("In the box. %(left)s more for this delivery."),
        "packed_all": _("All in. Scan CLOSE to close the box."),
        "box_closed": _("Box closed: label %(box)s."),
        "box_first": _("Scan a box first."),
        "close_first": _("Scan CLOSE to close the open box first."),
        "empty_box": _("Nothing is in the box yet. Scan what you put in."),
        "wrong_box": _("This box is in use elsewhere. Take an empty one for %(transfer)s."),
        "wrong_product_pack": _("%(scanned)s does not belong to %(transfer)s. Put it back into its bin."),
        "not_packed": _("Pieces not in a box yet: %(count)s."),
        "nothing_to_pack": _("Nothing is left to pack there. Scan another bin."),
        "damaged_pack": _("Put the damaged piece aside and fetch another one before you close the box."),
        "not_now": _("That is not possible at this step."),
    }


def _loading(env):
    _ = env._
    return {
        "dock_ok": _("Right. Now scan the packages you load."),
        "wrong_dock": _("Wrong dock. Go to %(dock)s."),
        "dock_first": _("Scan the dock or vehicle first: %(dock)s."),
        "loaded": _("Loaded. %(count)s to go."),
        "all_loaded": _("All loaded. Scan CONFIRM to finish."),
        "already_loaded": _("%(box)s is loaded already."),
        "wrong_package": _("%(box)s does not belong here. Leave it."),
        "scan_label": _("Scan the label of the package."),
        "not_loaded": _("Packages not loaded yet: %(count)s. Scan each one."),
        "confirm_first": _("Everything is done here. Scan CONFIRM to finish."),
        "confirmed": _("Finished. Choose the next task."),
        "nothing_left": _(
            "Nothing to do here: it is finished, cancelled or not ready yet. Choose another task."
        ),
        "refused": _("%(problem)s"),
        "at_the_desk": _("This has to be finished at the desk: open it in Inventory."),
    }


def scan_texts(env):
    """``{code: sentence with %(words)s}``."""
    return {**_picking(env), **_lots(env), **_bins(env), **_packing(env), **_loading(env)}


def scan_text(env, code, words):
    """Sentence for ``code``, filled in with ``words``."""
    text = scan_texts(env)[code]
    return text % words if words else text
