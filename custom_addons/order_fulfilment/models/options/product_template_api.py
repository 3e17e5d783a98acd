from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.option_rules import OptionClass, OptionModel, OptionModelError, Reasoner


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
        values, quantities = template._find_options(selection)
        wanted, more = template._find_options(wanted)
        terms = {**template._read_option_pricing(pricing, date), "quantities": {**quantities, **more}}
        repair = reasoner.repair(values.ids, wanted.ids, template._option_price_units(terms))
        if repair is None:
            return {
                "possible": False,
                "changes": [],
                "selection": [],
                "price_difference": 0.0,
                "text": "",
                "proved": True,
            }
        difference = template._option_price_change(values.ids, repair.selection, terms)
        return template._option_repair_dict(repair, wanted, difference)

    def option_completion(self, selection=(), date=None, cheapest=False, preferred=(), pricing=None):
        """Return a whole configuration that holds ``selection``: with the defaults, or the cheapest."""
        template, reasoner = self._open_options(date)
        values, quantities = template._find_options(selection)
        liked = template._find_options(preferred)[0] or template._default_options()
        terms = {**template._read_option_pricing(pricing, date), "quantities": quantities}
        found = reasoner.complete(values.ids, liked.ids, template._option_price_units(terms), cheapest)
        if found is None:
            return {"possible": False, "selection": [], "options": [], "extra_price": 0.0, "proved": True}
        return {
            "possible": True,
            "selection": list(found.values),
            "options": template._option_dicts(found.values),
            "extra_price": template._option_price_change((), found.values, terms),
            "proved": found.proved,
        }

    def _open_options(self, date=None):
        """Check the user's right to read and return (self, reasoner), also for an end item without rules."""
        if len(self) != 1:
            raise UserError(self.env._("[OF-OPT-054] Ask about one end item at a time, not %s.", len(self)))
        self.check_access("read")
        day = self._read_option_date(date) or self._option_date()
        return self, self._option_reasoner(day) or self._bare_reasoner()

    @api.model
    def _read_option_date(self, date):
        try:
            return fields.Date.to_date(date)
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._("[OF-OPT-052] “%s” is no date; write it like 2026-05-31.", date)
            ) from error

    def _bare_reasoner(self):
        classes, _known = self.sudo()._gather_option_classes()
        return Reasoner(OptionModel(tuple(OptionClass(*each) for each in classes)))

    def _find_options(self, names):
        """Return (values, {value id: quantity}) for codes, names or ids; refuse unclear ones."""
        self.ensure_one()
        found, quantities = self.env["product.template.attribute.value"], {}
        known = {id_ for _line, ids, _multi in self._option_source()["classes"] for id_ in ids}
        offered = None
        names = [names] if isinstance(names, str | int) and names else names or ()
        for name in names if isinstance(names, Iterable) else [names]:
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
            value = self._match_option(text, offered)
            if len(value) == 1 and not value.product_attribute_value_id.is_option_quantity:
                raise UserError(
                    self.env._("[OF-OPT-056] “%(name)s”: %(option)s takes no number.", name=name, option=text)
                )
            return value, int(number)
        return self._match_option(name, offered), None

    def _match_option(self, name, offered):
        """Match by code, by "Attribute: value", by the value's name, or by "Attribute: code"."""
        for field in ("product_attribute_value_id.option_code", "display_name", "name"):
            found = offered.filtered(lambda v, field=field: (v.mapped(field) or [""])[0] == name)
            if found:
                return found
        attribute, _colon, rest = (part.strip() for part in name.partition(":"))
        return offered.filtered(
            lambda v: (
                v.attribute_id.name == attribute
                and rest in (v.name, v.product_attribute_value_id.option_code)
            )
        )

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

    def _option_repair_dict(self, repair, wanted, difference):
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
            "price_difference": difference,
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
