import uuid
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.warehouse import warehouse_scan_answer
from ..tools.warehouse.scan_change import applied
from .test_warehouse_scan_steps import CHAIN, PADS, ScanStepsCase


@tagged("post_install", "-at_install")
class TestWarehouseScanGuard(ScanStepsCase):
    """What devices and programs may send, and what is told without asking the database again."""

    def setUp(self):
        super().setUp()
        self.picking = self._transfer((1, 1), product=self.chain, quantity=3)
        self.place = self._cell(1, 1).barcode
        self.task = ["stock.picking", self.picking.id]
        self.scans = self.env["warehouse.scan"].with_user(self.picker)

    def test_an_id_of_another_scan_is_refused_and_counts_nothing(self):
        self.scans.scan("once", self.task, self.place)
        with self.assertRaisesRegex(UserError, "OF-WH-038"):
            self.scans.scan("once", self.task, CHAIN)
        other = self._transfer((1, 2))
        with self.assertRaisesRegex(UserError, "OF-WH-038"):
            self.scans.scan("once", ["stock.picking", other.id], self.place)
        self.assertEqual(self.picking.move_line_ids.qty_scanned, 0)

    def test_odd_values_are_answered_in_words(self):
        for task in (None, [], "x", [["a"], 1], ["stock.picking", True], ["stock.picking", "1"], {"a": 1}):
            with self.subTest(task=task), self.assertRaisesRegex(UserError, "OF-WH-032"):
                self.scans.scan("x", task, "A")
        for number in (0, -1, 2**31, 10**30):
            with self.subTest(number=number), self.assertRaisesRegex(UserError, "OF-WH-033"):
                self.scans.scan("x", ["stock.picking", number], "A")
        for scan_id in (None, "", 7, "x" * 65, "a\0b", ["x"]):
            with self.subTest(scan_id=scan_id), self.assertRaisesRegex(UserError, "OF-WH-034"):
                self.scans.scan(scan_id, self.task, "A")
        for barcode in ("a\0b", "\ud800", ["x"], {"a": 1}, True):
            with self.subTest(barcode=barcode), self.assertRaisesRegex(UserError, "OF-WH-039"):
                self.scans.scan("x", self.task, barcode)
        self.assertFalse(self.env["warehouse.scan"].search([("task_id", "=", self.picking.id)]))

    def test_an_age_that_is_none_counts_as_now(self):
        for age in (True, "5", [1], -5, 1e300, float("nan"), None):
            with self.subTest(age=age):
                answer = self.scans.scan(str(uuid.uuid4()), self.task, "A", age=age)
                self.assertEqual(answer["message"]["code"], "unknown_barcode")

    def test_numbers_and_nothing_are_barcodes_too(self):
        self._codes(self.picking, self.place)
        self.assertEqual(
            self._codes(self.picking, int(CHAIN), None, "  "), ["picked", *["unknown_barcode"] * 2]
        )

    def test_reasons_and_actions_are_those_that_there_are(self):
        with self.assertRaisesRegex(UserError, "OF-WH-037"):
            self.scans.scan("x", self.task, action="short", reason=["a"])
        with self.assertRaisesRegex(UserError, "OF-WH-031"):
            self.scans.scan("x", self.task, action="steal")

    def test_the_answer_is_what_the_database_says(self):
        def checked(view, verdict):
            after = applied(view, verdict)
            if after:
                self.env.flush_all()
                again = self.picking._scan_view(self.picker.id)
                self.assertEqual(
                    (after.lines, after.boxes, after.phase), (again.lines, again.boxes, again.phase)
                )
            return after

        with patch.object(warehouse_scan_answer, "applied", checked):
            self._codes(self.picking, self.place, CHAIN, PADS, f"(01)0{CHAIN}(30)2")
            self._codes(self.picking, "CARTON-M", CHAIN, CHAIN, CHAIN, "OF-CMD-CLOSE", "DOCK-3")
            package = self.picking.move_line_ids.result_package_id
            self.assertEqual(self._codes(self.picking, package.name), ["all_loaded"])

    def test_barcodes_of_another_company_are_not_this_warehouse_s(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.picker.company_ids |= other
        place = self.env["stock.location"].create(
            {"name": "A", "barcode": "TWICE", "usage": "internal", "company_id": other.id}
        )
        mine = self._cell(1, 1)
        mine.barcode = "TWICE"
        self.assertEqual(self._codes(self.picking, "TWICE"), ["location_ok"])
        place.barcode = "FOREIGN"
        self.assertEqual(self._codes(self.picking, "FOREIGN"), ["unknown_barcode"])

    def test_what_was_finished_at_the_desk_is_told(self):
        self._codes(self.picking, self.place)
        self.picking.action_cancel()
        answer = self._scan(self.picking, CHAIN)
        self.assertEqual((answer["state"], answer["message"]["code"]), ("done", "nothing_left"))
        self.assertEqual(answer["message"]["type"], "danger")

    def test_what_was_cut_at_the_desk_is_put_back(self):
        self._codes(self.picking, self.place, CHAIN, CHAIN)
        self.picking.move_line_ids.quantity = 1
        answer = self._scan(self.picking, CHAIN)
        self.assertEqual((answer["state"], answer["message"]["code"]), ("pack", "recounted"))
        self.assertIn("only 1 are needed", answer["message"]["text"])
        self.assertEqual(self.picking.move_line_ids.qty_scanned, 1)

    def test_hours_go_by_the_device_not_by_when_the_network_was_back(self):
        for age, barcode in ((600, self.place), (480, CHAIN), (120, CHAIN)):
            self.scans.scan(str(uuid.uuid4()), self.task, barcode, age=age)
        events = self.env["warehouse.scan"].search([("task_id", "=", self.picking.id)], order="id")
        self.assertEqual([round(event.hours * 60) for event in events][1:], [2, 6])
        self.assertLess(events[0].scanned_at, fields.Datetime.now())

    def test_a_break_is_no_work(self):
        for age, barcode in ((3000, self.place), (0, CHAIN)):
            self.scans.scan(str(uuid.uuid4()), self.task, barcode, age=age)
        self.assertEqual(self.env["warehouse.scan"].search([], limit=1).hours, 0)


@tagged("post_install", "-at_install")
class TestWarehouseScanKinds(ScanStepsCase):
    """Goods that are not counted one by one."""

    def test_a_stored_package_is_picked_by_its_own_label(self):
        package = self.env["stock.package"].create({"name": "PALLET-7"})
        self.env["stock.quant"]._update_available_quantity(
            self.chain, self._cell(2, 2), 20, package_id=package
        )
        picking = self._wanting(self.chain, 20)
        codes = self._codes(picking, "PALLET-7", self._cell(2, 2).barcode, "PALLET-7")
        self.assertEqual(codes, ["location_first", "location_ok", "pick_done"])
        self.assertEqual(picking.move_line_ids.qty_scanned, 20)

    def test_half_a_metre_is_one_scan(self):
        metre = self.env.ref("uom.product_uom_meter")
        self.chain.uom_id = metre
        picking = self._transfer((1, 1), product=self.chain, quantity=2.5)
        self.assertEqual(self._codes(picking, self._cell(1, 1).barcode, CHAIN), ["location_ok", "pick_done"])
        self.assertEqual(picking.move_line_ids.qty_scanned, 2.5)

    def test_dozens_are_counted_in_pieces(self):
        picking = self._transfer((1, 1), product=self.chain, quantity=24)
        picking.move_ids._do_unreserve()
        picking.move_ids.write(
            {"product_uom": self.env.ref("uom.product_uom_dozen").id, "product_uom_qty": 2}
        )
        picking.action_assign()
        scans = [f"(02)0{CHAIN}(37){count}" for count in (25, 23)]
        codes = self._codes(picking, self._cell(1, 1).barcode, *scans, CHAIN)
        self.assertEqual(codes, ["location_ok", "too_many", "picked", "pick_done"])

    def test_a_serial_number_counts_once(self):
        self.brake_pads.tracking = "serial"
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.brake_pads.id} for name in ("S1", "S2")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                self.brake_pads, self._cell(1, 2), 1, lot_id=lot
            )
        picking = self._wanting(self.brake_pads, 2)
        codes = self._codes(picking, self._cell(1, 2).barcode, "S1", "S1", f"(01)0{PADS}(21)S1", "S2")
        self.assertEqual(codes, ["location_ok", "line_done", "lot_done", "lot_done", "pick_done"])
