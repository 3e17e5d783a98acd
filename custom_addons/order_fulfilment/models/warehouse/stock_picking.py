from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "pick.route.mixin"]

    def _pick_lines(self):
        return self.move_line_ids

    def _pick_route_depends(self):
        return (
            "move_line_ids.location_id.pick_aisle_id.x",
            "move_line_ids.location_id.pick_position",
            "move_line_ids.location_id.pick_node_id.x",
            "move_line_ids.location_id.pick_node_id.y",
        )
