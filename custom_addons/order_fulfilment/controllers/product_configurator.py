from odoo.exceptions import ValidationError
from odoo.http import request, route

from odoo.addons.sale.controllers.product_configurator import SaleProductConfiguratorController

SWAPS_UP_TO = 600


class OptionConfiguratorController(SaleProductConfiguratorController):
    """Odoo's product configurator, told about rules and option prices."""

    @route(route="/order_fulfilment/options/state", type="jsonrpc", auth="user", readonly=True)
    def options_state(self, product_template_id, ptav_ids, so_date=None, swaps=False):
        """Return what may still be chosen beside ``ptav_ids``: the remaining values, exactly."""
        template, reasoner = self._get_product_template(product_template_id)._open_options(_day(so_date))
        return template._option_state(reasoner, ptav_ids, swaps)

    @route("/order_fulfilment/options/check", type="jsonrpc", auth="user", readonly=True)
    def options_check(self, product_template_id, selections, so_date=None):
        """Return for each of ``selections`` (lists of value ids) whether it can be completed."""
        return self._get_product_template(product_template_id)._option_verdicts(selections, _day(so_date))

    @route(route="/order_fulfilment/options/choose", type="jsonrpc", auth="user", readonly=True)
    def options_choose(self, product_template_id, chosen_ids, shown_ids, wanted_id=None, **terms):
        """Choose ``wanted_id`` beside the customer's choices; see ``_option_choice``."""
        template = self._get_product_template(product_template_id)
        return template._option_choice(chosen_ids, shown_ids, wanted_id, _pricing(terms), SWAPS_UP_TO)

    @route(route="/order_fulfilment/options/reason", type="jsonrpc", auth="user", readonly=True)
    def options_reason(self, product_template_id, ptav_ids, ptav_id, so_date=None):
        """Return why ``ptav_id`` does not go with ``ptav_ids``."""
        return self._get_product_template(product_template_id).option_reason(
            ptav_ids, ptav_id, date=_day(so_date)
        )

    @route()
    def sale_product_configurator_get_values(self, product_template_id, *args, so_date, **kwargs):
        request.update_context(option_date=_day(so_date))
        return super().sale_product_configurator_get_values(
            product_template_id, *args, so_date=so_date, **kwargs
        )

    @route()
    def sale_product_configurator_create_product(self, product_template_id, ptav_ids):
        template = self._get_product_template(product_template_id)
        values = request.env["product.template.attribute.value"].browse(ptav_ids)
        if template._active_reasoner() is not None:
            refusal = template._option_refusal(values)
            if refusal:
                raise ValidationError(refusal)
        return super().sale_product_configurator_create_product(product_template_id, ptav_ids)

    def _get_product_information(self, product_template, combination, *args, **kwargs):
        values = super()._get_product_information(product_template, combination, *args, **kwargs)
        values["option_rules"] = product_template._active_reasoner() is not None
        return values

    def _get_basic_product_information(self, product_or_template, pricelist, combination, **kwargs):
        terms = {
            "pricelist_id": pricelist.id,
            "partner_id": kwargs.pop("partner_id", None),
            "quantity": kwargs.get("quantity") or 1.0,
            "date": kwargs["date"].date().isoformat() if kwargs.get("date") else None,
            "quantities": _quantities(kwargs.pop("option_quantities", None)),
        }
        return super()._get_basic_product_information(
            product_or_template.with_context(option_pricing=terms), pricelist, combination, **kwargs
        )

    def _get_ptav_price_extra(self, ptav, currency, date, product_or_template):
        template = ptav.product_tmpl_id
        amount = template._option_amounts(ptav, {"date": date.date()})[ptav]
        return template.currency_id._convert(amount, currency, request.env.company, date.date())


def _day(so_date):
    return so_date[:10] if so_date else None


def _pricing(terms):
    return {
        "pricelist_id": terms.get("pricelist_id"),
        "partner_id": terms.get("partner_id"),
        "quantity": terms.get("quantity") or 1.0,
        "date": _day(terms.get("so_date")),
        "quantities": _quantities(terms.get("option_quantities")),
    }


def _quantities(numbers):
    """Return {value id: number} as typed in the dialog; only options that take a number have one."""
    typed = {int(key): max(int(number), 1) for key, number in (numbers or {}).items()}
    values = request.env["product.template.attribute.value"].browse(typed).exists()
    counted = values.filtered("product_attribute_value_id.is_option_quantity")
    return {value.id: typed[value.id] for value in counted}
