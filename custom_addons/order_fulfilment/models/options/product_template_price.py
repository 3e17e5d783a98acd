import math
from datetime import datetime, time

from odoo import fields, models
from odoo.exceptions import UserError

PARTIES = {"pricelist_id": "product.pricelist", "partner_id": "res.partner"}


class ProductTemplate(models.Model):
    """What a configuration costs under terms, as an order line of it would.

    Terms: ``pricelist_id``, ``partner_id``, ``quantity`` (in the end item's unit), ``date``, ``quantities``
    ({value id: how many of it in one end item}), and ``uom_id``, the unit that prices are shown for.
    """

    _inherit = "product.template"

    def _read_option_pricing(self, pricing=None, date=None):
        """Return the terms that another system gave; refuse what cannot be meant."""
        pricing = pricing or {}
        known = {*PARTIES, "quantity", "date"}
        if not isinstance(pricing, dict) or set(pricing) - known:
            raise UserError(
                self.env._("[OF-OPT-053] “pricing” takes %s and nothing else.", ", ".join(sorted(known)))
            )
        terms = {key: self._read_option_party(key, pricing.get(key)) for key in PARTIES}
        quantity = pricing.get("quantity") or 1.0
        if not is_number(quantity):
            raise UserError(self.env._("[OF-OPT-055] “%s” is no quantity: give a number.", quantity))
        return {**terms, "quantity": quantity, "date": self._read_option_date(pricing.get("date") or date)}

    def _read_option_party(self, key, value):
        """Return ``value`` if it is the id of a record (or nothing)."""
        if not value:
            return False
        is_id = isinstance(value, int) and not isinstance(value, bool)
        if not is_id or not self.env[PARTIES[key]].browse(value).exists():
            raise UserError(
                self.env._("[OF-OPT-053] %(key)s: there is no “%(value)s”.", key=key, value=value)
            )
        return value

    def _option_price_units(self, terms):
        """Return {value id: price in the smallest unit}: the reasoner counts in integers."""
        units = 10 ** self._option_price_digits()
        return {v.id: round(a * units) for v, a in self._option_amounts(self._option_values(), terms).items()}

    def _option_price_digits(self):
        return max(self.env["decimal.precision"].precision_get("Product Price"), 2)

    def _option_unit_price(self, values, terms):
        """Return what one end item with ``values`` costs, in the price list's currency."""
        amounts = self._option_amounts(values, terms)
        pricelist = self.env["product.pricelist"].browse(terms.get("pricelist_id") or [])
        day = fields.Date.to_date(terms.get("date")) or fields.Date.context_today(self)
        priced = self.with_context(option_extra=(self.id, sum(amounts.values())))
        noon = datetime.combine(day, time(12))
        return pricelist._get_product_price(priced, terms.get("quantity") or 1.0, date=noon)

    def _option_price_change(self, before, after, terms):
        """Return by how much the unit price changes from the values ``before`` to ``after`` (ids)."""
        values = self.env["product.template.attribute.value"]
        first, second = (self._option_unit_price(values.browse(ids), terms) for ids in (before, after))
        uom = self.env["uom.uom"].browse(terms.get("uom_id") or self.uom_id.id)
        return round(self.uom_id._compute_price(second - first, uom), self._option_price_digits())


def is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
