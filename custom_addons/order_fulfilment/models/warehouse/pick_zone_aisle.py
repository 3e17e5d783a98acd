from odoo import api, fields, models


class PickZoneAisle(models.Model):
    """An aisle of a zone: where it lies, and which way one may walk it."""

    _name = "pick.zone.aisle"
    _description = "Aisle"
    _order = "x, id"
    _rec_name = "full_name"
    _rec_names_search = ["full_name", "name"]

    zone_id = fields.Many2one("pick.zone", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="zone_id.company_id", store=True)
    name = fields.Char(required=True)
    full_name = fields.Char(
        compute="_compute_full_name", store=True, help="With its zone: this is what imports name an aisle by."
    )
    x = fields.Float("Across", help="Metres across the aisles from the zone's origin.")
    direction = fields.Selection(
        [("both", "Both ways"), ("up", "Ascending positions only"), ("down", "Descending positions only")],
        required=True,
        default="both",
    )

    _unique_place = models.Constraint(
        "UNIQUE(zone_id, x)", "[OF-WH-002] Two aisles of a zone lie at one place."
    )

    @api.depends("name", "zone_id.name")
    def _compute_full_name(self):
        for aisle in self:
            aisle.full_name = f"{aisle.zone_id.name}/{aisle.name}"
