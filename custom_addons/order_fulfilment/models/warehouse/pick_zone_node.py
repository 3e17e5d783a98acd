from odoo import fields, models


class PickZoneNode(models.Model):
    """A named place of a zone without plain aisles: where goods lie, ways meet, walks begin or end."""

    _name = "pick.zone.node"
    _inherit = ["pick.zone.named.part"]
    _description = "Place in a Zone"
    _order = "zone_id, name"

    x = fields.Float("Across", help="Metres from the zone's origin.")
    y = fields.Float("Along", help="Metres from the zone's origin.")
    is_begin = fields.Boolean("Walks begin")
    is_end = fields.Boolean("Walks end", help="Nowhere ticked: walks end where they begin.")

    _unique_name = models.Constraint(
        "UNIQUE(zone_id, name)", "[OF-WH-009] Two places of a zone have one name."
    )
    _near_origin = models.Constraint(
        "CHECK(x BETWEEN -100000 AND 100000 AND y BETWEEN -100000 AND 100000)",  # NaN is above all numbers
        "[OF-WH-068] A place lies within 100,000 metres of the origin of its zone.",
    )
