from odoo import models


class ProductProduct(models.Model):
    """Products that an order import creates have no cost yet."""

    _inherit = "product.product"

    def _change_standard_price(self, old_price):
        """Leave out the history entry "cost 0" of new products: Odoo revalues the stock for each of them."""
        products = self.filtered("standard_price") if self.env.context.get("order_import_creates") else self
        return super(ProductProduct, products)._change_standard_price(old_price)
