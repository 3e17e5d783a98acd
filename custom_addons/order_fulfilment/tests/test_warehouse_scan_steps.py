import uuid
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .warehouse_common import WarehouseCase

CHAIN, PADS = "4006381333931", "4012345678901"


class ScanStepsCase(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chain.barcode = CHAIN
        cls.brake_pads.barcode = PADS
        cls.operation = cls.warehouse.out_type_id
        cls.dock = cls.env["stock.location"].create(
            {"name": "Dock 3", "barcode": "DOCK-3", "usage": "internal", "location_id": cls.stock_location.id}
        )
        cls.operation.scan_dock_ids = cls.dock
        cls.box_type = cls.env["stock.package.type"].create({"name": "Carton M", "barcode": "CARTON-M"})

    def _scan(self, task, barcode, user=None, **values):
        scans = self.env["warehouse.scan"].with_user(user or self.picker)
        return scans.scan(str(uuid.uuid4()), [task._name, task.id], barcode, **values)

    def _codes(self, task, *barcodes, user=None):
        return [self._scan(task, barcode, user)["message"]["code"] for barcode in barcodes]

    def _wanting(self, product, quantity):
        """A ready transfer of what is in stock already."""
        customers = self.env.ref("stock.stock_location_customers")
        ways = {"location_id": self.stock_location.id, "location_dest_id": customers.id}
        move = {"product_id": product.id, "product_uom_qty": quantity, **ways}
        values = {"picking_type_id": self.operation.id, "move_ids": [(0, 0, move)], **ways}
        picking = self.env["stock.picking"].create(values)
        picking.action_confirm()
        picking.action_assign()
        return picking


@tagged("post_install", "-at_install")
class TestWarehouseScanSteps(ScanStepsCase):
    def setUp(self):
        super().setUp()
        self.picking = self._transfer((1, 1), product=self.chain, quantity=3)
        self.place = self._cell(1, 1).barcode

    def _picked(self):
        self._codes(self.picking, self.place, f"(01)0{CHAIN}(30)3")

    def _packed(self):
        self._picked()
        self._codes(self.picking, "CARTON-M", f"(01)0{CHAIN}(30)3", "OF-CMD-CLOSE")
        return self.picking.move_line_ids.result_package_id

    def test_pick_pack_load_and_finish_by_scans_alone(self):
        self._picked()
        self.assertEqual(
            self._codes(self.picking, "CARTON-M", CHAIN, CHAIN, CHAIN, "OF-CMD-CLOSE"),
            ["box_ok", "packed", "packed", "packed_all", "box_closed"],
        )
        package = self.picking.move_line_ids.result_package_id
        self.assertEqual(package.package_type_id, self.box_type)
        self.assertEqual(
            self._codes(self.picking, "DOCK-3", package.name, "OF-CMD-CONFIRM"),
            ["dock_ok", "all_loaded", "confirmed"],
        )
        self.assertEqual(self.picking.state, "done")

    def test_packing_refuses_what_is_wrong(self):
        self._picked()
        self.assertEqual(
            self._codes(self.picking, CHAIN, "CARTON-M", PADS, "OF-CMD-CLOSE", "OF-CMD-CONFIRM"),
            ["box_first", "box_ok", "wrong_product_pack", "empty_box", "not_packed"],
        )
        self.assertEqual(
            self._codes(self.picking, f"(01)0{CHAIN}(30)4", CHAIN, "CARTON-M", "OF-CMD-DAMAGED"),
            ["too_many", "packed", "close_first", "damaged_pack"],
        )
        self.assertEqual(self.picking.move_line_ids.qty_packed, 1)

    def test_two_boxes_split_the_line(self):
        self._picked()
        self._codes(self.picking, "CARTON-M", CHAIN, "OF-CMD-CLOSE", "CARTON-M", CHAIN, CHAIN, "OF-CMD-CLOSE")
        lines = self.picking.move_line_ids.sorted("quantity")
        self.assertEqual(lines.mapped("quantity"), [1.0, 2.0])
        self.assertEqual(len(lines.result_package_id), 2)
        self.assertTrue(all(lines.mapped("picked")))

    def test_a_box_that_a_colleague_began_is_gone_on_with(self):
        self._picked()
        colleague = self._create_user("of_colleague", "order_fulfilment.group_warehouse")
        self._codes(self.picking, "CARTON-M", CHAIN)
        box = self.picking.move_line_ids.open_box_id
        codes = self._codes(self.picking, CHAIN, "OF-CMD-CLOSE", PADS, "OF-BOX", CHAIN, CHAIN, user=colleague)
        self.assertEqual(codes, ["open_box"] * 3 + ["box_taken", "packed", "packed_all"])
        self._codes(self.picking, "OF-CMD-CLOSE", user=colleague)
        self.assertEqual(self.picking.move_line_ids.result_package_id, box)

    def test_two_people_do_not_open_two_boxes_for_one_delivery(self):
        self._picked()
        colleague = self._create_user("of_colleague", "order_fulfilment.group_warehouse")
        self._codes(self.picking, "CARTON-M")
        self._codes(self.picking, "OF-BOX", CHAIN, user=colleague)
        box = self.picking.move_line_ids.open_box_id
        self.assertEqual(
            self._codes(self.picking, CHAIN, box.name, CHAIN), ["open_box", "box_taken", "packed"]
        )
        self.assertEqual(self.picking.move_line_ids.open_box_id, box)

    def test_loading_refuses_wrong_dock_wrong_box_and_what_is_missing(self):
        package = self._packed()
        other = self.env["stock.package"].create({"name": "ELSEWHERE"})
        self.assertEqual(
            self._codes(
                self.picking, package.name, self.place, "DOCK-3", other.name, CHAIN, "OF-CMD-CONFIRM"
            ),
            ["dock_first", "wrong_dock", "dock_ok", "wrong_package", "scan_label", "not_loaded"],
        )
        self.assertEqual(self._codes(self.picking, package.name, CHAIN), ["all_loaded", "confirm_first"])
        self.assertNotEqual(self.picking.state, "done")

    def test_commands_while_picking(self):
        self.assertEqual(
            self._codes(self.picking, "OF-CMD-CONFIRM", "OF-CMD-DAMAGED", self.place, "OF-CMD-DAMAGED"),
            ["unscanned", "location_first", "location_ok", "damaged"],
        )
        self.assertEqual(self.picking.move_line_ids.qty_scanned, 0)

    def test_short_by_command_notes_the_reason(self):
        self._codes(self.picking, self.place, CHAIN)
        self.assertEqual(self._codes(self.picking, "OF-CMD-SHORT-DAMAGED"), ["short_nothing"])
        event = self.env["warehouse.scan"].search([], limit=1)
        self.assertEqual((event.reason, event.quantity, event.is_refused), ("damaged", 2, False))

    def test_a_carton_planned_before_picking_takes_its_line_and_no_other(self):
        carton, other = self.env["stock.package"].create([{"name": "PLANNED"}, {"name": "OTHER"}])
        self.picking.move_line_ids.result_package_id = carton
        self.assertEqual(
            self._codes(self.picking, self.place, f"(01)0{CHAIN}(30)3", other.name, CHAIN, carton.name),
            ["location_ok", "to_carton", "wrong_carton", "carton_first", "pick_done"],
        )
        self.assertEqual(self._scan(self.picking, "", action="show")["state"], "load")

    def test_next_leaves_a_line_for_later(self):
        picking = self._transfer((1, 2), (3, 4))
        first, second = picking.move_line_ids._in_pick_order()
        answer = self._scan(picking, "OF-CMD-NEXT")
        self.assertEqual(answer["data"]["line_id"], second.id)
        self.assertEqual(self._scan(picking, "OF-CMD-NEXT")["data"]["line_id"], first.id)

    def test_show_tells_the_device_everything_and_leaves_no_trace(self):
        before = self.env["warehouse.scan"].search_count([])
        data = self._scan(self.picking, "", action="show")["data"]
        goods = {"kind": "goods", "implied": True, "product": self.chain.id, "serial": False, "per_kg": 0.0}
        self.assertEqual(data["codes"][CHAIN], goods)
        self.assertEqual(data["view"]["lines"][0]["wanted"], 3.0)
        self.assertIn("wrong_product", data["texts"])
        self.assertEqual(self.env["warehouse.scan"].search_count([]), before)

    def test_a_scan_id_of_somebody_else_is_refused(self):
        scans, task = self.env["warehouse.scan"], ["stock.picking", self.picking.id]
        scans.with_user(self.picker).scan("mine", task, self.place)
        other = self._create_user("of_picker2", "order_fulfilment.group_warehouse")
        with self.assertRaisesRegex(UserError, "OF-WH-036"):
            scans.with_user(other).scan("mine", task, self.place)

    def test_what_odoo_refuses_becomes_an_answer(self):
        self._packed()
        self.operation.scan_load = False
        with patch.object(type(self.picking), "button_validate", side_effect=UserError("No!")):
            answer = self._scan(self.picking, "OF-CMD-CONFIRM")
        self.assertEqual((answer["message"]["code"], answer["message"]["text"]), ("refused", "No!"))


@tagged("post_install", "-at_install")
class TestWarehouseScanWave(ScanStepsCase):
    """Several transfers on one walk: bins of a cart, two people."""

    def setUp(self):
        super().setUp()
        self.operation.cart_bins = 6
        self.first = self._transfer((1, 1), product=self.chain, quantity=2)
        self.second = self._transfer((1, 1), product=self.chain, quantity=1)
        self.batch = self.env["stock.picking.batch"].create(
            {
                "picking_type_id": self.operation.id,
                "picking_ids": [(6, 0, (self.first + self.second).ids)],
            }
        )
        self.batch.action_confirm()
        self.place = self._cell(1, 1).barcode

    def test_every_line_goes_into_the_bin_of_its_transfer(self):
        self.assertEqual((self.first.cart_bin, self.second.cart_bin), (1, 2))
        self.assertEqual(
            self._codes(self.batch, self.place, CHAIN, CHAIN, CHAIN, "OF-BIN-2", "OF-BIN-1"),
            ["location_ok", "picked", "to_bin", "bin_first", "wrong_bin", "line_done"],
        )
        self.assertEqual(self.second.move_line_ids.qty_scanned, 0)
        self.assertEqual(self._codes(self.batch, CHAIN, "OF-BIN-2"), ["to_bin", "pick_done"])

    def test_a_wave_is_packed_transfer_by_transfer(self):
        self._codes(self.batch, self.place, CHAIN, CHAIN, "OF-BIN-1", CHAIN, "OF-BIN-2")
        self.assertEqual(
            self._codes(self.batch, "OF-BIN-2", "OF-BOX", CHAIN, "OF-CMD-CLOSE", "OF-BIN-2"),
            ["transfer_ok", "box_ok", "packed_all", "box_closed", "nothing_to_pack"],
        )
        self.assertTrue(self.second.move_line_ids.result_package_id)
        self.assertFalse(self.first.move_line_ids.result_package_id)

    def test_two_people_share_the_places_and_see_each_other(self):
        third = self._transfer((3, 3), product=self.brake_pads)
        third.batch_id = self.batch
        other = self._create_user("of_picker2", "order_fulfilment.group_warehouse")
        self._codes(self.batch, self.place)
        shown = self._scan(self.batch, "", user=other, action="show")
        self.assertEqual(shown["data"]["location"], self._cell(3, 3).name)
        self._codes(self.batch, self._cell(3, 3).barcode, PADS, "OF-BIN-3", user=other)
        self.assertEqual(self._scan(self.batch, "", action="show")["data"]["done"], 1)

    def test_what_the_other_has_picked_is_refused(self):
        other = self._create_user("of_picker2", "order_fulfilment.group_warehouse")
        self._codes(self.batch, self.place)
        self._codes(self.batch, self.place, CHAIN, CHAIN, "OF-BIN-1", CHAIN, "OF-BIN-2", user=other)
        answer = self._scan(self.batch, CHAIN)
        self.assertEqual((answer["state"], answer["message"]["type"]), ("pack", "danger"))
        self.assertEqual(sum(self.batch.picking_ids.move_line_ids.mapped("qty_scanned")), 3)

    def test_two_people_at_one_place_fill_two_bins(self):
        other = self._create_user("of_picker2", "order_fulfilment.group_warehouse")
        codes = self._codes(self.batch, self.place, CHAIN, CHAIN)
        self.assertEqual(codes, ["location_ok", "picked", "to_bin"])
        codes = self._codes(self.batch, self.place, CHAIN, CHAIN, "OF-BIN-2", CHAIN, user=other)
        self.assertEqual(codes, ["location_ok", "to_bin", "bin_first", "line_done", "complete_here"])
        self.assertEqual(self._codes(self.batch, "OF-BIN-1"), ["pick_done"])
        self.assertEqual((self.first + self.second).move_line_ids.mapped("qty_scanned"), [2, 1])

    def test_figures_of_the_floor(self):
        self._codes(self.batch, self.place, PADS, CHAIN, CHAIN, "OF-BIN-1")
        [figures] = self.env["warehouse.scan"]._read_group(
            [("task_id", "=", self.batch.id)],
            [],
            ["lines:sum", "mistakes:sum", "mistake_rate:avg", "metres:sum", "lines_per_hour:avg"],
        )
        lines, mistakes, rate, metres, per_hour = figures
        self.assertEqual((lines, mistakes, round(rate, 2)), (1, 1, 0.2))
        self.assertAlmostEqual(metres, self.batch.pick_distance)
        self.assertEqual(per_hour, 0)  # all in one transaction: no time has passed


@tagged("post_install", "-at_install")
class TestWarehouseShortPick(ScanStepsCase):
    """Where a short pick goes on: the least detour, unless a removal strategy binds."""

    def setUp(self):
        super().setUp()
        self.picking = self._transfer((1, 1), (1, 8), product=self.chain, quantity=3)
        self._stock(self.chain, 5, self._cell(4, 10))  # the first in of what is left
        self._stock(self.chain, 5, self._cell(1, 4))  # on the way to the second place
        self.line = self.picking.move_line_ids.filtered(lambda line: line.location_id == self._cell(1, 1))

    def _go_short(self):
        self._codes(self.picking, self._cell(1, 1).barcode)
        return self._scan(self.picking, "OF-CMD-SHORT-MISSING")

    def test_what_is_said_to_be_elsewhere_lies_there(self):
        self.env["stock.quant"]._update_available_quantity(self.chain, self._cell(1, 4), -3)
        self.env["stock.quant"]._update_available_quantity(self.chain, self._cell(4, 10), -5)
        text = self._go_short()["message"]["text"]
        self.assertIn(self.chain.display_name, text)
        self.assertIn(f"2 more at {self._cell(1, 4).name}", text)  # of three that are missing

    def test_the_place_on_the_way_comes_first(self):
        answer = self._go_short()
        self.assertEqual(answer["message"]["code"], "short_ok")
        self.assertEqual(
            self.picking.move_line_ids.location_id.sorted("id"),
            (self._cell(1, 4) | self._cell(1, 8)).sorted("id"),
        )

    def test_a_removal_strategy_that_was_chosen_binds(self):
        self.stock_location.removal_strategy_id = self.env.ref("stock.removal_fifo")
        self._go_short()
        self.assertIn(self._cell(4, 10), self.picking.move_line_ids.location_id)

    def test_goods_of_another_owner_do_not_serve(self):
        self.env["stock.quant"]._gather(self.chain, self._cell(1, 4)).owner_id = self.customer
        self._go_short()
        self.assertNotIn(self._cell(1, 4), self.picking.move_line_ids.location_id)

    def test_the_short_place_is_to_be_counted(self):
        self._go_short()
        quant = self.env["stock.quant"]._gather(self.chain, self._cell(1, 1))
        self.assertEqual(quant.inventory_date, fields.Date.context_today(quant))
