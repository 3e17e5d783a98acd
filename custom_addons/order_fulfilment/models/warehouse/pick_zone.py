import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.pick_route import Layout, Stop, route, tour_length
from ...tools.warehouse.floor_plan import floor_plan

_logger = logging.getLogger(__name__)


class PickZone(models.Model):
    """Part of a warehouse that one walk stays in: parallel aisles, the cross-aisles that join them, a depot.

    Metres throughout; x runs across the aisles, y along them, from an origin of the user's choice.
    """

    _name = "pick.zone"
    _description = "Picking Zone"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, check_company=True, ondelete="cascade")
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    aisle_ids = fields.One2many("pick.zone.aisle", "zone_id", copy=True)
    crossing_ids = fields.One2many("pick.zone.crossing", "zone_id", string="Cross-aisles", copy=True)
    depot_x = fields.Float("Depot across", help="Where a walk begins, across the aisles, in metres.")
    depot_y = fields.Float("Depot along", help="Where a walk begins, along the aisles, in metres.")
    has_other_end = fields.Boolean("Ends elsewhere", help="The walk ends at another place than it began.")
    end_x = fields.Float("End across")
    end_y = fields.Float("End along")
    more_end_ids = fields.One2many("pick.zone.end", "zone_id", string="More places to end", copy=True)
    location_ids = fields.One2many("stock.location", "pick_zone_id", readonly=True)
    location_count = fields.Integer(compute="_compute_location_count")
    floor_plan = fields.Html(compute="_compute_floor_plan", sanitize=False)

    _near_origin = models.Constraint(
        "CHECK(LEAST(depot_x, depot_y, end_x, end_y) >= -100000"
        " AND GREATEST(depot_x, depot_y, end_x, end_y) <= 100000)",  # NaN is above all numbers
        "[OF-WH-068] A place lies within 100,000 metres of the origin of its zone.",
    )

    def _compute_location_count(self):
        counts = dict(
            self.env["stock.location"]._read_group(
                [("pick_zone_id", "in", self.ids)], ["pick_zone_id"], ["__count"]
            )
        )
        for zone in self:
            zone.location_count = counts.get(zone, 0)

    @api.depends(
        "aisle_ids.x",
        "crossing_ids.y",
        "depot_x",
        "depot_y",
        "layout_kind",
        "node_ids.x",
        "node_ids.y",
        "way_ids.is_one_way",
    )
    def _compute_floor_plan(self):
        for zone in self:
            zone.floor_plan = zone._draw() if zone._is_complete() else False

    @api.constrains("aisle_ids", "crossing_ids", "depot_x", "depot_y", "layout_kind")
    def _check_layout(self):
        for zone in self.filtered(lambda zone: zone._is_complete()):
            try:
                zone._layout()
            except ValueError as error:
                raise ValidationError(
                    self.env._("[OF-WH-001] Zone %(zone)s: %(problem)s", zone=zone.name, problem=error)
                ) from error

    def _is_complete(self):
        self.ensure_one()
        return bool(self.aisle_ids) and len(self.crossing_ids) > 1

    def _layout(self):
        """The zone as the pure rules want it."""
        self.ensure_one()
        aisles = self.aisle_ids.sorted("x")
        directions = {"up": 1, "down": -1}
        return Layout(
            tuple(aisles.mapped("x")),
            tuple(self.crossing_ids.sorted("y").mapped("y")),
            (self.depot_x, self.depot_y),
            self._ends(),
            {
                index: directions[aisle.direction]
                for index, aisle in enumerate(aisles)
                if aisle.direction in directions
            },
        )

    def _ends(self):
        """Where a walk may end; none: where it began."""
        first = [(self.end_x, self.end_y)] if self.has_other_end else []
        more = [(end.x, end.y) for end in self.more_end_ids]
        depot = [(self.depot_x, self.depot_y)] if more and not first else []
        return (*depot, *first, *more)

    def _stops(self, locations):
        """Stops of ``locations``, all in this zone; a position past an aisle's end counts as the end."""
        crossings = self.crossing_ids.mapped("y")
        index = {aisle: number for number, aisle in enumerate(self.aisle_ids.sorted("x"))}
        return [
            Stop(
                index[location.pick_aisle_id],
                min(max(location.pick_position, min(crossings)), max(crossings)),
            )
            for location in locations
        ]

    def _route(self, locations):
        """Shortest walk through ``locations``: ``(locations in order, metres, path)``.

        A zone whose one-way aisles cannot be walked must not stop the picking: then by name, length 0.
        """
        try:
            found = route(self._layout(), self._stops(locations))
        except ValueError as error:
            _logger.warning("Zone %s cannot be walked: %s", self.name, error)
            return locations.sorted("complete_name"), 0.0, ()
        return locations.browse([locations[index].id for index in found.order]), found.length, found.path

    def _in_zone(self, locations):
        return locations.filtered(lambda location: location.pick_zone_id == self)

    def _walk(self, locations):
        """Metres of the walk through ``locations``."""
        try:
            return tour_length(self._layout(), self._stops(locations))
        except ValueError:
            return float("inf")

    def _draw(self, locations=None, path=()):
        stops = self._stops(locations) if locations else ()
        labels = self.aisle_ids.sorted("x").mapped("name")
        return self._safe_plan(floor_plan(self._layout(), labels, stops, path))

    @staticmethod
    def _safe_plan(picture):
        """Our own SVG, in which names are escaped."""
        return Markup(picture)

    def action_open_locations(self):
        """Open the zone's locations."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "stock.location",
            "view_mode": "list,form",
            "domain": [("pick_zone_id", "=", self.id)],
        }
