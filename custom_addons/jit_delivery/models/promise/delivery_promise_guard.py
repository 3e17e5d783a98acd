from odoo import api, fields, models

from ...tools.promise import LOAD, PACK, PICK


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
    def _serialize(self, warehouse, world):
        """Let this transaction and others that take the same goods or working time run one after the other.

        It does not matter that the facts of ``world`` are read already: Odoo's snapshot is older anyway, and
        who comes second fails to serialize and runs again.
        """
        if world.supply:
            self._serialize_products(warehouse, list(world.supply))
        hands = warehouse.working_calendar_id and (warehouse.pick_minutes or warehouse.pack_minutes)
        centres = set(world.resources) - {PICK, PACK, LOAD}
        if hands or any(world.resources[centre] is not None for centre in centres):
            self._serialize_warehouses(warehouse)

    @api.model
    def _serialize_warehouses(self, warehouses):
        """Let this transaction and others about the same warehouses run one after the other."""
        self.env.cr.execute(
            "UPDATE stock_warehouse SET promise_version = COALESCE(promise_version, 0) + 1"
            " WHERE id IN (SELECT id FROM stock_warehouse WHERE id = ANY(%s) ORDER BY id FOR UPDATE)",
            [warehouses.ids],
        )

    @api.model
    def _serialize_products(self, warehouse, product_ids):
        self.env.cr.execute(
            """INSERT INTO delivery_promise_guard (product_id, warehouse_id, version)
               SELECT product_id, %s, 1 FROM unnest(%s) AS product_id ORDER BY product_id
               ON CONFLICT (product_id, warehouse_id) DO UPDATE SET version = delivery_promise_guard.version
               + 1""",
            [warehouse.id, sorted(product_ids)],
        )
