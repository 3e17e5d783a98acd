from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _option_choice(self, chosen, shown, wanted, pricing, swaps_up_to):
        """Answer one tap in the dialog.

        ``chosen``: what the customer chose so far; ``shown``: the whole configuration on the screen, the rest
        of it filled in by us; ``wanted``: the value tapped, or None to look only. If it goes with all choices
        the answer is ``accepted`` with the new configuration. What we fill in depends on choices and the
        defaults alone, not on the way to them: nobody pays for what a dropped choice had brought along.
        Otherwise nothing changes and the answer has the reason and the smallest repair.
        """
        template, reasoner = self._open_options(pricing["date"])
        owner = {
            value: option_class for option_class in reasoner.model.classes for value in option_class.values
        }
        shown = [value for value in shown if value in owner]
        choices = _with_choice([value for value in chosen if value in owner], wanted, owner)
        if not reasoner.is_possible(choices):
            known = [value for value in chosen if value in owner]
            return template._option_refused(reasoner, known, shown, wanted, pricing)
        done = reasoner.complete(choices, preferred=template._default_options().ids)
        swaps = len(owner) <= swaps_up_to
        possible = reasoner.state(choices).possible | (reasoner.swaps(choices) if swaps else owner.keys())
        return {
            "accepted": True,
            "chosen": choices,
            "selection": list(done.values),
            "impossible": sorted(owner.keys() - possible),
            "moved": template._option_moves(owner, shown, done.values, wanted),
        }

    def _default_options(self):
        """Return the options taken where nothing is chosen."""
        return self.env["product.template.attribute.value"].search(
            [("product_tmpl_id", "=", self.id), ("ptav_active", "=", True), ("is_option_default", "=", True)]
        )

    def _option_refused(self, reasoner, chosen, shown, wanted, pricing):
        reason = reasoner.reason(chosen, wanted)
        prices = self._option_price_units(pricing)
        found = reasoner.repair(chosen, [wanted] if wanted else [], prices)
        wanted_value = self.env["product.template.attribute.value"].browse(wanted or [])
        repair = {"possible": False}
        if found:
            after = reasoner.complete(found.selection, self._default_options().ids)
            difference = self._option_price_change(shown, after.values, pricing)
            repair = self._option_repair_dict(found, wanted_value, difference)
        return {
            "accepted": False,
            "wanted": self._option_dicts(wanted_value.ids),
            "reason": self._option_reason_dict(reason)
            if reason
            else {"text": "", "choices": [], "rules": []},
            "repair": repair,
        }

    def _option_moves(self, owner, before, after, wanted):
        """Return what we had filled in and had to change, to show it: [{attribute, before, after}]."""
        old = {owner[value].key: value for value in before if not owner[value].multi}
        moves = []
        for value in after:
            previous = old.get(owner[value].key)
            if previous and previous != value and value != wanted and not owner[value].multi:
                first, second = self._option_dicts([previous, value])
                moves.append(
                    {"attribute": second["attribute"], "before": first["name"], "after": second["name"]}
                )
        return moves


def _with_choice(chosen, wanted, owner):
    """Return ``chosen`` with ``wanted`` in its class's place; a multiple choice is switched on or off."""
    if wanted is None or wanted not in owner:
        return chosen
    if owner[wanted].multi:
        return [v for v in chosen if v != wanted] if wanted in chosen else [*chosen, wanted]
    return [*(value for value in chosen if owner[value] is not owner[wanted]), wanted]
