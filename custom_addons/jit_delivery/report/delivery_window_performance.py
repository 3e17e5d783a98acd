from odoo import fields, models

from .delivery_slot_usage import WEEKDAYS

# Delivered, or its window is over: then it counts. The definitions stand in static/src/performance too.
_ON_TIME = """CASE WHEN {stop} IS NULL THEN NULL
    WHEN delivered_at IS NOT NULL
    THEN (delivered_at >= COALESCE({start}, delivered_at) AND delivered_at <= {stop})::int::float
    WHEN {stop} < now() AT TIME ZONE 'UTC' THEN 0.0 END"""

# The window that the moves of transfer ``p`` are for, and the slot if a part of the order comes with them.
_WINDOW = """
JOIN LATERAL (
     SELECT min(m.delivery_window_start) AS window_start,
            max(m.delivery_window_stop) AS window_stop,
            min(m.delivery_window_start) AT TIME ZONE 'UTC'
                AT TIME ZONE COALESCE(place.tz, house_place.tz, 'UTC') AS local_start,
            min(part.delivery_slot_id) AS slot_id
       FROM stock_move m
       LEFT JOIN sale_order_line line ON line.id = m.sale_line_id
       LEFT JOIN sale_order_drop part ON part.id = line.drop_id
      WHERE m.picking_id = p.id AND m.state <> 'cancel' AND m.delivery_window_stop IS NOT NULL
     ) w ON w.window_stop IS NOT NULL
"""


class DeliveryWindowPerformance(models.Model):
    """Deliveries against the requested and against the promised window, apart: one row for each drop.

    A drop counts once it is delivered, or once its window is over. It is delivered when its proof says so,
    else when it left, plus the transit time of its delivery method.
    """

    _name = "delivery.window.performance"
    _description = "Window Performance"
    _auto = False
    _order = "window_start desc, id desc"
    _rec_name = "picking_id"

    picking_id = fields.Many2one("stock.picking", "Drop", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method", readonly=True)
    slot_id = fields.Many2one("delivery.slot", readonly=True)
    template_id = fields.Many2one("delivery.slot.template", "Weekly slot", readonly=True)
    dock_id = fields.Many2one("stock.location", readonly=True)
    weekday = fields.Selection(WEEKDAYS, readonly=True, help="Of the promised window, where the customer is.")
    local_date = fields.Date("Local date", readonly=True)
    window_start = fields.Datetime("Promised from", readonly=True)
    window_stop = fields.Datetime("Promised until", readonly=True)
    requested_start = fields.Datetime("Requested from", readonly=True)
    requested_stop = fields.Datetime("Requested until", readonly=True)
    delivered_at = fields.Datetime("Delivered", readonly=True)
    drops = fields.Integer(readonly=True)
    in_promised = fields.Float(
        "In the promised window", readonly=True, aggregator="avg", help="Neither before its start nor after."
    )
    in_requested = fields.Float(
        "In the requested window",
        readonly=True,
        aggregator="avg",
        help="Counts where a window was requested.",
    )
    with_request = fields.Integer(
        "With a request", readonly=True, help="Drops of orders with a requested window."
    )
    is_early = fields.Float("Before the promised window", readonly=True, aggregator="avg")
    is_late = fields.Float("After the promised window", readonly=True, aggregator="avg")
    minutes_late = fields.Float(
        "Minutes late",
        readonly=True,
        aggregator="avg",
        help="After the end of the promised window; 0 if not.",
    )

    @property
    def _table_query(self):
        promised = _ON_TIME.format(start="window_start", stop="window_stop")
        requested = _ON_TIME.format(start="requested_start", stop="requested_stop")
        counts = "(delivered_at IS NOT NULL OR window_stop < now() AT TIME ZONE 'UTC')"
        late = "COALESCE(delivered_at, now() AT TIME ZONE 'UTC') - window_stop"
        return f"""
            SELECT drop.*, 1 AS drops, {promised} AS in_promised, {requested} AS in_requested,
                   COALESCE((delivered_at < window_start)::int::float, 0) AS is_early,
                   ({late} > interval '0')::int::float AS is_late,
                   GREATEST(EXTRACT(EPOCH FROM {late}) / 60, 0) AS minutes_late,
                   (requested_stop IS NOT NULL)::int AS with_request
              FROM ({self._get_drops_query()}) drop
             WHERE {counts}
        """

    def _get_drops_query(self):
        return f"""
            SELECT p.id, p.id AS picking_id, o.id AS order_id, o.company_id, o.partner_id, o.warehouse_id,
                   o.carrier_id, slot.id AS slot_id, slot.template_id, slot.dock_id,
                   w.window_start, w.window_stop,
                   o.requested_date_from AS requested_start, o.requested_deadline AS requested_stop,
                   COALESCE(proof.at, p.date_done + COALESCE(carrier.transit_hours, 0) * interval '1 hour')
                       AS delivered_at,
                   to_char(w.local_start, 'ID') AS weekday, w.local_start::date AS local_date
              FROM stock_picking p
              JOIN stock_picking_type kind ON kind.id = p.picking_type_id AND kind.code = 'outgoing'
              JOIN sale_order o ON o.id = p.sale_id
              JOIN stock_warehouse house ON house.id = o.warehouse_id
              LEFT JOIN res_partner house_place ON house_place.id = house.partner_id
              LEFT JOIN res_partner place ON place.id = o.partner_shipping_id
              LEFT JOIN delivery_carrier carrier ON carrier.id = o.carrier_id
                            LEFT JOIN LATERAL (
                   SELECT max(signed_at) AS at FROM delivery_proof WHERE picking_id = p.id) proof ON true
              {_WINDOW}
              LEFT JOIN delivery_slot slot ON slot.id = COALESCE(w.slot_id, o.delivery_slot_id)
             WHERE p.state <> 'cancel'
        """
