from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column


class StockPicking(models.Model):
    """What the freight of a drop costs us, beside what the customer is charged for it."""

    _inherit = "stock.picking"

    freight_currency_id = fields.Many2one(related="company_id.currency_id")
    freight_cost = fields.Monetary(
        "Freight cost",
        currency_field="freight_currency_id",
        compute="_compute_freight_cost",
        store=True,
        readonly=False,
        copy=False,
        help="The carrier's price without the margin set on the carrier; put in what the forwarder billed.",
    )

    def _auto_init(self):
        """Fill the new column by SQL: one by one would take hours where there are millions of transfers."""
        if not column_exists(self.env.cr, "stock_picking", "freight_cost"):
            create_column(self.env.cr, "stock_picking", "freight_cost", "numeric")
            self.env.cr.execute(
                "UPDATE stock_picking SET freight_cost = carrier_price WHERE carrier_price <> 0"
            )
        return super()._auto_init()

    @api.depends("carrier_price", "carrier_id")
    def _compute_freight_cost(self):
        for picking in self:
            picking.freight_cost = picking._get_carrier_cost() if picking.carrier_price else 0.0

    def _get_carrier_cost(self):
        """The carrier's price in the company's currency, without our margin on it."""
        carrier, order = self.carrier_id, self.sale_id
        price = self.carrier_price
        if order.currency_id and order.currency_id != self.company_id.currency_id:
            price = price / (order.currency_rate or 1.0)
        if carrier.delivery_type != "fixed":
            price = (price - carrier.fixed_margin) / (1.0 + carrier.margin)
        return max(price, 0.0)
