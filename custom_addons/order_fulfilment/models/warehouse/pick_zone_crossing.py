from odoo import fields, models


class PickZoneCrossing(models.Model):
    """A cross-aisle: joins all aisles of a zone at one position along them."""

    _name = "pick.zone.crossing"
    _inherit = ["pick.zone.part"]
    _description = "Cross-aisle"
    _order = "y, id"

    y = fields.Float("Along", help="Metres along the aisles from the zone's origin.")

    _unique_place = models.Constraint(
        "UNIQUE(zone_id, y)", "[OF-WH-003] Two cross-aisles of a zone lie at one place."
    )
    _near_origin = models.Constraint(
        "CHECK(y BETWEEN -100000 AND 100000)",  # NaN is above all numbers
        "[OF-WH-068] A place lies within 100,000 metres of the origin of its zone.",
    )
