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

    def _move_shortage(self, picked=True):
        """Leave on this line what was found and reserve the rest at the next-best places.

        Answers the new lines and the quantity missing here. Stock of this place is not taken again.
        ``picked``: whether what was found is done with, or still has to be put into its bin.
        """
        self.ensure_one()
        move, product, place = self.move_id, self.product_id, self.location_id
        missing = left = self.quantity_product_uom - self.qty_scanned
        if self.qty_scanned:
            self.write(
                {"quantity": self.quantity * self.qty_scanned / self.quantity_product_uom, "picked": picked}
            )
        else:
            self.unlink()
        new_lines = self.browse()
        for quant in self.env["stock.quant"]._gather(product, move.location_id):
            free = min(quant.quantity - quant.reserved_quantity, left)
            if quant.location_id != place and product.uom_id.compare(free, 0) > 0:
                values = {
                    **move._prepare_move_line_vals(quantity=free, reserved_quant=quant),
                    "picked": False,
                }
                new_lines += self.create(values)
                left -= free
        return new_lines, missing

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
