import threading
import uuid
from bisect import bisect_right
from collections import OrderedDict

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.option_rules import OptionModelError, Reasoner
from .option_source import as_model, next_day, plain_rule, translated

CACHE_SIZE = 64
_cache: OrderedDict = OrderedDict()
_cache_lock = threading.Lock()


class ProductTemplate(models.Model):
    _inherit = "product.template"

    option_rule_set_ids = fields.Many2many(
        "option.rule.set",
        "option_rule_set_product_template_rel",
        "product_tmpl_id",
        "set_id",
        string="Rule Sets",
        copy=False,  # see copy(): a copy has the rules whatever the user may read
        groups="order_fulfilment.group_user",
    )
    option_stamp = fields.Char(
        copy=False,
        help="Changes with everything that changes the option model: how a worker knows what to compile.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "option_rule_set_ids" in vals:
            self._touch_option_model()
            self._check_rules_in_force()
        return result

    def copy(self, default=None):
        """A copy has the same options, so it obeys the same rules, also if the user may not see them."""
        copies = super().copy(default)
        for template, copied in zip(self.sudo(), copies.sudo(), strict=True):  # rules are not the user's
            if template.option_rule_set_ids and "option_rule_set_ids" not in (default or {}):
                copied.option_rule_set_ids = template.option_rule_set_ids
            template._copy_option_life_to(copied)
        return copies

    def _copy_option_life_to(self, copied):
        """Give a copy's options the dates and defaults of the original's: core copies extra prices only."""
        copies = {value.product_attribute_value_id: value for value in copied._option_values()}
        for value in self._option_values():
            life = {key: value[key] for key in ("phase_in_date", "phase_out_date", "is_option_default")}
            if any(life.values()) and value.product_attribute_value_id in copies:
                copies[value.product_attribute_value_id].write(life)

    def _touch_option_model(self):
        """Mark the compiled models as out of date, for all workers, once this transaction is through.

        The stamp is random rather than counted: a number given in a transaction that is rolled back would
        come again, with another content.
        """
        for template in self:
            template.sudo().option_stamp = uuid.uuid4().hex  # the stamp is no one's to edit

    def _is_option_governed(self, rule_set=None):
        """Say whether more than core's variants decides what can be ordered of this end item."""
        self.ensure_one()
        template = self.sudo()
        return bool(
            rule_set
            or self._option_rule_sets()
            or template._option_values().filtered(
                lambda v: v.phase_in_date or v.phase_out_date or v.exclude_for
            )
        )

    def _option_rule_sets(self):
        """Return the rule sets that count in the company at work: its own and those of all."""
        self.ensure_one()
        sets = self.sudo().option_rule_set_ids.filtered("active")  # the gate must see all, whoever asks
        return sets.filtered(lambda each: not each.company_id or each.company_id == self.env.company)

    def _option_values(self):
        return self.valid_product_template_attribute_line_ids.product_template_value_ids._only_active()

    def _option_values_of_all(self):
        """Return the attribute values that any of these end items offers."""
        return self.attribute_line_ids.product_template_value_ids._only_active().product_attribute_value_id

    def _option_reasoner(self, date):
        """Return the compiled option model of this end item on ``date``, or None if nothing governs it.

        Kept per process under (database, end item, stamp, period): dates between two changes share one.
        """
        self.ensure_one()
        source = self._option_source()
        if not source["governed"]:
            return None
        period = bisect_right(source["boundaries"], date.isoformat())
        key = (self.env.cr.dbname, self.id, self.env.company.id, source["stamp"], period)
        return _cached(key, lambda: self._compile_options(source, date.isoformat()))

    def _compile_options(self, source, day):
        try:
            return Reasoner(as_model(source, day))
        except OptionModelError as error:  # such as an attribute that has become one of many choices
            rule = self._option_rule_text(error.subject) if isinstance(error.subject, tuple) else ""
            raise UserError(
                self.env._(
                    "[OF-OPT-041] The rules of %(item)s do not fit its options any more: correct and release "
                    "them. %(rule)s",
                    item=self.display_name,
                    rule=rule,
                )
            ) from error

    def _option_source(self):
        """Return what the model is compiled from: classes, rules, and the dates on which it changes."""
        self.ensure_one()
        template = self.sudo()  # the gate must see all rules, whatever the user may read
        stamp = template.option_stamp or f"id-{template.id}"
        if not template.option_stamp:
            return {**self._gather_option_source(None), "stamp": stamp}
        key = (self.env.cr.dbname, self.id, self.env.company.id, stamp)
        return _cached(key, lambda: {**self._gather_option_source(None), "stamp": stamp})

    def _gather_option_source(self, draft_set):
        """Gather the model; rules of ``draft_set`` as they stand now instead of as released."""
        template = self.sudo()
        classes, known = template._gather_option_classes()
        rules = template._gather_core_rules(known) + template._gather_phase_rules()
        for rule_set in self._option_rule_sets():
            is_draft = draft_set is not None and rule_set == draft_set
            definition = rule_set._definition() if is_draft else rule_set._current_release().definition
            rules += [translated(rule, known, template) for rule in definition or []]
        dates = {next_day(rule["date_to"]) for rule in rules if rule["date_to"]}
        dates |= {rule["date_from"] for rule in rules if rule["date_from"]}
        return {
            "classes": classes,
            "rules": rules,
            "boundaries": sorted(dates),
            "governed": self._is_option_governed(draft_set),
        }

    def _gather_option_classes(self):
        """Return (classes as (line id, value ids, multi), attribute value id → value id)."""
        classes, known = [], {}
        for line in self.valid_product_template_attribute_line_ids:
            values = line.product_template_value_ids._only_active()
            if values:
                classes.append((line.id, tuple(values.ids), line.attribute_id.display_type == "multi"))
                known.update({value.product_attribute_value_id.id: value.id for value in values})
        return classes, known

    def _gather_core_rules(self, known):
        """Core's own exclusions, as rules."""
        active = set(known.values())
        rules = []
        for value in self._option_values():
            for exclusion in value.exclude_for.filtered(lambda e: e.product_tmpl_id == self):
                others = [other for other in exclusion.value_ids.ids if other in active]
                if others:
                    rules.append(
                        plain_rule(("core", exclusion.id), "excludes", [[v] for v in others], [[value.id]])
                    )
        return rules

    def _gather_phase_rules(self):
        """An option outside its life is a rule that excludes it on those days."""
        rules = []
        for value in self._option_values():
            if value.phase_in_date:
                until = fields.Date.subtract(value.phase_in_date, days=1).isoformat()
                rules.append(
                    {**plain_rule(("phase_in", value.id), "excludes", [[value.id]], []), "date_to": until}
                )
            if value.phase_out_date:
                since = fields.Date.add(value.phase_out_date, days=1).isoformat()
                rules.append(
                    {**plain_rule(("phase_out", value.id), "excludes", [[value.id]], []), "date_from": since}
                )
        return rules

    def _check_rules_in_force(self):
        """Refuse to put an end item under released rules that leave nothing of it."""
        for template in self:
            sets = template.sudo().option_rule_set_ids.filtered("revision")  # also those of other companies
            for company in (sets.company_id | self.env.company) if sets else ():
                template.sudo().with_company(company)._check_option_contradictions(None)

    def _check_option_contradictions(self, rule_set):
        """Refuse ``rule_set`` if with it nothing could be ordered on some day, and name the rules at odds."""
        self.ensure_one()
        for date, report in self._check_option_model(rule_set):
            if not report.satisfiable:
                rules = "\n".join(f"– {self._option_rule_text(key)}" for key in report.conflict)
                raise ValidationError(
                    self.env._(
                        "[OF-OPT-040] With these rules nothing can be ordered of %(item)s on %(date)s. "
                        "Change or date one of them:\n%(rules)s",
                        item=self.display_name,
                        date=date,
                        rules=rules,
                    )
                )

    def _check_option_model(self, rule_set):
        """Yield (date, model report) for today and each later day on which the model changes."""
        source = self._gather_option_source(rule_set)
        today = fields.Date.context_today(self).isoformat()
        for date in [today, *(day for day in source["boundaries"] if day > today)]:
            yield date, self._compile_options(source, date).check()

    def _option_check_texts(self, rule_set):
        """Return what the model check finds on this end item today, as lines for the user."""
        self.ensure_one()
        _date, report = next(self._check_option_model(rule_set))
        values = self.env["product.template.attribute.value"]
        found = (
            (self.env._("can never be chosen"), report.never),
            (self.env._("is always on"), report.always),
            (self.env._("looks like a choice but is none"), report.false_optional),
        )
        return [
            f"{self.display_name}: {values.browse(key).display_name} {text}"
            for text, keys in found
            for key in keys
        ]


def _cached(key, make):
    with _cache_lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    made = make()
    with _cache_lock:
        _cache[key] = made
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return made
