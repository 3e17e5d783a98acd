from odoo import fields
from odoo.exceptions import AccessError, UserError
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

    def test_oversize_is_left_out_and_said_the_rest_is_batched(self):
        self.operation.cart_weight = 1.5
        fine, heavy = self._transfer((1, 5)), self._transfer((1, 6), quantity=2)
        answer = self.env["stock.picking.batch"].build_batches(self.operation.id)
        self.assertEqual([row["transfer"] for row in answer["refused"]], [heavy.name])
        self.assertTrue(fine.batch_id)
        self.assertFalse(heavy.batch_id)

    def test_programs_get_metres_due_time_and_transfers(self):
        picking = self._transfer((1, 5))
        picking.scheduled_date = "2031-03-03 10:00:00"
        self._transfer((4, 4))
        answer = self.env["stock.picking.batch"].build_batches(self.operation.id, picking.ids, confirm=True)
        batch = picking.batch_id
        self.assertEqual(
            answer["batches"],
            [
                {
                    "id": batch.id, "name": batch.name, "state": "in_progress", "is_wave": False,
                    "metres": 11.0, "lines": 1, "due": "2031-03-03 10:00:00", "transfers": [picking.name],
                }
            ],
        )  # fmt: skip

    def test_transfers_that_are_not_ready_are_named(self):
        picking = self._transfer((1, 5))
        picking.do_unreserve()
        with self.assertRaisesRegex(UserError, f"OF-WH-014.*{picking.id}"):
            self.env["stock.picking.batch"].build_batches(self.operation.id, picking.ids)
        with self.assertRaisesRegex(UserError, "OF-WH-013"):
            self.env["stock.picking.batch"].build_batches(0)

    def test_only_the_warehouse_builds_batches(self):
        clerk = self._create_user("of_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["stock.picking.batch"].with_user(clerk).build_batches(self.operation.id)

    def test_waves_take_of_a_transfer_what_lies_in_their_zone(self):
        other = self._second_zone()
        both = self._transfer((1, 5), (1, 6))
        far_line = both.move_line_ids[1]
        far_line.location_id.pick_aisle_id = other.aisle_ids[0]
        near = self._transfer((1, 4))
        wizard = self.env["pick.batch.build"].create(
            {"picking_type_id": self.operation.id, "picking_ids": (both + near).ids, "by_zone": True}
        )
        waves = self.env["stock.picking.batch"].search(wizard.action_build()["domain"])
        self.assertEqual(waves.mapped("is_wave"), [True, True])
        self.assertEqual(len(far_line.batch_id.picking_ids), 1)
        self.assertEqual(near.batch_id.move_line_ids.location_id.pick_zone_id, self.zone)
        self.assertEqual(len(near.batch_id.move_line_ids), 2)

    def _second_zone(self):
        return self.zone.copy({"name": "Other"})

    def test_late_orders_join_by_themselves_where_asked(self):
        batch = self._build(self._transfer((1, 5)))
        batch.picking_ids.scheduled_date = fields.Datetime.add(fields.Datetime.now(), hours=2)
        self.operation.is_joining_late = True
        late = self._transfer((1, 3))
        self.assertFalse(late.batch_id)  # planned for now: cannot be in time
        late.do_unreserve()
        late.scheduled_date = fields.Datetime.add(fields.Datetime.now(), hours=2)
        late.action_assign()
        self.assertEqual(late.batch_id, batch)

    def test_lines_are_listed_and_printed_as_one_walks(self):
        picking = self._transfer((4, 2), (1, 9), (2, 5))
        batch = self._build(picking)
        walked = [line.location_id.name[2:8] for line in picking.move_line_ids._in_pick_order()]
        listed = self.env["stock.move.line"].search([("batch_id", "=", batch.id)], order="pick_sequence")
        self.assertEqual([line.location_id.name[2:8] for line in listed], walked)
        for report, document in (
            ("stock.report_picking", picking),
            ("stock_picking_batch.report_picking_batch", batch),
        ):
            html = self.env["ir.actions.report"]._render_qweb_html(report, document.ids)[0].decode()
            self.assertEqual(
                sorted(
                    walked, key=lambda name, page=html: page.rindex(f"[P{int(name[:2])}-{int(name[3:])}-")
                ),
                walked,
            )
