from odoo import fields, models


class DeliverySlotLoad(models.Model):
    """Load chart: for each slot what is booked, held and free, as rows that can be stacked."""

    _name = "delivery.slot.load"
    _description = "Delivery Slot Load"
    _auto = False
    _order = "start, kind"
    _rec_name = "slot_id"

    slot_id = fields.Many2one("delivery.slot", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    dock_id = fields.Many2one("stock.location", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method", readonly=True)
    start = fields.Datetime(readonly=True)
    local_date = fields.Date("Local date", readonly=True)
    kind = fields.Selection([("1", "Booked"), ("2", "Held"), ("3", "Free")], "Share", readonly=True)
    drops = fields.Float(readonly=True)
    kg = fields.Float("Kilograms", readonly=True)
    m3 = fields.Float("Cubic metres", readonly=True)

    @property
    def _table_query(self):
        return """
            SELECT 3 * s.id + k.kind::int - 1 AS id, s.id AS slot_id, s.company_id, s.warehouse_id, s.dock_id,
                   s.carrier_id, s.start, s.local_date, k.kind, k.drops, k.kg, k.m3
              FROM delivery_slot s
              LEFT JOIN LATERAL (
                   SELECT COALESCE(SUM(drops) FILTER (WHERE state = 'confirmed'), 0) AS booked_drops,
                          COALESCE(SUM(kg) FILTER (WHERE state = 'confirmed'), 0) AS booked_kg,
                          COALESCE(SUM(m3) FILTER (WHERE state = 'confirmed'), 0) AS booked_m3,
                          COALESCE(SUM(drops) FILTER (WHERE state = 'held'), 0) AS held_drops,
                          COALESCE(SUM(kg) FILTER (WHERE state = 'held'), 0) AS held_kg,
                          COALESCE(SUM(m3) FILTER (WHERE state = 'held'), 0) AS held_m3
                     FROM delivery_slot_hold h WHERE h.slot_id = s.id) h ON true
              CROSS JOIN LATERAL (VALUES
                   ('1', h.booked_drops, h.booked_kg, h.booked_m3),
                   ('2', h.held_drops, h.held_kg, h.held_m3),
                   ('3', GREATEST(s.capacity_drops - h.booked_drops - h.held_drops, 0),
                         GREATEST(s.capacity_kg - h.booked_kg - h.held_kg, 0),
                         GREATEST(s.capacity_m3 - h.booked_m3 - h.held_m3, 0))) AS k (kind, drops, kg, m3)
             WHERE s.active
        """
