from odoo import fields, models
from odoo.tools import SQL

from .fulfilment_service import DEPENDS


class FulfilmentServiceDrop(models.Model):
    """Service figures by drop: each transfer to the customer against its order's dates.

    In full: nothing of what was planned for it stayed behind or was refused.
    """

    _name = "fulfilment.service.drop"
    _inherit = "fulfilment.service.rates"
    _description = "Service Figures by Drop"
    _auto = False
    _order = "date_order desc, id desc"
    _rec_name = "picking_id"

    picking_id = fields.Many2one("stock.picking", "Drop", readonly=True)

    _depends = {
        **DEPENDS,
        "stock.picking": ["state", "date_done", "arrived_at", "carrier_id", "backorder_id", "sale_id"],
    }

    @property
    def _table_query(self):
        return self._rate(self._get_drops_query())

    def _get_drops_query(self):  # long: one query
        as_of = self._get_known_until()
        return SQL(
            """
            SELECT told.*, CASE WHEN told.came_at <= %(as_of)s THEN told.came_at END AS delivered_at,
                   (COALESCE(told.came_at <= %(as_of)s, FALSE) AND told.left_behind IS NOT TRUE
                       AND told.refused IS NOT TRUE)::int::float AS complete,
                   (told.refused IS NOT TRUE AND told.returned IS NOT TRUE)::int::float AS unharmed,
                   TRUE AS is_waiting,
                   CASE WHEN told.planned > 0 THEN LEAST(1.0, told.moved / told.planned) ELSE 1.0 END AS fill
              FROM (
                SELECT picking.id, picking.id AS picking_id, sale.id AS order_id,
                       COALESCE(picking.carrier_id, sale.carrier_id) AS carrier_id, %(promise)s,
                       CASE WHEN picking.state = 'done'
                            THEN COALESCE(picking.arrived_at, picking.date_done) END AS came_at,
                       content.planned + COALESCE(rest.planned, 0) AS planned, content.moved,
                       content.short OR rest.planned > 0 AS left_behind, content.refused, content.returned
                  FROM stock_picking picking
                  JOIN sale_order sale ON sale.id = picking.sale_id
                       %(in_force)s
                  JOIN stock_location dest ON dest.id = picking.location_dest_id
            CROSS JOIN LATERAL (
                    SELECT SUM(move.product_qty)::float AS planned,
                           SUM(CASE WHEN move.state = 'done' AND move.product_uom_qty > 0
                                    THEN move.product_qty * move.quantity / move.product_uom_qty
                                    ELSE 0 END)::float AS moved,
                           BOOL_OR(move.state = 'cancel'
                                   OR (move.state = 'done' AND move.quantity < move.product_uom_qty))
                               AS short,
                           BOOL_OR(EXISTS (SELECT FROM delivery_proof_line told
                                             JOIN delivery_proof proof ON proof.id = told.proof_id
                                            WHERE told.move_id = move.id AND told.quantity_refused > 0
                                              AND proof.signed_at <= %(as_of)s)) AS refused,
                           BOOL_OR(EXISTS (SELECT FROM stock_move back
                                            WHERE back.origin_returned_move_id = move.id
                                              AND back.state = 'done' AND back.date <= %(as_of)s))
                               AS returned,
                           MAX(move.write_date) FILTER (WHERE move.state = 'cancel') AS cancelled_at
                      FROM stock_move move
                     WHERE move.picking_id = picking.id AND move.origin_returned_move_id IS NULL
                       AND (move.state <> 'cancel'
                            OR (picking.state IN ('done', 'cancel') AND move.product_uom_qty > 0))
                  ) content
            CROSS JOIN LATERAL (
                    WITH RECURSIVE backorder AS (
                        SELECT id FROM stock_picking WHERE backorder_id = picking.id
                         UNION
                        SELECT later.id FROM stock_picking later
                          JOIN backorder ON later.backorder_id = backorder.id
                    )
                    SELECT SUM(move.product_qty)::float AS planned
                      FROM backorder JOIN stock_move move ON move.picking_id = backorder.id
                  ) rest
                 WHERE %(confirmed)s AND %(planned)s AND content.planned IS NOT NULL
                   AND (dest.usage = 'customer' OR (dest.usage = 'transit' AND dest.company_id IS NULL))
                   AND sale.date_order <= %(as_of)s
              ) told
            """,
            as_of=as_of,
            confirmed=self._get_confirmed(),
            planned=self._get_planned_drop(),
            promise=self._get_promise_columns(),
            in_force=self._get_promise_join(),
        )
