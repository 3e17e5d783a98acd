from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("line_ids.sale_line_ids.order_id.effective_date", "invoice_line_ids.drop_date")
    def _compute_delivery_date(self):
        """The last drop on the invoice; once posted, later deliveries of the same orders do not move it."""
        posted = self.filtered(lambda move: move.state == "posted")
        for move in posted:
            move.delivery_date = move.delivery_date
        super(AccountMove, self - posted)._compute_delivery_date()
        for move in self - posted:
            dates = [line.drop_date for line in move.invoice_line_ids if line.drop_date]
            if dates:
                move.delivery_date = max(dates)


class AccountMoveLine(models.Model):
    """Which drop a line charges for: kept as it was when invoiced."""

    _inherit = "account.move.line"

    drop_move_id = fields.Many2one(
        "stock.move", "Drop move", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    drop_name = fields.Char("Drop", readonly=True, copy=False)
    drop_date = fields.Date("Drop date", readonly=True, copy=False)
    drop_reference = fields.Char("Customer reference", readonly=True, copy=False)
    drop_proof = fields.Char("Proof", readonly=True, copy=False)
