from odoo import api, fields, models


class PickZoneNode(models.Model):
    """A named place of a zone without plain aisles: where goods lie, ways meet, walks begin or end."""

    _name = "pick.zone.node"
    _description = "Place in a Zone"
    _order = "zone_id, name"
    _rec_name = "full_name"
    _rec_names_search = ["full_name", "name"]

    zone_id = fields.Many2one("pick.zone", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="zone_id.company_id", store=True)
    name = fields.Char(required=True)
    full_name = fields.Char(
        compute="_compute_full_name", store=True, help="With its zone: this is what imports name a place by."
    )
    x = fields.Float("Across", help="Metres from the zone's origin.")
    y = fields.Float("Along", help="Metres from the zone's origin.")
    is_begin = fields.Boolean("Walks begin")
    is_end = fields.Boolean("Walks end", help="Nowhere ticked: walks end where they begin.")

    _unique_name = models.Constraint(
        "UNIQUE(zone_id, name)", "[OF-WH-009] Two places of a zone have one name."
    )

    @api.depends("name", "zone_id.name")
    def _compute_full_name(self):
        for node in self:
            node.full_name = f"{node.zone_id.name}/{node.name}"
