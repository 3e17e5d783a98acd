from markupsafe import Markup

from odoo import api, fields, models


class PickRouteMixin(models.AbstractModel):
    """A document that one picker walks for: transfer, batch or wave.

    The route follows its move lines and is kept with it, so that the list, the report, the scan app and the
    figures all speak of one walk. Lines outside any zone come last, in the order of their location's name.
    """

    _name = "pick.route.mixin"
    _description = "Pick Route"

    pick_route = fields.Json(compute="_compute_pick_route", store=True, copy=False)
    pick_distance = fields.Float(
        "Walk (m)", compute="_compute_pick_route", store=True, copy=False, digits=(10, 1), aggregator="sum"
    )
    pick_plan = fields.Html("Way", compute="_compute_pick_plan", sanitize=False)

    def _pick_lines(self):
        """The move lines of the walk; each document has its own."""
        raise NotImplementedError

    def _pick_route_depends(self):
        """Names of what the walk depends on; each document has its own."""
        return ()

    @api.depends(lambda self: self._pick_route_depends())
    def _compute_pick_route(self):
        for document in self:
            order, metres, ways = [], 0.0, {}
            locations = document._pick_lines().location_id
            zones = locations.pick_zone_id.filtered(lambda zone: zone._is_complete()).sorted()
            for zone in zones:
                walked, length, path = zone._route(document._in_zone(locations, zone))
                order += walked.ids
                metres += length
                ways[str(zone.id)] = [list(corner) for corner in path]
            rest = locations.filtered(lambda place, z=zones: place.pick_zone_id not in z)
            order += rest.sorted("complete_name").ids
            document.pick_route = {"locations": order, "ways": ways}
            document.pick_distance = metres

    @staticmethod
    def _in_zone(locations, zone):
        return locations.filtered(lambda location: location.pick_zone_id == zone)

    @api.depends("pick_route")
    def _compute_pick_plan(self):
        for document in self:
            document.pick_plan = document._draw_pick_plan()

    def _draw_pick_plan(self):
        route = self.pick_route or {}
        locations = self.env["stock.location"].browse(route.get("locations", [])).exists()
        ways = route.get("ways", {})
        plans = [
            zone._draw(self._in_zone(locations, zone), ways[str(zone.id)])
            for zone in locations.pick_zone_id
            if str(zone.id) in ways and zone._is_complete()
        ]
        return Markup("").join(plans) or False

    def _pick_rank(self):
        """``{location id: place in the walk}``, from 1."""
        route = self.pick_route or {}
        return {location: rank for rank, location in enumerate(route.get("locations", []), 1)}
