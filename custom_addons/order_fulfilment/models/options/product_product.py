from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_attributes_extra_price(self):
        """Options priced for an order (see ``option_extra`` in the order line) replace the extra prices."""
        extra = self.env.context.get("option_extra")
        if extra and extra[0] == self.product_tmpl_id.id:
            return extra[1]
        return super()._get_attributes_extra_price()

    def _get_product_price_context(self, combination):
        result = super()._get_product_price_context(combination)
        values = self.product_template_attribute_value_ids | combination
        return {**result, **self.product_tmpl_id._option_price_context(values)}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_attributes_extra_price(self):
        extra = self.env.context.get("option_extra")
        if extra and extra[0] == self.id:
            return extra[1]
        return super()._get_attributes_extra_price()

    def _get_product_price_context(self, combination):
        return {**super()._get_product_price_context(combination), **self._option_price_context(combination)}

    def _option_price_context(self, values):
        """Return the context that prices ``values`` by the terms in ``option_pricing``, if there are any.

        ``option_pricing`` is set by the dialog: {pricelist_id, partner_id, quantity, date, quantities}.
        """
        terms = self.env.context.get("option_pricing")
        if terms is None or self.env.context.get("option_extra"):
            return {}
        amounts = self._option_amounts(values, terms)
        return {"option_extra": (self.id, sum(amounts.values()))}

    def _option_amounts(self, values, terms):
        """Return ``{value: extra price in one end item}`` under ``terms``, in this end item's currency."""
        values = values.filtered(lambda value: value.product_tmpl_id == self)
        amounts = self.env["option.price"]._amounts(
            self,
            values._origin,
            pricelist=self.env["product.pricelist"].browse(terms.get("pricelist_id") or []),
            partner=self.env["res.partner"].browse(terms.get("partner_id") or []),
            quantity=terms.get("quantity") or 1.0,
            date=terms.get("date"),
        )
        quantities = terms.get("quantities") or {}
        return {value: amount * quantities.get(value.id, 1) for value, amount in amounts.items()}
