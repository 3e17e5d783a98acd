from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OptionPrice(models.Model):
    """What an option costs, where the extra price on the product is not enough.

    Of all prices that apply, the most specific one counts: customer, then price list, then end item, then the
    highest quantity reached. So two prices for the same case must not overlap in time.
    """

    _name = "option.price"
    _description = "Option Price"
    _order = "value_id, partner_id, pricelist_id, product_tmpl_id, min_quantity desc, date_from desc, id"

    value_id = fields.Many2one(
        "product.attribute.value", string="Option", required=True, ondelete="cascade", index=True
    )
    product_tmpl_id = fields.Many2one("product.template", string="End Item", ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    kind = fields.Selection(
        [("amount", "Amount"), ("percent", "Percentage of the base price")], required=True, default="amount"
    )
    amount = fields.Float(min_display_digits="Product Price")
    percent = fields.Float(string="Percentage")
    date_from = fields.Date()
    date_to = fields.Date(help="Last day of the price.")
    pricelist_id = fields.Many2one("product.pricelist", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade")
    min_quantity = fields.Float(string="From Quantity", digits="Product Unit")

    @api.depends("company_id")
    def _compute_currency_id(self):
        for price in self:
            price.currency_id = (price.company_id or self.env.company).currency_id

    @api.constrains(
        "date_from",
        "date_to",
        "value_id",
        "product_tmpl_id",
        "pricelist_id",
        "partner_id",
        "min_quantity",
        "company_id",
    )
    def _check_periods(self):
        for price in self:
            if price.date_from and price.date_to and price.date_from > price.date_to:
                raise ValidationError(
                    self.env._(
                        "[OF-OPT-030] The price of %s ends before it begins.", price.value_id.display_name
                    )
                )
            others = self.search(
                [
                    ("id", "!=", price.id),
                    *[
                        (key, "=", price[key].id)
                        for key in ("value_id", "product_tmpl_id", "pricelist_id", "partner_id", "company_id")
                    ],
                    ("min_quantity", "=", price.min_quantity),
                ]
            )
            if others.filtered(price._overlaps):
                raise ValidationError(
                    self.env._(
                        "[OF-OPT-031] Two prices of %s for the same case overlap: end one earlier.",
                        price.value_id.display_name,
                    )
                )

    def _overlaps(self, other):
        first, last = fields.Date.to_date("0001-01-01"), fields.Date.to_date("9999-12-31")
        return (self.date_from or first) <= (other.date_to or last) and (other.date_from or first) <= (
            self.date_to or last
        )

    @api.model
    def _amounts(self, template, ptavs, pricelist=None, partner=None, quantity=1.0, date=None):
        """Return ``{ptav: amount}`` for one unit, in the currency of ``template``."""
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        partner = partner or self.env["res.partner"]
        found = self.sudo().search(  # prices are for the salesperson to get, not to read
            [
                ("value_id", "in", ptavs.product_attribute_value_id.ids),
                ("product_tmpl_id", "in", [False, template.id]),
                ("company_id", "in", [False, (template.company_id or self.env.company).id]),
                ("pricelist_id", "in", [False, pricelist.id if pricelist else False]),
                ("partner_id", "in", [False, partner.id, partner.commercial_partner_id.id]),
                ("min_quantity", "<=", quantity),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ]
        )
        best: dict = {}
        for price in found.sorted(OptionPrice._rank):
            best[price.value_id.id] = price
        return {
            ptav: self._amount_of(template, ptav, best.get(ptav.product_attribute_value_id.id), date)
            for ptav in ptavs
        }

    def _rank(self):
        """Sort key: the last one in order is the most specific."""
        return (
            bool(self.partner_id),
            self.partner_id != self.partner_id.commercial_partner_id,  # a contact before its company
            bool(self.pricelist_id),
            bool(self.product_tmpl_id),
            self.min_quantity,
            self.id,
        )

    @api.model
    def _amount_of(self, template, ptav, price, date):
        if not price:
            return ptav.price_extra
        if price.kind == "percent":
            return template.list_price * price.percent / 100.0
        return price.currency_id._convert(
            price.amount, template.currency_id, self.env.company, date, round=False
        )
