from odoo import fields, models
from odoo.tools import SQL

from ..tools.ledger import ALL_STAGES

LABELS = {
    "entered": "Entered",
    "released": "Released",
    "picked": "Picked",
    "packed": "Packed",
    "shipped": "Shipped",
    "delivered": "Delivered",
    "proven": "Proven",
    "invoiced": "Invoiced",
    "paid": "Paid",
    "returned": "Returned",
    "cancelled": "Cancelled",
}


class SaleFulfilmentLedger(models.Model):
    """One row per order line and stage: how much stands there, how much ever got there, when and by what."""

    _name = "sale.fulfilment.ledger"
    _description = "Fulfilment Ledger"
    _auto = False
    _order = "order_id desc, line_id, sequence"
    _rec_name = "stage"

    order_id = fields.Many2one("sale.order", readonly=True)
    line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    sequence = fields.Integer(readonly=True)
    stage = fields.Selection(list(LABELS.items()), readonly=True)
    quantity = fields.Float("Stands here", digits="Product Unit", readonly=True)
    quantity_reached = fields.Float("Got here", digits="Product Unit", readonly=True)
    date = fields.Datetime("Last", readonly=True)
    document = fields.Char("Documents", readonly=True)

    _depends = {
        "sale.order": ["partner_id", "company_id", "warehouse_id"],
        "sale.order.line": ["order_id", "product_id", "product_uom_id", "fulfilment_ledger"],
    }

    @property
    def _table_query(self):
        stages = SQL(", ").join(SQL("(%s, %s)", number, stage) for number, stage in enumerate(ALL_STAGES))
        return SQL(
            """
            SELECT line.id * 16 + stage.sequence AS id,
                   line.id AS line_id,
                   line.order_id,
                   line.product_id,
                   line.product_uom_id,
                   sale.company_id,
                   sale.partner_id,
                   sale.warehouse_id,
                   stage.sequence,
                   stage.name AS stage,
                   (entry.value->>'quantity')::numeric AS quantity,
                   (entry.value->>'reached')::numeric AS quantity_reached,
                   (entry.value->>'time')::timestamp AS date,
                   entry.value->>'document' AS document
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id
        CROSS JOIN LATERAL jsonb_each(line.fulfilment_ledger->'stages') entry
              JOIN (VALUES %s) AS stage(sequence, name) ON stage.name = entry.key
             WHERE jsonb_typeof(line.fulfilment_ledger) = 'object'
            """,
            stages,
        )
