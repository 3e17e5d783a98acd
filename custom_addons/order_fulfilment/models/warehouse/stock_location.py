from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockLocation(models.Model):
    """Where a location lies on the floor: aisle, metres along it, level."""

    _inherit = "stock.location"

    pick_aisle_id = fields.Many2one("pick.zone.aisle", "Aisle", index="btree_not_null", ondelete="set null")
    pick_zone_id = fields.Many2one(
        "pick.zone", "Picking Zone", compute="_compute_pick_zone_id", store=True, index=True
    )
    pick_position = fields.Float("Position", help="Metres along the aisle from the zone's origin.")
    pick_level = fields.Integer("Level", help="Height in the rack, 0 is the floor.")

    _near_origin = models.Constraint(
        "CHECK(pick_position BETWEEN -100000 AND 100000 AND pick_level BETWEEN -1000 AND 1000)",
        "[OF-WH-068] A place lies within 100,000 metres and 1,000 levels of the origin of its zone.",
    )

    @api.depends("pick_aisle_id.zone_id")
    def _compute_pick_zone_id(self):
        for location in self:
            location.pick_zone_id = location.pick_aisle_id.zone_id

    @api.constrains("pick_zone_id")
    def _check_pick_zone(self):
        for location in self.filtered(lambda location: location.pick_zone_id and location.company_id):
            if location.pick_zone_id.company_id != location.company_id:
                raise ValidationError(
                    self.env._(
                        "[OF-WH-004] Location %(location)s and its zone belong to different companies.",
                        location=location.display_name,
                    )
                )
