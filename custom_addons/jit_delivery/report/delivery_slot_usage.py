from odoo import fields, models
from odoo.tools import SQL

from ..tools.slot_load import DIMENSIONS

WEEKDAYS = [
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
]


class DeliverySlotUsage(models.Model):
    """Slot utilisation: what was booked of what a slot has. Holds are not counted, overbooking is."""

    _name = "delivery.slot.usage"
    _description = "Slot Utilisation"
    _auto = False
    _order = "start desc, id desc"
    _rec_name = "slot_id"

    slot_id = fields.Many2one("delivery.slot", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    dock_id = fields.Many2one("stock.location", readonly=True)
    template_id = fields.Many2one("delivery.slot.template", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Delivery method", readonly=True)
    start = fields.Datetime(readonly=True)
    local_date = fields.Date("Local date", readonly=True)
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    capacity_drops = fields.Float("Drops", readonly=True)
    booked_drops = fields.Float("Booked drops", readonly=True)
    capacity_kg = fields.Float("Kilograms", readonly=True, help="Of slots with a limit.")
    booked_kg = fields.Float("Booked kilograms", readonly=True, help="In slots with a limit.")
    drops_share = fields.Float(
        "Utilisation (drops)", readonly=True, aggregator="avg", help="Booked of capacity; in groups, of sums."
    )
    kg_share = fields.Float(
        "Utilisation (kg)", readonly=True, aggregator="avg", help="Booked of capacity; in groups, of sums."
    )
    bound_by = fields.Selection(
        [(name, name) for name in DIMENSIONS], "Fullest in", readonly=True, help="What ran out first."
    )

    def _read_group_select(self, aggregate_spec, query):
        """Utilisation of several slots is that of their sums: a large slot counts for more."""
        if aggregate_spec not in ("drops_share:avg", "kg_share:avg"):
            return super()._read_group_select(aggregate_spec, query)
        unit = aggregate_spec.split("_")[0]
        booked, capacity = (
            self._read_group_select(f"{name}_{unit}:sum", query) for name in ("booked", "capacity")
        )
        return SQL("%s / NULLIF(%s, 0)", booked, capacity)

    @property
    def _table_query(self):
        return """
            SELECT s.id, s.id AS slot_id, s.company_id, s.warehouse_id, s.dock_id, s.template_id, s.carrier_id,
                   s.start, s.local_date, to_char(s.local_date, 'ID') AS weekday,
                   s.capacity_drops::float, b.drops AS booked_drops,
                   s.capacity_kg::float, CASE WHEN s.capacity_kg > 0 THEN b.kg ELSE 0 END AS booked_kg,
                   b.drops / NULLIF(s.capacity_drops, 0)::float AS drops_share,
                   b.kg / NULLIF(s.capacity_kg, 0)::float AS kg_share,
                   fullest.name AS bound_by
              FROM delivery_slot s
              CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(drops), 0)::float AS drops, COALESCE(SUM(pallets), 0)::float AS pallets,
                          COALESCE(SUM(kg), 0)::float AS kg, COALESCE(SUM(m3), 0)::float AS m3,
                          COALESCE(SUM(minutes), 0)::float AS minutes
                     FROM delivery_slot_hold h WHERE h.slot_id = s.id AND h.state = 'confirmed') b
              LEFT JOIN LATERAL (
                   SELECT d.name FROM (VALUES
                          ('drops', b.drops, s.capacity_drops), ('pallets', b.pallets, s.capacity_pallets),
                          ('kg', b.kg, s.capacity_kg), ('m3', b.m3, s.capacity_m3),
                          ('minutes', b.minutes, s.capacity_minutes)) AS d (name, booked, capacity)
                    WHERE d.capacity > 0 AND d.booked > 0
                    ORDER BY d.booked / d.capacity::float DESC LIMIT 1) fullest ON true
             WHERE s.active
        """
