from odoo import fields, models

from ...tools.option_rules import OptionModelError


class ProductTemplate(models.Model):
    """Core's questions about combinations, answered by the reasoner where rules govern the end item.

    Core walks the cartesian product and knows pairs only; it still decides about archived variants.
    """

    _inherit = "product.template"

    def _option_date(self):
        """Return the day whose rules count: the context's (an order's), or today."""
        return fields.Date.to_date(self.env.context.get("option_date")) or fields.Date.context_today(self)

    def _create_variant_ids(self):
        """Core makes and archives variants here, for good; rules come and go with the date and stay out."""
        return super(ProductTemplate, self.with_context(option_rules_off=True))._create_variant_ids()

    def _active_reasoner(self):
        if self.env.context.get("option_rules_off") or not self.env["order.fulfilment.capability"]._is_on(
            "options"
        ):
            return None
        return self._option_reasoner(self._option_date())

    def _filter_combinations_impossible_by_config(self, combination_tuples, ignore_no_variant=False):
        reasoner = self._active_reasoner()
        found = super()._filter_combinations_impossible_by_config(combination_tuples, ignore_no_variant)
        if reasoner is None:
            yield from found
            return
        for combination in found:
            if _allows(reasoner, combination.ids, whole=not ignore_no_variant):
                yield combination

    def _get_possible_combinations(self, parent_combination=None, necessary_values=None):
        reasoner = self._active_reasoner()
        if reasoner is None or not self.active:
            yield from super()._get_possible_combinations(parent_combination, necessary_values)
            return
        necessary_values = necessary_values or self.env["product.template.attribute.value"]
        try:
            found = self._reasoned_combinations(reasoner, necessary_values)
            for combination in found:
                if self._is_combination_possible(combination, parent_combination):
                    yield combination
        except OptionModelError:  # a value of another end item: nothing is possible with it
            return

    def _reasoned_combinations(self, reasoner, necessary_values):
        """Yield allowed combinations lazily: the one with the defaults first, then in the order of values."""
        values_model = self.env["product.template.attribute.value"]
        defaults = self._option_values().filtered("is_option_default").ids
        first = reasoner.complete(necessary_values.ids, preferred=defaults)
        if first is None:
            return
        yield values_model.browse(first.values)
        for values in reasoner.configurations(necessary_values.ids, all_extras=False):
            if set(values) != set(first.values):
                yield values_model.browse(values)

    def _get_closest_possible_combinations(self, combination):
        reasoner = self._active_reasoner()
        if reasoner is None:
            yield from super()._get_closest_possible_combinations(combination)
            return
        combination = combination or self.env["product.template.attribute.value"]
        known = combination & self._option_values()
        kept = self.env["product.template.attribute.value"]
        for value in known:
            if reasoner.is_possible([*kept.ids, value.id]):
                kept += value
        yield from self._get_possible_combinations(necessary_values=kept)

    def _get_attribute_exclusions(self, parent_combination=None, parent_name=None, combination_ids=None):
        """Core reads every archived variant's values: for large models their indices must do."""
        if self._active_reasoner() is None:
            return super()._get_attribute_exclusions(parent_combination, parent_name, combination_ids)
        parent_combination = parent_combination or self.env["product.template.attribute.value"]
        own = self._get_own_attribute_exclusions(combination_ids=combination_ids)
        return {
            "exclusions": self._complete_inverse_exclusions(own),
            "archived_combinations": self._archived_combinations(),
            "parent_exclusions": self._get_parent_attribute_exclusions(parent_combination),
            "parent_combination": parent_combination.ids,
            "parent_product_name": parent_name,
            "mapped_attribute_names": self._get_mapped_attribute_names(parent_combination),
        }

    def _archived_combinations(self):
        variants = self.env["product.product"].with_context(active_test=False)
        archived = variants.search_fetch(
            [("product_tmpl_id", "=", self.id), ("active", "=", False)], ["combination_indices"]
        )
        taken = set(self.product_variant_ids.mapped("combination_indices")) if archived else set()
        indices = {product.combination_indices for product in archived} - taken
        return [[int(value) for value in each.split(",")] for each in sorted(filter(None, indices))]


def _allows(reasoner, values, whole):
    try:
        return reasoner.is_configuration(values) if whole else reasoner.is_possible(values)
    except OptionModelError:
        return False
