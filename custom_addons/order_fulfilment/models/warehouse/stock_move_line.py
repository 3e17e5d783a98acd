from odoo import api, fields, models


class StockMoveLine(models.Model):
    """Place of a line in the walk of its batch, or of its transfer when it is picked alone."""

    _inherit = "stock.move.line"

    pick_sequence = fields.Integer("Stop", compute="_compute_pick_sequence", store=True)

    qty_scanned = fields.Float("Scanned", copy=False, digits="Product Unit", help="Counted by scans so far.")

    @api.depends("location_id", "picking_id.pick_route", "picking_id.batch_id.pick_route")
    def _compute_pick_sequence(self):
        ranks = {}
        for line in self:
            walk = line.picking_id.batch_id or line.picking_id
            if walk not in ranks:
                ranks[walk] = walk._pick_rank() if walk else {}
            line.pick_sequence = ranks[walk].get(line.location_id.id, 0)

    def _post_put_in_pack_hook(self, package):
        package._assign_sscc_where_possible()
        return super()._post_put_in_pack_hook(package)

    def _in_pick_order(self):
        """These lines as they are walked; at one place higher levels last, then by transfer."""
        return self.sorted(
            lambda line: (
                line.pick_sequence or 10**6,
                line.location_id.pick_level,
                line.picking_id.batch_sequence,
                line.id,
            )
        )
