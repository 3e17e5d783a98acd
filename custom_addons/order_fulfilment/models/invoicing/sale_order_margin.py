from odoo import api, models
from odoo.exceptions import AccessError

AMOUNTS = ("revenue", "freight_charged", "credit", "cost", "freight_cost", "margin", "serve_cost", "profit")


class SaleOrder(models.Model):
    """Revenue, cost, freight, credits and margin of an order and of each of its drops."""

    _inherit = "sale.order"

    @api.readonly
    def get_margins(self):
        """Amounts of these orders and of their drops in the company's currency, as plain values."""
        self._check_margins_access()
        return [order._prepare_margins() for order in self]

    def _check_margins_access(self):
        self.check_access("read")
        if not self.env["fulfilment.margin"].has_access("read"):
            raise AccessError(self.env._("[OF-ACC-003] Only accountants and managers see these figures."))

    def _prepare_margins(self):
        margins = self.env["fulfilment.margin"].with_context(margin_order_ids=self.ids)
        found = margins._read_group(
            [("order_id", "=", self.id)], ["picking_id"], [f"{name}:sum" for name in AMOUNTS]
        )
        currency = self.company_id.currency_id
        drops = [self._as_margin(currency, drop, amounts) for drop, *amounts in found]
        total = [sum(drop[name] for drop in drops) for name in AMOUNTS]
        whole = self._as_margin(currency, self, total)
        return {**whole, "currency": currency.name, "drops": drops}

    def _as_margin(self, currency, record, amounts):
        """Amounts rounded for showing; a record that is not there is what no drop can be named for."""
        rounded = {name: currency.round(amount) for name, amount in zip(AMOUNTS, amounts, strict=True)}
        return {"id": record.id or 0, "name": record.name or "", **rounded}

    def action_view_margins(self):
        """Open the amounts of these orders by drop."""
        self._check_margins_access()
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.action_fulfilment_margin")
        return {
            **action,
            "domain": [("order_id", "in", self.ids)],
            "context": {"margin_order_ids": self.ids, "pivot_row_groupby": ["order_id", "picking_id"]},
        }
