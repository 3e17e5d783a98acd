from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    transit_hours = fields.Float("Transit time (hours)", help="From the departure until the goods arrive.")

    _transit_positive = models.Constraint(
        "CHECK (transit_hours IS NULL OR transit_hours BETWEEN 0 AND 8784)",  # NaN is above all numbers
        "[JD-PRM-001] Transit time is not below zero, and a year (8784 hours) at most.",
    )
