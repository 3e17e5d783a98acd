import time

from odoo import api, fields, models
from odoo.tools import SQL

from .tower_news import look_for_risks, remember_look, tell_towers

# Running balance per product and warehouse: what is free now, plus what comes, less what is promised, in
# order of date. Where it goes below zero at a promise, that promise cannot be kept with what is in stock or
# coming.
RISK_SQL = """
WITH demand AS (
    SELECT sale.id AS order_id, move.product_id, move.warehouse_id, move.id AS move_id,
           COALESCE(sale.promise_deadline, move.date_deadline, move.date) AS due,
           move.product_qty - COALESCE(line.reserved, 0) AS quantity
      FROM stock_move move
      JOIN sale_order_line sale_line ON sale_line.id = move.sale_line_id
      JOIN sale_order sale ON sale.id = sale_line.order_id
      LEFT JOIN LATERAL (
            SELECT SUM(quantity_product_uom) AS reserved FROM stock_move_line WHERE move_id = move.id
      ) line ON TRUE
     WHERE move.state IN ('confirmed', 'partially_available')
       AND move.origin_returned_move_id IS NULL
       AND sale.state = 'sale'
), free AS (
    SELECT quant.product_id, location.warehouse_id, SUM(quant.quantity - quant.reserved_quantity) AS quantity
      FROM stock_quant quant
      JOIN stock_location location ON location.id = quant.location_id AND location.usage = 'internal'
     WHERE quant.product_id IN (SELECT product_id FROM demand)
  GROUP BY quant.product_id, location.warehouse_id
), coming AS (
    SELECT move.product_id, dest.warehouse_id, move.date AS due, SUM(move.product_qty) AS quantity
      FROM stock_move move
      JOIN stock_location source ON source.id = move.location_id AND source.usage <> 'internal'
      JOIN stock_location dest ON dest.id = move.location_dest_id AND dest.usage = 'internal'
     WHERE move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
       AND move.product_id IN (SELECT product_id FROM demand)
  GROUP BY move.product_id, dest.warehouse_id, move.date
), entry AS (
    SELECT NULL::int AS order_id, product_id, warehouse_id, 0 AS move_id, '-infinity'::timestamp AS due,
           quantity
      FROM free
 UNION ALL
    SELECT NULL, product_id, warehouse_id, 0, due, quantity FROM coming
 UNION ALL
    SELECT order_id, product_id, warehouse_id, move_id, due, -quantity FROM demand
), running AS (
    SELECT order_id, product_id,
           SUM(quantity) OVER (PARTITION BY product_id, warehouse_id ORDER BY due, move_id) AS balance
      FROM entry
)
SELECT DISTINCT ON (order_id) order_id, product_id, -balance AS missing
  FROM running
 WHERE order_id IS NOT NULL AND balance < -0.000001
 ORDER BY order_id, balance
"""
REFRESH_SQL = """
WITH risk AS MATERIALIZED (%(risks)s), mended AS (
    DELETE FROM fulfilment_risk known
     USING (SELECT order_id FROM fulfilment_risk EXCEPT SELECT order_id FROM risk) gone
     WHERE known.order_id = gone.order_id
)
INSERT INTO fulfilment_risk AS known (order_id, product_id, missing, as_of)
SELECT order_id, product_id, missing, %(now)s FROM risk
    ON CONFLICT (order_id) DO UPDATE
   SET product_id = excluded.product_id, missing = excluded.missing, as_of = excluded.as_of
 WHERE (known.product_id, known.missing) IS DISTINCT FROM (excluded.product_id, excluded.missing)
"""
# Of a move: what the running balance is made of.
DECISIVE = {"state", "date", "product_qty", "location_id", "location_dest_id"}


class FulfilmentRisk(models.Model):
    """Orders whose promise stock and supply cannot keep, as of the last look; a table of its own, so that
    looking never blocks or repeats anyone's work on an order.
    """

    _name = "fulfilment.risk"
    _description = "Order at Risk"
    _log_access = False
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", "First Missing", readonly=True, ondelete="cascade")
    missing = fields.Float(digits="Product Unit", readonly=True)
    as_of = fields.Datetime("Since", required=True, readonly=True)

    _order_unique = models.UniqueIndex("(order_id)")

    @api.model
    def _refresh(self):
        """Look at all open promises at once, in one statement; only what has changed is written."""
        self.env.flush_all()
        self.env.cr.execute(SQL(REFRESH_SQL, risks=SQL(RISK_SQL), now=fields.Datetime.now()))
        self.invalidate_model()

    @api.model
    def _cron_refresh(self):
        started = time.monotonic()
        self._refresh()
        remember_look(self.env, time.monotonic() - started)
        tell_towers(self.env)


class StockMove(models.Model):
    """Any demand, receipt or delivery may decide whether somebody's promise can be kept."""

    _inherit = "stock.move"

    def _write_multi(self, vals_list):
        super()._write_multi(vals_list)
        if not DECISIVE.isdisjoint(set().union(*vals_list)):
            look_for_risks(self.env)
