from odoo import fields, models
from odoo.tools import formatLang

from ...tools.entry.pricing import deviation_percent
from ...tools.entry.verdict import Finding


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _priced_lines(self, orders):
        """Return the lines that have a price of their own to judge."""
        return orders._gate_lines().filtered(
            lambda line: (
                line.product_uom_qty > 0
                and line.product_type != "combo"
                and not line.combo_item_id
                and not line._gate_is_freight()
                and not line._gate_is_gift()
            )
        )

    def _line_price(self, line):
        """Return what one unit costs the customer after discount, as entered (with or without tax)."""
        return line.price_unit * (1 - line.discount / 100.0)

    def _price_slack(self, line):
        """Return half of the smallest step between two prices: what rounding of a price may take away."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return 0.5 * 10.0**-digits

    def _check_price_zero(self, orders):
        """Also under zero, for goods: a service under zero is a rebate."""
        for line in self._priced_lines(orders):
            price, slack = self._line_price(line), self._price_slack(line)
            is_zero = abs(price) < slack
            if is_zero or (price < 0 and line.product_id.type == "consu"):
                text = (
                    self.env._("%s is free of charge: enter its price.", line.product_id.display_name)
                    if is_zero
                    else self.env._("%s has a negative price: enter its price.", line.product_id.display_name)
                )
                yield Finding(
                    line.order_id.id,
                    text,
                    (line.product_id.id, line.price_unit, line.discount),
                    line.id,
                    fix=self.env._("Use list price"),
                )

    def _fix_price_zero(self, order, line):
        line.discount = 0.0
        line._reset_price_unit()

    def _check_price_under_cost(self, orders):
        for line in self._priced_lines(orders):
            rate, quantity = line.order_id.currency_rate or 1.0, line.product_uom_qty
            # not `price_reduce_taxexcl`: that is rounded to cents, and goods may cost less
            price = line.price_subtotal / quantity / rate
            cost = line.product_id.uom_id._compute_price(line.product_id.standard_price, line.product_uom_id)
            slack = (self._price_slack(line) + 0.5 * line.currency_id.rounding / quantity) / rate
            if 0 < price < cost - slack:
                yield self._price_finding(
                    line,
                    self.env._("%(product)s: %(price)s is under its cost of %(cost)s."),
                    price=price,
                    cost=cost,
                )

    def _price_finding(self, line, text, **amounts):
        company_currency = line.company_id.currency_id
        shown = {
            name: formatLang(self.env, value, currency_obj=company_currency)
            for name, value in amounts.items()
        }
        return Finding(
            line.order_id.id,
            text % {"product": line.product_id.display_name, **shown},
            (line.product_id.id, *(round(value, 6) for value in amounts.values())),
            line.id,
        )

    def _combo_price_findings(self, orders):
        """A combo costs what its choices cost; a price of its own would be charged beside theirs."""
        for line in orders._gate_lines():
            if line.product_type == "combo" and line.price_unit:
                text = self.env._(
                    "%s has the price of its choices: leave its own at 0.", line.product_id.display_name
                )
                key = (line.product_id.id, line.price_unit)
                yield Finding(line.order_id.id, text, key, line.id, fix=self.env._("Use list price"))

    def _check_price_off_list(self, orders):
        yield from self._combo_price_findings(orders)
        tolerance = self._row()["number"]
        for line, expected in self._expected_prices(self._priced_lines(orders)):
            price = self._line_price(line)
            off = deviation_percent(price, expected)
            is_rounding = abs(price - expected) <= self._price_slack(line) + 1e-9
            if price > 0 and abs(off) > tolerance and not is_rounding:  # under zero is another check's
                yield Finding(
                    line.order_id.id,
                    self.env._(
                        "%(product)s: the price of %(price).2f is %(off).1f %% %(side)s the pricelist "
                        "(%(expected).2f; "
                        "%(tolerance)g %% are allowed).",
                        side=self.env._("above") if off > 0 else self.env._("below"),
                        product=line.product_id.display_name,
                        off=abs(off),
                        price=price,
                        expected=expected,
                        tolerance=tolerance,
                    ),
                    (line.product_id.id, round(price, 6), round(expected, 6), tolerance),
                    line.id,
                    fix=self.env._("Use list price"),
                )

    def _fix_price_off_list(self, order, line):
        self._fix_price_zero(order, line)

    def _expected_prices(self, lines):
        """Yield (line, price by its pricelist), with one query for the rules per pricelist and not per "
        "line."""
        today = fields.Datetime.now()
        for (pricelist, _company), group in lines.grouped(
            lambda line: (line.order_id.pricelist_id, line.company_id)
        ).items():
            rules = pricelist._get_applicable_rules(group.product_id, today)
            for line in group:
                yield line, self._expected_price(line, rules)

    def _expected_price(self, line, rules):
        product, unit = line.product_id, line.product_uom_id
        quantity = unit._compute_quantity(line.product_uom_qty, product.uom_id, raise_if_failure=False)
        rule = next((rule for rule in rules if rule._is_applicable_for(product, quantity)), rules.browse())
        price = rule._compute_price(
            product.with_context(**line._get_product_price_context()),
            line.product_uom_qty,
            unit,
            line.order_id.date_order,
            currency=line.currency_id,
        )
        return product._get_tax_included_unit_price_from_price(
            price,
            product_taxes=product.taxes_id._filter_taxes_by_company(line.company_id),
            fiscal_position=line.order_id.fiscal_position_id,
        )

    def _check_discount_over_limit(self, orders):
        for line in self._priced_lines(orders):
            limit = self._discount_limit(line.order_id)
            if line.discount > limit:
                yield Finding(
                    line.order_id.id,
                    self.env._(
                        "%(product)s: %(discount)g %% discount is over the %(limit)g %% that %(seller)s "
                        "may give.",
                        product=line.product_id.display_name,
                        discount=line.discount,
                        limit=limit,
                        seller=line.order_id.user_id.name or self.env._("this channel"),
                    ),
                    (line.product_id.id, line.discount, limit),
                    line.id,
                    fix=self.env._("Lower to %(limit)g %%", limit=limit),
                )
        for order in orders:
            yield from self._rebate_finding(order)

    def _rebate_finding(self, order):
        """Find a discount that was given as a line of its own, on the whole order."""
        lines = order._gate_lines()
        rebates = self._priced_lines(order).filtered(
            lambda line: line.price_subtotal < 0 and line.product_id.type == "service"
        )
        positive = sum(line.price_subtotal for line in lines if line.price_subtotal > 0)
        percent = -100 * sum(rebates.mapped("price_subtotal")) / positive if positive else 0.0
        limit = self._discount_limit(order)
        if not rebates or percent <= limit + 0.005:
            return
        yield Finding(
            order.id,
            self.env._(
                "The rebate takes %(discount).2f %% off the order, over the %(limit)g %% that %(seller)s "
                "may give.",
                discount=percent,
                limit=limit,
                seller=order.user_id.name or self.env._("this channel"),
            ),
            (*rebates.product_id.ids, round(percent, 2), limit),
            rebates[0].id,
            line_ids=tuple(rebates.ids),
        )

    def _discount_limit(self, order):
        """Return the seller's own limit in percent, else the general one of this check."""
        return order.user_id.order_discount_limit or self._row()["number"]

    def _fix_discount_over_limit(self, order, line):
        line.discount = self._discount_limit(order)
