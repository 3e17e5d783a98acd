from odoo import fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """Verdicts on whole configurations, and order line values from option codes."""

    _inherit = "product.template"

    def _prepare_option_line_vals(self, selection, date=None, complete=False):
        """Return values for a sales order line of this end item with ``selection`` (codes, names or ids).

        The hook of the order import for its option columns. ``complete`` fills what is left open with the
        defaults; without it an open choice is refused. Raises UserError or ValidationError with the reason.
        """
        values, quantities = self._checked_options(selection, date, complete)
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

    def _checked_options(self, selection, date=None, complete=False):
        """Return (values, {value id: quantity}) of a whole, possible ``selection``; raise with the reason."""
        self.ensure_one()
        values, quantities = self._find_options(selection)
        if complete:
            done = self.option_completion(values.ids, date=date)
            values = values.browse(done["selection"]) if done["possible"] else values
        values |= self._implied_options(values)
        refusal = self._option_refusal(values, date, whole=True)
        if refusal:
            raise ValidationError(refusal)
        return values, quantities

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
        whole = whole or bool(self._option_rule_sets())
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
