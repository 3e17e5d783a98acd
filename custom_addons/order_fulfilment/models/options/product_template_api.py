from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.option_rules import OptionModel, OptionModelError, Reasoner
from .product_template_options import OptionClass


class ProductTemplate(models.Model):
    """What the dialog, other systems and the order import ask about an end item's options.

    An option is named by its code, by ``CODE:3`` where it takes a quantity, by its name, or by the id of the
    template's value. All answers are plain JSON values.
    """

    _inherit = "product.template"

    def option_state(self, selection=(), date=None, swaps=False):
        """Return what may still be chosen; documented in docs/api/options.md."""
        template, reasoner = self._open_options(date)
        ids = template._find_options(selection)[0].ids
        state = template._option_state(reasoner, ids, swaps)
        lines = self.env["product.template.attribute.line"].browse(state.pop("open"))
        return {**state, "missing": lines.mapped("attribute_id.name")}

    def _option_state(self, reasoner, ids, swaps=False):
        """Return the state of ``ids`` without reading a single record: this runs on every tap."""
        try:
            state = reasoner.state(ids)
            possible = state.possible | (reasoner.swaps(ids) if swaps else frozenset())
            missing = reasoner.missing(ids)
        except OptionModelError as error:
            raise UserError(self._unknown_option_text(error.subject, self.browse())) from error
        return {
            "consistent": state.consistent,
            "possible": sorted(possible),
            "impossible": sorted({v for c in reasoner.model.classes for v in c.values} - possible),
            "open": missing,
        }

    def _option_verdicts(self, selections, date=None):
        """Say of each selection (lists of value ids) whether it can be completed; unknown values cannot."""
        _template, reasoner = self._open_options(date)
        known = {value for option_class in reasoner.model.classes for value in option_class.values}
        return [known.issuperset(ids) and reasoner.is_possible(ids) for ids in selections]

    def option_reason(self, selection, option=None, date=None):
        """Return why ``option`` (or the selection itself) is not possible; ``possible`` is True if it is."""
        template, reasoner = self._open_options(date)
        values = template._find_options(selection)[0]
        wanted = template._find_options([option])[0].id if option else None
        reason = reasoner.reason(values.ids, wanted)
        if reason is None:
            return {"possible": True, "text": "", "choices": [], "rules": []}
        return {"possible": False, **template._option_reason_dict(reason)}

    def option_repair(self, selection, wanted=(), date=None, pricing=None):
        """Return the fewest changes of ``selection`` that admit all ``wanted`` options."""
        template, reasoner = self._open_options(date)
        values = template._find_options(selection)[0]
        wanted = template._find_options([wanted] if isinstance(wanted, str | int) else wanted)[0]
        prices, digits = template._option_price_cents(pricing, date)
        repair = reasoner.repair(values.ids, wanted.ids, prices)
        if repair is None:
            return {
                "possible": False,
                "changes": [],
                "selection": [],
                "price_difference": 0.0,
                "text": "",
                "proved": True,
            }
        return template._option_repair_dict(repair, wanted, digits)

    def option_completion(self, selection=(), date=None, cheapest=False, preferred=(), pricing=None):
        """Return a whole configuration that holds ``selection``: with the defaults, or the cheapest."""
        template, reasoner = self._open_options(date)
        values = template._find_options(selection)[0]
        liked = template._find_options(preferred)[0] or template._option_values().filtered(
            "is_option_default"
        )
        prices, digits = template._option_price_cents(pricing, date)
        found = reasoner.complete(values.ids, liked.ids, prices, cheapest)
        if found is None:
            return {"possible": False, "selection": [], "options": [], "extra_price": 0.0, "proved": True}
        return {
            "possible": True,
            "selection": list(found.values),
            "options": template._option_dicts(found.values),
            "extra_price": found.price / digits,
            "proved": found.proved,
        }

    def _open_options(self, date=None):
        """Check the user's right to read and return (self, reasoner), also for an end item without rules."""
        self.ensure_one()
        self.check_access("read")
        day = fields.Date.to_date(date) or self._option_date()
        return self, self._option_reasoner(day) or self._bare_reasoner()

    def _bare_reasoner(self):
        classes, _known = self.sudo()._gather_option_classes()
        return Reasoner(OptionModel(tuple(OptionClass(*each) for each in classes)))

    def _find_options(self, names):
        """Return (values, {value id: quantity}) for codes, names or ids; refuse unclear ones."""
        self.ensure_one()
        found, quantities = self.env["product.template.attribute.value"], {}
        known = {id_ for _line, ids, _multi in self._option_source()["classes"] for id_ in ids}
        offered = None
        for name in names or ():
            if isinstance(name, int) and not isinstance(name, bool):
                value, quantity = found.browse([name] if name in known else []), None
            else:
                offered = self._option_values() if offered is None else offered
                value, quantity = self._find_option(str(name).strip(), offered)
            if len(value) != 1:
                raise UserError(self._unknown_option_text(name, value))
            found |= value
            if quantity is not None:
                quantities[value.id] = quantity
        return found, quantities

    def _find_option(self, name, offered):
        text, _colon, number = name.rpartition(":")
        if text and number.isascii() and number.isdigit() and not self._match_option(name, offered):
            return self._match_option(text, offered), int(number)
        return self._match_option(name, offered), None

    def _match_option(self, name, offered):
        """Match by code, then by "Attribute: value", then by the value's name."""
        for field in ("product_attribute_value_id.option_code", "display_name", "name"):
            found = offered.filtered(lambda v, field=field: (v.mapped(field) or [""])[0] == name)
            if found:
                return found
        return offered.browse()

    def _unknown_option_text(self, name, values):
        if values:
            return self.env._(
                "[OF-OPT-051] “%(name)s” is unclear for %(item)s: %(options)s. Use the code.",
                name=name,
                item=self.display_name,
                options=", ".join(values.mapped("display_name")),
            )
        return self.env._(
            "[OF-OPT-050] %(item)s has no option “%(name)s”.", item=self.display_name, name=name
        )

    def _option_price_cents(self, pricing, date=None):
        """Return ({value id: price in the smallest unit}, units per 1.0): the reasoner counts in integers."""
        terms = {"date": date, **(pricing or {})}
        digits = 100
        amounts = self._option_amounts(self._option_values(), terms)
        return {value.id: round(amount * digits) for value, amount in amounts.items()}, digits

    def _option_dicts(self, values):
        """Describe values for an answer."""
        records = self.env["product.template.attribute.value"].browse(values)
        return [
            {
                "id": value.id,
                "code": value.product_attribute_value_id.option_code or "",
                "attribute": value.attribute_id.name,
                "name": value.name,
            }
            for value in records
        ]

    def _option_rule_text(self, key):
        """Return a rule's message, or what it says, in the user's language."""
        kind, number = key
        if kind == "rule":
            return self.env["option.rule"].sudo().browse(number).exists()._as_text()  # all may read why
        if kind == "core":
            exclusion = self.env["product.template.attribute.exclusion"].sudo().browse(number).exists()
            first, others = exclusion.product_template_attribute_value_id, exclusion.value_ids
            return self.env._(
                "%(first)s does not go with %(others)s.",
                first=first.display_name,
                others=", ".join(others.mapped("display_name")),
            )
        value = self.env["product.template.attribute.value"].sudo().browse(number)
        if kind == "phase_in":
            return self.env._(
                "%(option)s can be ordered from %(date)s on.",
                option=value.display_name,
                date=value.phase_in_date,
            )
        return self.env._(
            "%(option)s could be ordered until %(date)s.",
            option=value.display_name,
            date=value.phase_out_date,
        )

    def _option_reason_dict(self, reason):
        choices = self._option_dicts(reason.choices)
        rules = [
            {"key": f"{kind}-{number}", "text": self._option_rule_text((kind, number))}
            for kind, number in reason.rules
        ]
        text = " ".join(rule["text"] for rule in rules)
        chosen = ", ".join(f"{choice['attribute']}: {choice['name']}" for choice in choices)
        if chosen:
            text = self.env._("%(rules)s (You chose %(choices)s.)", rules=text, choices=chosen).strip()
        return {"text": text, "choices": choices, "rules": rules}

    def _option_repair_dict(self, repair, wanted, digits):
        changes = [
            {
                "attribute": self.env["product.template.attribute.line"]
                .browse(change.class_key)
                .attribute_id.name,
                "before": self._option_dicts([change.before])[0] if change.before else False,
                "after": self._option_dicts([change.after])[0] if change.after else False,
                "is_wanted": change.after in wanted.ids,
            }
            for change in repair.changes
        ]
        return {
            "possible": True,
            "changes": changes,
            "selection": list(repair.selection),
            "price_difference": repair.price_difference / digits,
            "text": self._option_repair_text(changes, wanted),
            "proved": repair.proved,
        }

    def _option_repair_text(self, changes, wanted):
        parts = []
        for change in changes:
            before = change["before"] and change["before"]["name"]
            after = change["after"] and change["after"]["name"]
            if change["is_wanted"]:
                continue
            if before and after:
                parts.append(
                    self.env._(
                        "%(attribute)s changes from %(before)s to %(after)s",
                        attribute=change["attribute"],
                        before=before,
                        after=after,
                    )
                )
            elif before:
                parts.append(self.env._("%(before)s falls away", before=before))
        names = ", ".join(wanted.mapped("name"))
        return (
            self.env._("To have %(wanted)s: %(changes)s.", wanted=names, changes="; ".join(parts))
            if parts
            else ""
        )

    def _prepare_option_line_vals(self, selection, date=None, complete=False):
        """Return values for a sales order line of this end item with ``selection`` (codes, names or ids).

        The hook of the order import for its option columns. ``complete`` fills what is left open with the
        defaults; without it an open choice is refused. Raises UserError or ValidationError with the reason.
        """
        self.ensure_one()
        values, quantities = self._find_options(selection)
        if complete:
            done = self.option_completion(values.ids, date=date)
            values = values.browse(done["selection"]) if done["possible"] else values
        values |= self._implied_options(values)
        refusal = self._option_refusal(values, date, whole=True)
        if refusal:
            raise ValidationError(refusal)
        product = self.with_context(option_date=date)._create_product_variant(values)
        if not product:
            raise ValidationError(
                self.env._("[OF-OPT-003] This variant of %s does not exist any more.", self.display_name)
            )
        customs = [
            (0, 0, {"custom_product_template_attribute_value_id": id_, "custom_value": str(number)})
            for id_, number in quantities.items()
        ]
        no_variant = values - values._without_no_variant_attributes()
        return {
            "product_id": product.id,
            "product_no_variant_attribute_value_ids": [(6, 0, no_variant.ids)],
            **({"product_custom_attribute_value_ids": customs} if customs else {}),
        }

    def _implied_options(self, values):
        """Return the only value of each class that offers no choice and is not in ``values`` yet."""
        lines = self.valid_product_template_attribute_line_ids - values.attribute_line_id
        only = lines.filtered(lambda line: line.attribute_id.display_type != "multi").mapped(
            "product_template_value_ids"
        )
        only = only._only_active()
        return only.filtered(
            lambda v: len(v.attribute_line_id.product_template_value_ids._only_active()) == 1
        )

    def _option_refusal(self, values, date=None, whole=False):
        """Return why ``values`` are no whole, possible configuration; an empty text if they are.

        Core lets a line leave attributes open that make no variant, and so do we on end items that no rule
        set names, unless ``whole`` is asked for.
        """
        self.ensure_one()
        reasoner = self._option_reasoner(fields.Date.to_date(date) or self._option_date())
        whole = whole or bool(self.sudo().option_rule_set_ids.filtered("active"))
        if reasoner is None and not whole:
            return ""
        foreign = values - self._option_values()
        if foreign:
            return self.env._(
                "[OF-OPT-003] %(item)s does not offer %(options)s (any more).",
                item=self.display_name,
                options=", ".join(foreign.mapped("display_name")),
            )
        return self._reasoned_refusal(reasoner or self._bare_reasoner(), values, whole)

    def _reasoned_refusal(self, reasoner, values, whole):
        reason = reasoner.reason(values.ids)
        if reason is not None:
            return self._impossible_text(values, self._option_reason_dict(reason))
        missing = reasoner.missing(values.ids)
        if missing and whole:
            lines = self.env["product.template.attribute.line"].browse(missing)
            return self.env._(
                "[OF-OPT-002] %(item)s is not completely configured. Choose: %(classes)s.",
                item=self.display_name,
                classes=", ".join(lines.mapped("attribute_id.name")),
            )
        if not missing and not reasoner.is_configuration(values.ids):
            return self._incomplete_multi_text(reasoner, values)
        return ""

    def _impossible_text(self, values, reason):
        double = values.attribute_line_id.filtered(
            lambda line: (
                line.attribute_id.display_type != "multi"
                and len(values & line.product_template_value_ids) > 1
            )
        )
        if double:
            return self.env._(
                "[OF-OPT-004] %(item)s: choose one of %(classes)s only.",
                item=self.display_name,
                classes=", ".join(double.mapped("attribute_id.name")),
            )
        return self.env._(
            "[OF-OPT-001] This combination of %(item)s is not possible. %(reason)s",
            item=self.display_name,
            reason=reason["text"],
        )

    def _incomplete_multi_text(self, reasoner, values):
        """The choices fit, but a rule asks for one more of a multiple choice."""
        done = reasoner.complete(values.ids)
        added = self.env["product.template.attribute.value"].browse(done.values) - values
        return self.env._(
            "[OF-OPT-005] %(item)s also needs %(options)s.",
            item=self.display_name,
            options=", ".join(added.mapped("display_name")),
        )
