from odoo import api, models

# In the context while reserving: rows are waited for. An object, so that no RPC caller can set it.
WAITING = object()


class StockQuant(models.Model):
    """Guard: reservations never exceed what is on hand, however many orders are confirmed at once."""

    _inherit = "stock.quant"

    @api.model
    def _update_reserved_quantity(self, product_id, location_id, quantity, *args, **kwargs):
        """Wait for the stock row before reserving on it.

        Core skips rows that another transaction has locked and then reserves on a new, empty row: two
        orders get the same goods. Waiting instead ends in a serialization failure if the other one
        reserved, and Odoo runs the request again on what is left.
        """
        quants = self.with_context(stock_rows=WAITING) if quantity > 0 else self
        return super(StockQuant, quants)._update_reserved_quantity(
            product_id, location_id, quantity, *args, **kwargs
        )

    @api.private
    def try_lock_for_update(self, *, allow_referencing=False, limit=None):
        """Lock the first rows as core would, but wait for them instead of skipping them (see above)."""
        if self.env.context.get("stock_rows") is not WAITING:
            return super().try_lock_for_update(allow_referencing=allow_referencing, limit=limit)
        self.env.cr.execute(
            "SELECT id FROM stock_quant WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [self[:limit].ids]
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())
