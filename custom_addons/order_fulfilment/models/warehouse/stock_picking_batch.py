from odoo import models


class StockPickingBatch(models.Model):
    _name = "stock.picking.batch"
    _inherit = ["stock.picking.batch", "pick.route.mixin"]

    def _pick_lines(self):
        return self.picking_ids.move_line_ids

    def _pick_route_depends(self):
        return (
            "picking_ids.move_line_ids.location_id.pick_aisle_id.x",
            "picking_ids.move_line_ids.location_id.pick_position",
        )
