from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.pick_route import Graph, NodeStop
from ...tools.warehouse.graph_plan import graph_plan
from ...tools.warehouse.graph_rows import GraphRowError, read_graph


class PickZone(models.Model):
    """A zone of any other shape: places, and ways between them that may be one-way."""

    _inherit = "pick.zone"

    layout_kind = fields.Selection(
        [("aisles", "Aisles and cross-aisles"), ("graph", "Any other: places and ways")],
        "Layout",
        default="aisles",
        required=True,
    )
    node_ids = fields.One2many("pick.zone.node", "zone_id", "Places", copy=False)
    way_ids = fields.One2many("pick.zone.way", "zone_id", "Ways", copy=False)

    def _is_graph(self):
        return self.layout_kind == "graph"

    @api.constrains("layout_kind", "node_ids", "way_ids")
    def _check_ways(self):
        for zone in self.filtered(lambda zone: zone._is_graph() and zone.way_ids):
            strangers = (zone.way_ids.from_id | zone.way_ids.to_id) - zone.node_ids
            if strangers:
                raise ValidationError(
                    self.env._(
                        "[OF-WH-017] Zone %(zone)s: a way leads to %(place)s, which is in another zone.",
                        zone=zone.name,
                        place=strangers[0].full_name,
                    )
                )

    def _is_complete(self):
        if not self._is_graph():
            return super()._is_complete()
        return bool(self.way_ids) and any(self.node_ids.mapped("is_begin"))

    def _layout(self):
        if not self._is_graph():
            return super()._layout()
        return Graph(
            {node.name: (node.x, node.y) for node in self.node_ids},
            tuple(self.way_ids._arcs()),
            tuple(self.node_ids.filtered("is_begin").mapped("name")),
            tuple(self.node_ids.filtered("is_end").mapped("name")),
        )

    def _stops(self, locations):
        if not self._is_graph():
            return super()._stops(locations)
        return [NodeStop(location.pick_node_id.name) for location in locations]

    def _draw(self, locations=None, path=()):
        if not self._is_graph():
            return super()._draw(locations, path)
        stops = self._stops(locations) if locations else ()
        return self._safe_plan(graph_plan(self._layout(), [stop.node for stop in stops], path))

    def load_graph(self, nodes, ways):
        """Replace places and ways by another system's: all rows or none; see docs/api/packing.md."""
        self.ensure_one()
        self.check_access("write")
        try:
            places, arcs = read_graph(nodes, ways)
        except GraphRowError as error:
            raise UserError(self.env._("[OF-WH-018] %s", error)) from error
        known = {node.name: node for node in self.node_ids}
        gone = self.node_ids.filtered(lambda node: node.name not in places)
        self._refuse_losing(gone)
        self.way_ids.unlink()
        gone.unlink()
        for name, values in places.items():
            if name in known:
                known[name].write(values)
            else:
                known[name] = self.node_ids.create({**values, "name": name, "zone_id": self.id})
        self.way_ids = [
            fields.Command.create({**values, "from_id": known[one].id, "to_id": known[other].id})
            for one, other, values in arcs
        ]
        self.layout_kind = "graph"
        return {"places": len(places), "ways": len(arcs)}

    def _refuse_losing(self, nodes):
        lost = self.env["stock.location"].search([("pick_node_id", "in", nodes.ids)], limit=1)
        if lost:
            raise UserError(
                self.env._(
                    "[OF-WH-019] Place %(place)s is missing, but %(location)s lies there: move it first.",
                    place=lost.pick_node_id.name,
                    location=lost.complete_name,
                )
            )


class StockLocation(models.Model):
    _inherit = "stock.location"

    pick_node_id = fields.Many2one(
        "pick.zone.node", "Place in its zone", index="btree_not_null", ondelete="set null"
    )

    @api.depends("pick_node_id.zone_id")
    def _compute_pick_zone_id(self):
        on_graph = self.filtered("pick_node_id")
        for location in on_graph:
            location.pick_zone_id = location.pick_node_id.zone_id
        super(StockLocation, self - on_graph)._compute_pick_zone_id()

    @api.constrains("pick_aisle_id", "pick_node_id")
    def _check_one_place(self):
        for location in self.filtered(lambda location: location.pick_aisle_id and location.pick_node_id):
            raise ValidationError(
                self.env._(
                    "[OF-WH-025] %s lies in an aisle or at a place of a zone, not both.",
                    location.complete_name,
                )
            )
