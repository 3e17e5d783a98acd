from odoo import api, fields, models


class DeliveryPromiseGuard(models.Model):
    """One row for each product and warehouse, changed by every order that is confirmed on a promise.

    Under REPEATABLE READ two orders confirmed at once would both see the same stock. Changing a common row
    makes the second wait, fail to serialize and run again, on what the first has left.
    """

    _name = "delivery.promise.guard"
    _description = "Promise Guard"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, ondelete="cascade")
    version = fields.Integer(default=0)

    _product_warehouse = models.UniqueIndex("(product_id, warehouse_id)")

    @api.model
    def _serialize(self, warehouse, products):
        """Let this transaction and others for any of ``products`` run one after the other."""
        self.env.cr.execute(
            """INSERT INTO delivery_promise_guard (product_id, warehouse_id, version)
               SELECT product_id, %s, 1 FROM unnest(%s) AS product_id ORDER BY product_id
               ON CONFLICT (product_id, warehouse_id) DO UPDATE SET version = delivery_promise_guard.version
               + 1""",
            [warehouse.id, sorted(products.ids)],
        )
