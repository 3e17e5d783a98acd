from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    transit_hours = fields.Float("Transit time (hours)", help="From the departure until the goods arrive.")

    _transit_positive = models.Constraint(
        "CHECK (transit_hours IS NULL OR transit_hours >= 0)", "[JD-PRM-001] Transit time is not below zero."
    )
