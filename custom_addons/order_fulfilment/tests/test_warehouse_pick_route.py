from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehousePickRoute(WarehouseCase):
    def test_generated_zone_has_a_place_for_every_cell(self):
        self.assertEqual(self.zone.location_count, 40)
        self.assertEqual(self.zone.aisle_ids.mapped("x"), [0.0, 5.0, 10.0, 15.0])
        self.assertEqual(self.zone.crossing_ids.mapped("y"), [0.0, 12.0])
        self.assertEqual(self._cell(1, 1).pick_position, 1.5)

    def test_middle_cross_aisle_lies_between_the_blocks(self):
        wizard = self.env["pick.zone.generate"].create({"name": "B", "block_count": 2, "cell_count": 4})
        zone = self.env["pick.zone"].browse(wizard.action_generate()["res_id"])
        self.assertEqual(zone.crossing_ids.mapped("y"), [0.0, 4.0, 8.0])

    def test_transfer_is_walked_the_short_way(self):
        picking = self._transfer((1, 9), (4, 1), (1, 1), (4, 9))
        lines = picking.move_line_ids._in_pick_order()
        names = [line.location_id.name for line in lines]
        self.assertIn(names, ([f"T-{a}-{c}-0" for a, c in way] for way in (FORTH, FORTH[::-1])))
        self.assertEqual(picking.pick_distance, 2 * 15 + 2 * 12)
        self.assertEqual(lines.mapped("pick_sequence"), [1, 2, 3, 4])

    def test_walk_follows_a_change_of_source(self):
        picking = self._transfer((1, 1))
        self.assertEqual(picking.pick_distance, 3.0)
        picking.move_line_ids.location_id = self._cell(2, 1)
        self.assertEqual(picking.pick_distance, 13.0)

    def test_place_outside_every_zone_comes_last(self):
        picking = self._transfer((1, 1))
        self._stock(self.chain, 1)
        self.env["stock.move"].create(
            {
                "product_id": self.chain.id,
                "product_uom_qty": 1,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.action_assign()
        self.assertEqual(picking.move_line_ids._in_pick_order()[-1].product_id, self.chain)
        self.assertEqual(picking.pick_distance, 3.0)

    def test_plan_shows_way_and_stops(self):
        plan = self._transfer((1, 1), (2, 5)).pick_plan
        self.assertIn("<polyline", plan)
        self.assertEqual(plan.count('class="stop"'), 2)

    def test_two_cross_aisles_at_one_place_are_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.zone.crossing_ids = [Command.create({"y": 12.0})]

    def test_generator_refuses_too_much(self):
        wizard = Form(self.env["pick.zone.generate"])
        wizard.name, wizard.aisle_count, wizard.cell_count = "Huge", 500, 500
        with self.assertRaisesRegex(UserError, "OF-WH-007"):
            wizard.save().action_generate()

    def test_generator_refuses_distances_that_are_none_and_a_zone_twice(self):
        for name in ("aisle_pitch", "cell_pitch", "crossing_width"):
            for value in (float("nan"), float("inf"), 0, -1):
                wizard = self.env["pick.zone.generate"].create({"name": "N", name: value})
                with self.assertRaisesRegex(UserError, "OF-WH-005"):
                    wizard.action_generate()
        for name in (self.zone.name, f" {self.zone.name} ", "  "):
            wizard = self.env["pick.zone.generate"].create({"name": name, "warehouse_id": self.warehouse.id})
            with self.assertRaisesRegex(UserError, "OF-WH-069"):
                wizard.action_generate()

    def test_picker_reads_zones_but_does_not_change_them(self):
        zone = self.zone.with_user(self.picker)
        self.assertEqual(zone.name, "T")
        with self.assertRaises(AccessError):
            zone.name = "Mine"

    def test_zone_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = self._create_user("of_other", "stock.group_stock_manager")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.env["pick.zone"].with_user(user).search([("id", "=", self.zone.id)]))

    def test_report_lists_the_places_as_walked(self):
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.link(self._transfer((1, 2), (4, 2), (2, 9)).id)]}
        )
        html = self.env["ir.qweb"]._render("stock_picking_batch.report_picking_batch", {"docs": batch})
        places = [line.location_id.name for line in batch.move_line_ids._in_pick_order()]
        found = sorted(places, key=lambda name: str(html).index(name))
        self.assertEqual(found, places)

    def test_a_walk_ends_at_the_nearest_of_several_places(self):
        picking = self._transfer((4, 10))
        self.assertEqual(picking.pick_distance, 51)  # back to the depot
        self.zone.more_end_ids = [
            Command.create({"name": "Dock", "x": 15, "y": 12}),
            Command.create({"name": "Far dock", "x": 0, "y": 12}),
        ]
        locations, metres, path = self.zone._route(picking.move_line_ids.location_id)
        self.assertEqual((metres, path[-1]), (27, (15, 12)))
        self.assertEqual(locations, picking.move_line_ids.location_id)


FORTH = [("01", "001"), ("01", "009"), ("04", "009"), ("04", "001")]
