from odoo import fields, models
from odoo.tools import SQL

from . import fulfilment_margin_sql

KINDS = [
    ("invoice", "Invoiced"),
    ("credit", "Credited"),
    ("cost", "Cost of goods"),
    ("return", "Cost of goods returned"),
    ("freight", "Freight"),
    ("entry", "Order and lines entered"),
    ("handling", "Drop or return handled"),
]


class FulfilmentMargin(models.Model):
    """What orders and drops brought and cost, from posted invoices and Odoo's valuation of the moves.

    One row per amount. All amounts are in the company's currency, as the books have them. With
    ``margin_order_ids`` in the context, only these orders are looked at.
    """

    _name = "fulfilment.margin"
    _description = "Margin by Order and Drop"
    _auto = False
    _order = "date desc, id"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", readonly=True)
    line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Drop", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    date = fields.Date(readonly=True, help="Of the invoice or, for goods and freight, of the transfer.")
    document = fields.Char(readonly=True)
    revenue = fields.Monetary(
        readonly=True, aggregator="sum", help="Untaxed, on posted invoices, no freight."
    )
    credit = fields.Monetary("Credits", readonly=True, aggregator="sum", help="Untaxed, on credit notes.")
    freight_charged = fields.Monetary("Freight charged", readonly=True, aggregator="sum")
    cost = fields.Monetary(
        "Cost of goods", readonly=True, aggregator="sum", help="Odoo's value of the moves, less returns."
    )
    freight_cost = fields.Monetary("Freight paid", readonly=True, aggregator="sum")
    margin = fields.Monetary(
        readonly=True,
        aggregator="sum",
        help="Revenue + freight charged - credits - cost of goods - freight paid.",
    )
    serve_cost = fields.Monetary(
        "Handling",
        readonly=True,
        aggregator="sum",
        help="Orders, lines, drops and returns at the rates of the settings.",
    )
    cost_to_serve = fields.Monetary(
        "Cost to serve",
        readonly=True,
        aggregator="sum",
        help="What the customer costs beyond the goods: freight not charged, handling and credits.",
    )
    profit = fields.Monetary("Margin after handling", readonly=True, aggregator="sum")

    _depends = {
        "account.move": ["state", "invoice_date", "move_type"],
        "account.move.line": ["balance", "quantity", "drop_move_id", "sale_line_ids"],
        "res.company": ["serve_cost_order", "serve_cost_line", "serve_cost_drop", "serve_cost_return"],
        "sale.order": ["partner_id", "company_id", "warehouse_id", "carrier_id", "user_id", "state"],
        "sale.order.line": ["order_id", "product_id", "is_delivery", "is_downpayment"],
        "stock.move": ["state", "value", "dropship_cost", "quantity", "date"],
        "stock.picking": ["freight_cost", "date_done"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            %s
            SELECT ROW_NUMBER() OVER (ORDER BY part.kind, part.source_id, part.picking_id) AS id,
                   part.kind, part.order_id, part.line_id, part.picking_id, part.date, part.document,
                   sale.company_id, company.currency_id, partner.commercial_partner_id AS partner_id,
                   line.product_id, sale.warehouse_id, sale.user_id,
                   COALESCE(delivery.carrier_id, sale.carrier_id) AS carrier_id,
                   part.revenue, part.credit, part.freight_charged, part.cost, part.freight_cost,
                   part.serve_cost, part.margin, part.margin - part.serve_cost AS profit,
                   part.credit + part.freight_cost - part.freight_charged + part.serve_cost AS cost_to_serve
              FROM (SELECT part.*, revenue + freight_charged - credit - cost - freight_cost AS margin
                      FROM part) part
              JOIN sale_order sale ON sale.id = part.order_id
              JOIN res_company company ON company.id = sale.company_id
              JOIN res_partner partner ON partner.id = sale.partner_id
         LEFT JOIN sale_order_line line ON line.id = part.line_id
         LEFT JOIN stock_picking delivery ON delivery.id = part.picking_id
            """,
            self._get_parts_query(),
        )

    def _get_parts_query(self):
        """The amounts by document, each told by drop."""
        orders = self.env.context.get("margin_order_ids")
        # Kits come with manufacturing, which this add-on works without.
        has_kits = "bom_line_id" in self.env["stock.move"]._fields
        return SQL(
            fulfilment_margin_sql.ALL,
            orders=orders and list(orders) or None,
            tz=self.env.company.partner_id.tz or self.env.user.tz or "UTC",
            quantity=SQL(fulfilment_margin_sql.KITS if has_kits else fulfilment_margin_sql.IN_LINE_UNIT),
            part=SQL(fulfilment_margin_sql.PART if has_kits else "0"),
        )
