from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("line_ids.sale_line_ids.order_id.effective_date", "line_ids.drop_date")
    def _compute_delivery_date(self):
        """The last drop on the invoice; once posted, later deliveries of the same orders do not move it."""
        posted = self.filtered(lambda move: move.state == "posted")
        for move in posted:
            move.delivery_date = move.delivery_date
        super(AccountMove, self - posted)._compute_delivery_date()
        for move in self - posted:
            dates = [line.drop_date for line in move.line_ids if line.drop_date]
            if dates:
                move.delivery_date = max(dates)

    def _post(self, soft=True):
        """The customer's page links to posted invoices of orders; a look at it must not write their keys."""
        posted = super()._post(soft)
        for invoice in posted.sudo().filtered("line_ids.sale_line_ids"):
            invoice._portal_ensure_token()
        return posted

    def _get_page_url(self):
        """Where the customer reads this invoice; without a key only who is logged in may."""
        address = f"/my/invoices/{self.id}"
        return f"{address}?access_token={self.access_token}" if self.access_token else address


class AccountMoveLine(models.Model):
    """Which drop a line charges for: kept as it was when invoiced, and by a credit note of that invoice."""

    _inherit = "account.move.line"

    drop_move_id = fields.Many2one(
        "stock.move", "Drop move", readonly=True, index="btree_not_null", ondelete="set null"
    )
    drop_name = fields.Char("Drop", readonly=True)
    drop_date = fields.Date("Drop date", readonly=True)
    drop_reference = fields.Char("Customer reference", readonly=True)
    drop_proof = fields.Char("Proof", readonly=True)
