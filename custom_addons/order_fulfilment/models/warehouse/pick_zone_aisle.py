from odoo import fields, models


class PickZoneAisle(models.Model):
    """An aisle of a zone: where it lies, and which way one may walk it."""

    _name = "pick.zone.aisle"
    _inherit = ["pick.zone.named.part"]
    _description = "Aisle"
    _order = "x, id"

    x = fields.Float("Across", help="Metres across the aisles from the zone's origin.")
    direction = fields.Selection(
        [("both", "Both ways"), ("up", "Ascending positions only"), ("down", "Descending positions only")],
        required=True,
        default="both",
    )

    _unique_place = models.Constraint(
        "UNIQUE(zone_id, x)", "[OF-WH-002] Two aisles of a zone lie at one place."
    )
    _near_origin = models.Constraint(
        "CHECK(x BETWEEN -100000 AND 100000)",  # NaN is above all numbers
        "[OF-WH-068] A place lies within 100,000 metres of the origin of its zone.",
    )
