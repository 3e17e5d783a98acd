from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehouseBatching(WarehouseCase):
    def setUp(self):
        super().setUp()
        self.operation = self.warehouse.out_type_id
        self.operation.cart_bins = 2

    def _build(self, pickings):
        wizard = self.env["pick.batch.build"].create(
            {"picking_type_id": self.operation.id, "picking_ids": pickings.ids, "confirm": True}
        )
        return self.env["stock.picking.batch"].search(wizard.action_build()["domain"])

    def test_transfers_of_one_aisle_share_a_walk(self):
        one, far, two, far_too = (self._transfer(place) for place in ((1, 5), (4, 5), (1, 6), (4, 6)))
        batches = self._build(one + far + two + far_too)
        self.assertEqual(len(batches), 2)
        self.assertEqual(one.batch_id, two.batch_id)
        self.assertEqual(far.batch_id, far_too.batch_id)
        self.assertEqual(set(batches.mapped("state")), {"in_progress"})
        self.assertEqual(sorted(batches.mapped("pick_distance")), [13.0, 43.0])

    def test_weight_of_the_cart_holds(self):
        self.operation.cart_weight = 1.5
        self.assertEqual(len(self._build(self._transfer((1, 5)) + self._transfer((1, 6)))), 2)

    def test_transfer_beyond_the_cart_is_named_and_nothing_batched(self):
        self.operation.cart_weight = 0.5
        picking = self._transfer((1, 5))
        with self.assertRaisesRegex(UserError, f"OF-WH-010.*{picking.name}"):
            self._build(picking)
        self.assertFalse(picking.batch_id)

    def test_transfers_without_a_place_are_batched_too(self):
        self._stock(self.chain, 2)
        order = self._create_order([(self.chain, 2)])
        order.action_confirm()
        self.assertEqual(self._build(order.picking_ids).picking_ids, order.picking_ids)

    def test_late_order_joins_the_running_walk(self):
        batch = self._build(self._transfer((1, 5)))
        late = self._transfer((1, 3))
        late.scheduled_date = batch.picking_ids.scheduled_date = fields.Datetime.add(
            fields.Datetime.now(), hours=2
        )
        late.action_join_running_batch()
        self.assertEqual(late.batch_id, batch)

    def test_late_order_does_not_make_a_running_walk_late(self):
        batch = self._build(self._transfer((1, 5)))
        batch.picking_ids.scheduled_date = fields.Datetime.add(fields.Datetime.now(), seconds=32)
        late = self._transfer((4, 9))
        late.scheduled_date = fields.Datetime.add(fields.Datetime.now(), hours=2)
        with self.assertRaisesRegex(UserError, "OF-WH-011"):
            late.action_join_running_batch()
        self.assertFalse(late.batch_id)
