from odoo import api, models


class StockQuant(models.Model):
    """Guard: reservations never exceed what is on hand, however many orders are confirmed at once."""

    _inherit = "stock.quant"

    @api.model
    def _update_reserved_quantity(
        self, product_id, location_id, quantity, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        """Wait for the stock rows before reserving on them.

        Core skips rows that another transaction has locked and then reserves on a new, empty row: two
        orders get the same goods. Waiting instead ends in a serialization failure if the other one
        reserved, and Odoo runs the request again on what is left.
        """
        if quantity > 0 and not location_id.should_bypass_reservation():
            # One statement, all lots of the place: finding the exact rows first would cost a query more per line.
            self.env.cr.execute(
                """SELECT id FROM stock_quant WHERE product_id = %s AND location_id = %s
                    ORDER BY id FOR NO KEY UPDATE""",
                [product_id.id, location_id.id],
            )
        return super()._update_reserved_quantity(
            product_id,
            location_id,
            quantity,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
        )
