from math import dist

from odoo import fields, models


class PickZoneWay(models.Model):
    """A way between two places of a zone."""

    _name = "pick.zone.way"
    _inherit = ["pick.zone.part"]
    _description = "Way in a Zone"
    _order = "zone_id, id"

    from_id = fields.Many2one("pick.zone.node", required=True, index=True, ondelete="cascade")
    to_id = fields.Many2one("pick.zone.node", required=True, index=True, ondelete="cascade")
    metres = fields.Float(help="0: as the crow flies.")
    is_one_way = fields.Boolean("One way", help="Walked from the first place to the second only.")

    _metres_not_negative = models.Constraint(
        "CHECK(metres BETWEEN 0 AND 100000)",  # NaN is above all numbers
        "[OF-WH-015] A way cannot be shorter than nothing, nor longer than 100,000 metres.",
    )
    _two_ends = models.Constraint(
        "CHECK(from_id != to_id)", "[OF-WH-016] A way leads from one place to another."
    )

    def _arcs(self):
        """``(from, to, metres)`` by name, one per direction."""
        for way in self:
            one, other = way.from_id, way.to_id
            metres = way.metres or dist((one.x, one.y), (other.x, other.y))
            yield one.name, other.name, metres
            if not way.is_one_way:
                yield other.name, one.name, metres
