from odoo import fields, models


class StockMoveLine(models.Model):
    """How far a line was packed and loaded by scans."""

    _inherit = "stock.move.line"

    qty_packed = fields.Float("Packed", copy=False, digits="Product Unit", help="Scanned into the open box.")
    open_box_id = fields.Many2one(
        "stock.package", copy=False, readonly=True, help="The open box that has what is packed of this line."
    )
    is_loaded = fields.Boolean("Loaded", copy=False)
