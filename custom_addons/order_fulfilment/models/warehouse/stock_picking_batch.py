from odoo import api, models


class StockPickingBatch(models.Model):
    _name = "stock.picking.batch"
    _inherit = ["stock.picking.batch", "pick.route.mixin"]

    def _pick_lines(self):
        return self.picking_ids.move_line_ids

    def _pick_route_depends(self):
        return (
            "picking_ids.move_line_ids.location_id.pick_aisle_id.x",
            "picking_ids.move_line_ids.location_id.pick_position",
            "picking_ids.move_line_ids.location_id.pick_node_id.x",
            "picking_ids.move_line_ids.location_id.pick_node_id.y",
        )

    @api.depends("pick_route")
    def _compute_move_ids(self):
        """Operations are listed as they are walked."""
        super()._compute_move_ids()
        for batch in self.filtered("pick_route"):
            rank = {}
            for line in batch._pick_lines()._in_pick_order():
                rank.setdefault(line.move_id, len(rank))
            batch.move_ids = batch.move_ids.sorted(lambda move, r=rank: (r.get(move, len(r)), move.id))
