from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    option_breakdown = fields.Json(compute="_compute_option_breakdown", string="Price of the Options")

    def _option_pricing_terms(self):
        self.ensure_one()
        return {
            "pricelist_id": self.order_id.pricelist_id.id,
            "partner_id": self.order_id.partner_id.id,
            "quantity": self._option_priced_quantity() or 1.0,
            "date": self._get_order_date()
            and fields.Datetime.context_timestamp(self, self._get_order_date()).date(),
            "quantities": self._option_quantities(),
        }

    def _option_priced_quantity(self):
        """Return the quantity in the end item's own unit: prices begin at a number of those."""
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )

    def _option_extra_amounts(self):
        """Return ``{value: extra price in one end item}``, in the end item's currency."""
        self.ensure_one()
        template = self.product_id.product_tmpl_id
        if not template.valid_product_template_attribute_line_ids:
            return {}
        return template._option_amounts(self._option_ptavs(), self._option_pricing_terms())

    def _get_product_price_context(self):
        """Price the options by amount or percentage, date, price list, customer and quantity."""
        result = super()._get_product_price_context()
        if "option_extra_override" in self.env.context:
            extra = self.env.context["option_extra_override"]
        else:
            amounts = self._option_extra_amounts()
            if not amounts:
                return result
            extra = sum(amounts.values())
        return {**result, "option_extra": (self.product_id.product_tmpl_id.id, extra)}

    def _compute_option_breakdown(self):
        for line in self:
            frozen = line.option_snapshot
            rows = frozen["breakdown"] if frozen else line._price_breakdown()
            line.option_breakdown = line._with_difference(rows)

    def _price_breakdown(self):  # long: rows of a table
        """Return rows {name, quantity, amount} that add up to the unit price, base first.

        Each option's amount is what it adds to the price as the order computes it (price list, currency,
        taxes included or not), one after the other, so no rounding difference can stay.
        """
        self.ensure_one()
        amounts = {value: amount for value, amount in self._option_extra_amounts().items() if amount}
        if not amounts or self.display_type:
            return []
        extra, before = 0.0, self._unit_price_with(0.0)
        rows = [
            {"name": self.product_id.product_tmpl_id.name, "quantity": 1, "amount": before, "value_id": False}
        ]
        quantities = self._option_quantities()
        for value, amount in amounts.items():
            extra += amount
            price = self._unit_price_with(extra)
            rows.append(
                {
                    "name": value.display_name,
                    "quantity": quantities.get(value.id, 1),
                    "amount": self._round_price(price - before),
                    "value_id": value.id,
                }
            )
            before = price
        return self._with_difference(rows)

    def _with_difference(self, rows):
        """Return ``rows`` with one more for what a person has changed of the unit price."""
        difference = self._round_price(self.price_unit - sum(row["amount"] for row in rows)) if rows else 0.0
        if self.currency_id.is_zero(difference):
            return rows
        name = self.env._("Agreed difference")
        return [*rows, {"name": name, "quantity": 1, "amount": difference, "value_id": False}]

    def _round_price(self, amount):
        """Cut off what floats add; a unit price itself is not rounded (core rounds the line's total)."""
        return round(amount, 6)

    def _unit_price_with(self, extra):
        """Return the line's unit price if its options cost ``extra``."""
        line = self.with_company(self.company_id).with_context(option_extra_override=extra)
        taxes = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
        price = line.product_id._get_tax_included_unit_price_from_price(
            line._get_display_price(), product_taxes=taxes, fiscal_position=line.order_id.fiscal_position_id
        )
        return self._round_price(price)

    def _prepare_procurement_values(self):
        """Tell manufacturing, where it is installed, how often an option is wanted."""
        values = super()._prepare_procurement_values()
        values["option_quantities"] = self._option_quantities() if self.product_id else {}
        return values
