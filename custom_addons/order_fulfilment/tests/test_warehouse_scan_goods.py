from odoo.tests import tagged

from .test_warehouse_scan_steps import CHAIN, PADS, ScanStepsCase


@tagged("post_install", "-at_install")
class TestWarehouseScanGoods(ScanStepsCase):
    """Real labels and real stock: lots nobody asked for, dozens, kits, places without a code."""

    def setUp(self):
        super().setUp()
        self.place = self._cell(1, 1).barcode
        self.dozen = self.env.ref("uom.product_uom_dozen")

    def _dozens(self):
        """A ready transfer of two dozen chains, wanted by the dozen."""
        picking = self._transfer((1, 1), product=self.chain, quantity=24)
        picking.move_ids._do_unreserve()
        picking.move_ids.write({"product_uom": self.dozen.id, "product_uom_qty": 2})
        picking.action_assign()
        return picking

    def test_a_makers_lot_on_goods_that_are_not_tracked_is_read_over(self):
        picking = self._transfer((1, 1), product=self.chain, quantity=2)
        label = f"]C1010{CHAIN}10M7\x1d240SUP-1\x1d91X"
        self.assertEqual(
            self._codes(picking, self.place, label, label), ["location_ok", "picked", "pick_done"]
        )
        expired = f"]C1010{CHAIN}172001012410A"
        self.assertEqual(
            self._codes(picking, "CARTON-M", label, expired), ["box_ok", "packed", "expired_lot"]
        )

    def test_a_serial_number_counts_beside_the_batch_it_was_made_in(self):
        self.brake_pads.tracking = "serial"
        serial = self.env["stock.lot"].create({"name": "S1", "product_id": self.brake_pads.id})
        picking = self._transfer((1, 1), product=self.brake_pads, lot=serial)
        codes = self._codes(
            picking, self.place, f"]C1010{PADS}10BATCH\x1d21S2", f"]C1010{PADS}10BATCH\x1d21S1"
        )
        self.assertEqual(codes, ["location_ok", "wrong_lot", "pick_done"])

    def test_tracked_goods_without_a_lot_are_refused_at_the_scan(self):
        picking = self._transfer((1, 1), product=self.brake_pads, quantity=2)
        self.brake_pads.tracking = "lot"  # in stock since before
        codes = self._codes(picking, self.place, PADS, f"]C1010{PADS}10L1", "OF-CMD-SHORT-BLOCKED")
        self.assertEqual(codes, ["location_ok", "no_lot", "no_lot", "short_nothing"])
        self.assertEqual(picking.move_ids.quantity, 0)

    def test_where_no_lots_are_kept_none_is_asked_for(self):
        self.operation.write({"use_create_lots": False, "use_existing_lots": False})
        picking = self._transfer((1, 1), product=self.brake_pads)
        self.brake_pads.tracking = "lot"
        self.assertEqual(self._codes(picking, self.place, PADS), ["location_ok", "pick_done"])

    def test_five_of_two_dozen_are_five(self):
        picking = self._dozens()
        self._codes(picking, self.place, f"(02)0{CHAIN}(37)5", "OF-CMD-SHORT-MISSING")
        self.assertEqual(picking.move_line_ids.quantity_product_uom, 5)

    def test_two_dozen_in_two_boxes(self):
        picking = self._dozens()
        self._codes(picking, self.place, f"(02)0{CHAIN}(37)24", "CARTON-M", f"(02)0{CHAIN}(37)7")
        self._codes(picking, "OF-CMD-CLOSE", "CARTON-M", f"(02)0{CHAIN}(37)17", "OF-CMD-CLOSE")
        lines = picking.move_line_ids.sorted("id")
        self.assertEqual(lines.mapped("quantity_product_uom"), [7, 17])
        self.assertEqual(len(lines.result_package_id), 2)
        self.assertEqual(picking.move_ids.quantity, 2)

    def test_a_dozen_pack_counts_twelve(self):
        self.env["product.uom"].create(
            {"product_id": self.chain.id, "uom_id": self.dozen.id, "barcode": "DOZEN-CHAIN"}
        )
        picking = self._dozens()
        codes = self._codes(picking, self.place, "DOZEN-CHAIN", "DOZEN-CHAIN", "DOZEN-CHAIN")
        self.assertEqual(codes, ["location_ok", "picked", "pick_done", "box_first"])

    def test_a_kit_is_picked_by_its_parts(self):
        if "mrp.bom" not in self.env:
            self.skipTest("kits need manufacturing")
        kit = self._create_product("Service kit", "KIT", barcode="KIT-1")
        parts = [(0, 0, {"product_id": part.id, "product_qty": 2}) for part in (self.chain, self.brake_pads)]
        self.env["mrp.bom"].create(
            {"product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom", "bom_line_ids": parts}
        )
        for part, cell in ((self.chain, 1), (self.brake_pads, 2)):
            self.env["stock.quant"]._update_available_quantity(part, self._cell(1, cell), 4)
        picking = self._wanting(kit, 2)
        scans = [self.place, "KIT-1", f"(02)0{CHAIN}(37)4", self._cell(1, 2).barcode, f"(02)0{PADS}(37)4"]
        codes = self._codes(picking, *scans)
        self.assertEqual(codes, ["location_ok", "wrong_product", "line_done", "location_ok", "pick_done"])

    def test_a_place_without_a_barcode_is_walked_to_as_well(self):
        self._cell(2, 3).barcode = False
        picking = self._transfer((1, 1), (2, 3))
        first, second = picking.move_line_ids.sorted("pick_sequence").product_id
        first.barcode, second.barcode = "FIRST-1", "SECOND-1"
        self._codes(picking, self.place, "FIRST-1", "SECOND-1")
        self._codes(picking, self.place, "SECOND-1", "FIRST-1")
        walked = sum(self.env["warehouse.scan"].search([("task_id", "=", picking.id)]).mapped("metres"))
        self.assertAlmostEqual(walked, picking.pick_distance)

    def test_odd_digits_are_no_bin(self):
        picking = self._transfer((1, 1), product=self.chain)
        self.assertEqual(self._codes(picking, "OF-BIN-²", "OF-BIN-٣"), ["unknown_barcode"] * 2)
