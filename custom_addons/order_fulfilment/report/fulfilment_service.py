from odoo import fields, models
from odoo.tools import SQL

from .fulfilment_service_rates import EARLY, LATE

__all__ = ["EARLY", "LATE", "FulfilmentService", "FulfilmentServiceOrder"]
OPEN_STAGES = ("entered", "released", "picked", "packed")
# When the last of a line came: what nobody heard of again came when it was shipped.
ARRIVED_SQL = """
    CASE WHEN COALESCE((line.fulfilment_ledger #>> '{stages,delivered,reached}')::numeric, 0)
              + (line.fulfilment_ledger ->> 'refused')::numeric
              >= (line.fulfilment_ledger #>> '{stages,shipped,reached}')::numeric
         THEN COALESCE((line.fulfilment_ledger #>> '{stages,delivered,time}')::timestamp,
                       (line.fulfilment_ledger #>> '{stages,shipped,time}')::timestamp)
         ELSE GREATEST((line.fulfilment_ledger #>> '{stages,delivered,time}')::timestamp,
                       (line.fulfilment_ledger #>> '{stages,shipped,time}')::timestamp) END
"""
DEPENDS = {
    "sale.order": [
        "partner_id",
        "company_id",
        "warehouse_id",
        "carrier_id",
        "date_order",
        "state",
        "requested_deadline",
        "requested_date_from",
        "first_promise_deadline",
        "first_promised_date_from",
        "promise_deadline",
        "promised_date_from",
        "is_promised_whole_day",
        "is_requested_whole_day",
    ],
    "sale.order.line": ["order_id", "product_id", "fulfilment_ledger"],
    "stock.move": ["state", "date", "quantity"],
}
# Share of the line that had left by its date. Of a kit, whose parts move, all or nothing.
FILL_SQL = """
    CASE WHEN line.product_uom_qty <= 0 THEN 1.0
         WHEN EXISTS (SELECT FROM stock_move move
                       WHERE move.sale_line_id = line.id AND move.product_id = line.product_id)
         THEN LEAST(1.0, COALESCE((
                SELECT SUM(move.quantity * unit.factor) FROM stock_move move
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location dest ON dest.id = move.location_dest_id
                 WHERE move.sale_line_id = line.id AND move.product_id = line.product_id
                   AND move.state = 'done' AND move.date <= LEAST(%(as_of)s, %(deadline)s)
                   AND source.usage <> 'customer'
                   AND (dest.usage = 'customer' OR (dest.usage = 'transit' AND dest.company_id IS NULL))
              ), 0) / (line.product_uom_qty * line_unit.factor))
         WHEN (line.fulfilment_ledger #>> '{stages,shipped,time}')::timestamp
              <= LEAST(%(as_of)s, %(deadline)s) AND %(waiting)s = 0 THEN 1.0
         ELSE 0.0 END
"""


class FulfilmentService(models.Model):
    """Service figures by order line."""

    _name = "fulfilment.service"
    _inherit = "fulfilment.service.rates"
    _description = "Service Figures"
    _auto = False
    _order = "date_order desc, id desc"
    _rec_name = "order_id"

    line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)

    _depends = DEPENDS

    @property
    def _table_query(self):
        return self._rate(self._get_lines_query())

    def _get_lines_query(self):  # long: one query
        """Goods of confirmed orders with what the ledger says; complete means nothing is left to ship."""
        as_of = self._get_known_until()
        waiting = SQL(" + ").join(
            SQL("COALESCE((line.fulfilment_ledger #>> %s)::numeric, 0)", f"{{stages,{stage},quantity}}")
            for stage in OPEN_STAGES
        )
        late = SQL("%s * interval '1 hour'", self._get_hours(LATE) or 0.0)
        fill = SQL(
            FILL_SQL,
            as_of=as_of,
            waiting=waiting,
            deadline=SQL("COALESCE(%s, 'infinity'::timestamp) + %s", self._get_promise_deadline(), late),
        )
        return SQL(
            """
            SELECT told.*, CASE WHEN told.arrived_at <= %(as_of)s THEN told.arrived_at END AS delivered_at,
                   (told.arrived_at <= %(as_of)s AND told.was_complete)::int::float AS complete,
                   told.is_open OR told.arrived_at > %(as_of)s AS is_waiting
              FROM (
                SELECT line.id, line.id AS line_id, line.order_id, line.product_id, sale.carrier_id,
                       %(promise)s,
                       CASE WHEN NOT %(open)s THEN %(arrived)s END AS arrived_at,
                       (NOT %(open)s AND NOT %(cancelled)s AND NOT %(refused)s) AS was_complete,
                       (NOT %(refused)s AND NOT %(returned)s)::int::float AS unharmed,
                       (%(fill)s)::float AS fill, %(open)s AS is_open
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
                       %(in_force)s
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                       AND template.type = 'consu'
                  JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
                 WHERE %(confirmed)s AND jsonb_typeof(line.fulfilment_ledger) = 'object'
                   AND (line.fulfilment_ledger ->> 'ordered')::numeric > 0 AND sale.date_order <= %(as_of)s
              ) told
            """,
            as_of=as_of,
            arrived=SQL(ARRIVED_SQL),
            open=SQL("(%s > 0 OR %s)", waiting, self._get_cancelled_later()),
            cancelled=self._get_cancelled(),
            refused=self._get_refused(),
            returned=self._get_returned(),
            confirmed=self._get_confirmed(),
            fill=fill,
            promise=self._get_promise_columns(),
            in_force=self._get_promise_join(),
        )


class FulfilmentServiceOrder(models.Model):
    """Service figures by order: all of its lines that count must hold."""

    _name = "fulfilment.service.order"
    _inherit = "fulfilment.service.rates"
    _description = "Service Figures by Order"
    _auto = False
    _order = "date_order desc, id desc"
    _rec_name = "order_id"

    line_count = fields.Integer("Lines", readonly=True)

    _depends = DEPENDS

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT order_id AS id, order_id, company_id, partner_id, warehouse_id, carrier_id, date_order,
                   requested_deadline, first_deadline, deadline, COUNT(*) AS line_count,
                   CASE WHEN COUNT(*) = COUNT(delivered_at) THEN MAX(delivered_at) END AS delivered_at,
                   CASE WHEN COUNT(*) = COUNT(delivered_at) THEN MAX(lead_days) END AS lead_days,
                   MAX(backorder_days) AS backorder_days, AVG(fill_rate) AS fill_rate,
                   NULL::float AS lead_spread, NULL::float AS product_of_rates,
                   MIN(on_time) AS on_time, MIN(on_time_requested) AS on_time_requested,
                   MIN(in_full) AS in_full, MIN(is_otif) AS is_otif, MIN(is_otif_first) AS is_otif_first,
                   MIN(is_otif_requested) AS is_otif_requested, MIN(is_perfect) AS is_perfect
              FROM (%s) line
          GROUP BY order_id, company_id, partner_id, warehouse_id, carrier_id, date_order,
                   requested_deadline, first_deadline, deadline
            """,
            self.env["fulfilment.service"]._table_query,
        )
