from odoo import fields, models


class PickZoneEnd(models.Model):
    """A place where a walk may end beside the first one: each walk takes the one that makes it shortest."""

    _name = "pick.zone.end"
    _inherit = ["pick.zone.part"]
    _description = "Place to End"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    x = fields.Float("Across", help="Metres across the aisles from the zone's origin.")
    y = fields.Float("Along", help="Metres along the aisles from the zone's origin.")

    _near_origin = models.Constraint(
        "CHECK(x BETWEEN -100000 AND 100000 AND y BETWEEN -100000 AND 100000)",  # NaN is above all numbers
        "[OF-WH-068] A place lies within 100,000 metres of the origin of its zone.",
    )
