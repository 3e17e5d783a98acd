from datetime import timedelta

from odoo import api, fields, models

OVERDUE_RECEIPT = timedelta(days=1)  # what is late is not here: it is counted a day from now

_MOVES = """
    SELECT m.product_id, m.date, SUM(m.product_qty), bool_and(dest.id IS NOT NULL AND source.id IS NULL),
           SUM(LEAST(m.product_qty, m.quantity * m.product_qty / NULLIF(m.product_uom_qty, 0)))
      FROM stock_move m
      LEFT JOIN stock_location source ON source.id = m.location_id AND source.parent_path LIKE %(path)s
      LEFT JOIN stock_location dest
             ON dest.id = COALESCE(m.location_final_id, m.location_dest_id) AND dest.parent_path LIKE %(path)s
      LEFT JOIN sale_order_line line ON line.id = m.sale_line_id
     WHERE m.product_id = ANY(%(products)s)
       AND m.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
       AND (source.id IS NULL) <> (dest.id IS NULL)
       AND (line.order_id IS NULL OR line.order_id <> %(order)s)
       AND m.id <> ALL(%(own)s)
       AND NOT (source.id IS NOT NULL AND EXISTS (
            SELECT 1 FROM stock_move_move_rel rel
              JOIN stock_move origin ON origin.id = rel.move_orig_id
              JOIN stock_location place ON place.id = origin.location_id AND place.parent_path LIKE %(path)s
             WHERE rel.move_dest_id = m.id AND origin.state NOT IN ('done', 'cancel')))
     GROUP BY m.product_id, m.date, source.id IS NULL
"""


class DeliveryPromise(models.AbstractModel):
    """Gathers the facts of a promise for ``tools/promise.py``. Every method is internal."""

    _name = "delivery.promise"
    _description = "Promise Facts"

    @api.model
    def _get_supply(self, warehouse, products, order=None, now=None):
        """Return {product id: [(instant, change)]}: on hand, dated supply and dated demand of ``warehouse``.

        Demand is every open move that leaves the warehouse, counted at the first step of its chain: what is
        reserved for it at once, for nobody else can take that, the rest when it is due. Moves of ``order``
        itself are left out, with those of its assembly that is not begun: both are planned anew. ``now`` is
        that of the promise: what is on hand is there then, not a second later.
        """
        self.env["stock.move"].flush_model()
        self.env["stock.quant"].flush_model()
        now = now or fields.Datetime.now()
        supply = {product.id: [] for product in products}
        path = f"{warehouse.view_location_id.parent_path}%"
        for product_id, quantity in self._get_on_hand(path, products.ids):
            supply[product_id].append((now, quantity))
        own = order._get_chain_productions() if order else self.env["mrp.production"].sudo()
        values = {
            "path": path,
            "products": products.ids,
            "order": (order and order._origin.id) or 0,
            "own": (own.move_raw_ids | own.move_finished_ids).ids,
        }
        self.env.cr.execute(_MOVES, values)
        for product_id, date, quantity, is_receipt, reserved in self.env.cr.fetchall():
            if is_receipt:
                supply[product_id].append((now + OVERDUE_RECEIPT if date < now else date, float(quantity)))
                continue
            at_once = float(reserved or 0)
            supply[product_id] += [(now, -at_once), (date, at_once - float(quantity))]
        return supply

    @api.model
    def _get_on_hand(self, path, product_ids):
        self.env.cr.execute(
            """SELECT quant.product_id, SUM(quant.quantity)
                 FROM stock_quant quant JOIN stock_location place ON place.id = quant.location_id
                WHERE quant.product_id = ANY(%s) AND place.parent_path LIKE %s
                  AND place.usage IN ('internal', 'transit')
             GROUP BY quant.product_id""",
            [product_ids, path],
        )
        return self.env.cr.fetchall()
