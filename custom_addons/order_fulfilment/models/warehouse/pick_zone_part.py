from odoo import api, fields, models


class PickZonePart(models.AbstractModel):
    """What a zone is made of: it comes and goes with its zone, and belongs to the zone's company."""

    _name = "pick.zone.part"
    _description = "Part of a Zone"

    zone_id = fields.Many2one("pick.zone", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="zone_id.company_id", store=True)


class PickZoneNamedPart(models.AbstractModel):
    """A part that people and imports name: by its own name, or with that of its zone."""

    _name = "pick.zone.named.part"
    _inherit = ["pick.zone.part"]
    _description = "Named Part of a Zone"
    _rec_name = "full_name"
    _rec_names_search = ["full_name", "name"]

    name = fields.Char(required=True)
    full_name = fields.Char(
        compute="_compute_full_name", store=True, help="With its zone: this is what imports name it by."
    )

    @api.depends("name", "zone_id.name")
    def _compute_full_name(self):
        for part in self:
            part.full_name = f"{part.zone_id.name}/{part.name}"
