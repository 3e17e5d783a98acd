"""The sentences of a warranty verdict: one place to review and translate."""

from odoo.tools import format_date


def entitlement_text(env, verdict):  # long: one text per verdict
    """The verdict in words, dates and numbers as the reader writes them."""
    _ = env._
    texts = {
        "covered": _(
            "Covered until %(until)s: delivered with %(delivery)s on %(delivered_on)s, %(months)s months "
            "(%(policy)s)."
        ),
        "foreign": _(
            "Not covered: this number was delivered to another customer. Check the number, or ask where it "
            "was bought."
        ),
        "never_delivered": _(
            "Not covered: we have not delivered this. Check the serial number or the order."
        ),
        "returned": _("Not covered: what was delivered with %(delivery)s came back on %(returned_on)s."),
        "no_policy": _("Not covered: there is no warranty policy for this product."),
        "no_warranty": _("Not covered: %(policy)s gives no warranty."),
        "excluded": _("Not covered: %(policy)s excludes this cause."),
        "cause_not_covered": _("Not covered: this cause is none of those that %(policy)s covers."),
        "over_counter": _(
            "Not covered: the counter says %(counter)g %(unit)s, %(policy)s goes to %(limit)g %(unit)s."
        ),
        "expired": _(
            "Not covered: %(months)s months from delivery on %(delivered_on)s (%(policy)s) ended on "
            "%(until)s."
        ),
        "counter_missing": _("Covered until %(until)s and %(limit)g %(unit)s: ask for the counter reading."),
        "cause_missing": _("Covered until %(until)s for the causes of %(policy)s: find the cause."),
        "extension_shared": _(
            "%(extensions)s was sold for fewer than were delivered: note on the order line for which serial "
            "numbers."
        ),
    }
    return _assemble(env, verdict, texts[verdict.code])


def _assemble(env, verdict, text):
    dates = ("until", "delivered_on", "returned_on", "day")
    values = {
        name: format_date(env, value) if name in dates and value else value
        for name, value in verdict.values.items()
    }
    sentence = text % values
    if verdict.values.get("inside_of"):
        sentence += " " + env._("It is part of %s.", verdict.values["inside_of"])
    if verdict.values.get("extensions") and verdict.code in ("covered", "expired"):
        sentence += " " + env._("With %s.", verdict.values["extensions"])
    return sentence
