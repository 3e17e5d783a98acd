from odoo.exceptions import UserError, ValidationError
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
    def options_choose(
        self, product_template_id, chosen_ids, shown_ids, wanted_id=None, company_id=None, **terms
    ):
        """Choose ``wanted_id`` beside the customer's choices; see ``_option_choice``."""
        if company_id:
            request.update_context(allowed_company_ids=[company_id])
        template = self._get_product_template(product_template_id)
        pricing = _pricing(template, terms)
        return template._option_choice(chosen_ids, shown_ids, wanted_id, pricing, SWAPS_UP_TO)

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

    def _get_product_information(self, product_template, combination, currency, pricelist, so_date, **kwargs):
        terms = {
            "pricelist_id": pricelist.id,
            "partner_id": kwargs.get("partner_id"),
            "quantity": kwargs.get("quantity") or 1.0,
            "date": so_date.date(),
        }
        amounts = product_template._option_amounts(product_template._option_values(), terms)
        template = product_template.with_context(option_amounts={v.id: a for v, a in amounts.items()})
        values = super()._get_product_information(
            template, combination, currency, pricelist, so_date, **kwargs
        )
        values["option_rules"] = product_template._active_reasoner() is not None
        return values

    def _get_basic_product_information(self, product_or_template, pricelist, combination, **kwargs):
        quantity, uom = kwargs.get("quantity") or 1.0, kwargs.get("uom")
        if uom:
            quantity = uom._compute_quantity(quantity, product_or_template.uom_id, round=False)
        terms = {
            "pricelist_id": pricelist.id,
            "partner_id": kwargs.pop("partner_id", None),
            "quantity": quantity,
            "date": kwargs["date"].date().isoformat() if kwargs.get("date") else None,
            "quantities": _quantities(kwargs.pop("option_quantities", None)),
        }
        return super()._get_basic_product_information(
            product_or_template.with_context(option_pricing=terms), pricelist, combination, **kwargs
        )

    def _get_ptav_price_extra(self, ptav, currency, date, product_or_template):
        amounts = ptav.env.context.get("option_amounts") or {}
        amount = amounts.get(ptav.id, ptav.price_extra)
        return ptav.currency_id._convert(amount, currency, request.env.company, date.date())


def _day(so_date):
    return so_date[:10] if so_date else None


def _pricing(template, terms):
    """Return the dialog's terms, checked as those of any other system."""
    given = {key: terms.get(key) for key in ("pricelist_id", "partner_id", "quantity")}
    pricing = template._read_option_pricing(given, _day(terms.get("so_date")))
    uom = request.env["uom.uom"].browse(terms.get("uom_id") or []).exists() or template.uom_id
    pricing["quantity"] = uom._compute_quantity(pricing["quantity"], template.uom_id, round=False)
    return {**pricing, "uom_id": uom.id, "quantities": _quantities(terms.get("option_quantities"))}


def _quantities(numbers):
    """Return {value id: number} as typed in the dialog; only options that take a number have one."""
    try:
        typed = {int(key): max(int(number), 1) for key, number in (numbers or {}).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise UserError(request.env._("[OF-OPT-055] “%s” is no quantity: give a number.", numbers)) from error
    values = request.env["product.template.attribute.value"].browse(typed).exists()
    counted = values.filtered("product_attribute_value_id.is_option_quantity")
    return {value.id: typed[value.id] for value in counted}
