from odoo import fields, models


class StockMove(models.Model):
    """What drop-shipped goods cost: they never were in stock, so Odoo puts no value on their moves."""

    _inherit = "stock.move"

    dropship_cost = fields.Monetary(
        "Cost of drop-shipped goods",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice,account.group_account_readonly",
        help="By the vendor's bill; until it is posted, by the purchase order.",
    )

    def _set_value(self, correction_quantity=None):
        result = super()._set_value(correction_quantity)
        self._set_dropship_cost()
        return result

    def _set_dropship_cost(self):
        """As Odoo would value them coming in; what goes back is worth what it was worth on its way out."""
        for move in self.sudo().filtered(lambda move: move.is_dropship and not move.is_valued):
            origin = move.origin_returned_move_id
            gone = origin._in_own_unit(origin.quantity)
            if gone and origin.dropship_cost:
                move.dropship_cost = origin.dropship_cost * move._in_own_unit(move.quantity) / gone
            else:
                move.dropship_cost = move._get_value()


class AccountMove(models.Model):
    """A vendor's bill says what drop-shipped goods really cost."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        bills = posted.filtered(lambda move: move.is_purchase_document())
        dropped = bills.line_ids._get_stock_moves().filtered("is_dropship")
        dropped._set_dropship_cost()
        dropped.returned_move_ids._set_dropship_cost()
        return posted
