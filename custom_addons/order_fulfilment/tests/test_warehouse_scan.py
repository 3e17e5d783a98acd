import uuid

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehouseScan(WarehouseCase):
    def setUp(self):
        super().setUp()
        self.chain.barcode = "4006381333931"
        self.picking = self._transfer((1, 1), product=self.chain, quantity=3)
        self.line = self.picking.move_line_ids
        self.task = ["stock.picking", self.picking.id]
        self.place = self._cell(1, 1).barcode

    def _scan(self, barcode="", scan_id=None, task=None, **values):
        scans = self.env["warehouse.scan"].with_user(self.picker)
        return scans.scan(scan_id or str(uuid.uuid4()), task or self.task, barcode, **values)

    def _code(self, *arguments, **values):
        return self._scan(*arguments, **values)["message"]["code"]

    def test_location_then_product_until_the_line_is_complete(self):
        self.assertEqual(self._code(self.place), "location_ok")
        self.assertEqual(self._code("4006381333931"), "picked")
        self.assertEqual(self._code("4006381333931"), "picked")
        answer = self._scan("4006381333931")
        self.assertEqual((answer["state"], answer["message"]["code"]), ("pack", "pick_done"))
        self.assertTrue(self.line.picked)

    def test_a_repeated_scan_counts_once_and_gets_the_same_answer(self):
        self._scan(self.place)
        first = self._scan("4006381333931", scan_id="once")
        self.assertEqual(self._scan("4006381333931", scan_id="once"), first)
        self.assertEqual(self.line.qty_scanned, 1)

    def test_gs1_string_counts_its_quantity(self):
        self._scan(self.place)
        self._scan("]C102040063813339313702")
        self.assertEqual(self.line.qty_scanned, 2)

    def test_packaging_counts_its_content(self):
        pair = self.env["uom.uom"].create(
            {"name": "Pair", "relative_factor": 2, "relative_uom_id": self.chain.uom_id.id}
        )
        self.env["product.uom"].create({"product_id": self.chain.id, "uom_id": pair.id, "barcode": "PAIR"})
        self._scan(self.place)
        self._scan("PAIR")
        self.assertEqual(self.line.qty_scanned, 2)

    def test_refusals_say_what_to_do_and_count_nothing(self):
        self.brake_pads.barcode = "PADS"
        self.assertEqual(self._code("4006381333931"), "location_first")
        self.assertEqual(self._code(self._cell(2, 2).barcode), "wrong_location")
        self._scan(self.place)
        self.assertEqual(self._code("PADS"), "wrong_product")
        self.assertEqual(self._code("NONSENSE"), "unknown_barcode")
        self.assertEqual(self._code("]C1020400638133393237" + "02"), "unreadable")
        answer = self._scan("]C102040063813339313704")
        self.assertEqual(answer["message"]["text"], "Only 3 more are needed. Put back what is too many.")
        self.assertEqual(self.line.qty_scanned, 0)

    def test_wrong_and_expired_lots_are_refused(self):
        self.brake_pads.write({"tracking": "lot", "barcode": "4012345678901"})
        good, other = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.brake_pads.id} for name in ("L1", "L2")]
        )
        picking = self._transfer((1, 2), product=self.brake_pads, lot=good)
        task = ["stock.picking", picking.id]
        self._scan(self._cell(1, 2).barcode, task=task)
        self.assertEqual(self._code("4012345678901", task=task), "lot_needed")
        self.assertEqual(self._code(f"(01)04012345678901(10){other.name}", task=task), "wrong_lot")
        self.assertEqual(self._code("(01)04012345678901(17)200101(10)L1", task=task), "expired_lot")
        self.assertEqual(self._code("(01)04012345678901(10)L1", task=task), "pick_done")

    def test_short_pick_goes_on_at_the_next_place(self):
        self._stock(self.chain, 5, self._cell(2, 3))
        self._scan(self.place)
        self._scan("4006381333931")
        answer = self._scan(action="short", reason="damaged")
        self.assertEqual(answer["message"]["code"], "short_ok")
        self.assertEqual(answer["data"]["location"], self._cell(2, 3).name)
        self.assertEqual(self.picking.move_line_ids.sorted("id").mapped("quantity"), [1.0, 2.0])

    def test_mistakes_are_kept_by_kind(self):
        self._scan("4006381333931")
        event = self.env["warehouse.scan"].search([], limit=1)
        self.assertEqual((event.kind, event.is_refused, event.user_id), ("location_first", True, self.picker))

    def test_as_many_queries_at_many_lines_as_at_one(self):
        many = self._transfer(*((1 + cell % 4, 1 + cell // 4) for cell in range(40)))
        counts = []
        for picking in (self.picking, many):
            task, line = ["stock.picking", picking.id], picking.move_line_ids._in_pick_order()[0]
            self._scan(line.location_id.barcode, task=task)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._scan("NONSENSE", task=task)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_who_may_not_pick_may_not_scan(self):
        with self.assertRaises(AccessError):
            self.env["warehouse.scan"].with_user(self.user).scan("x", self.task, self.place)
        self.assertFalse(self.env["warehouse.scan"].search([("scan_id", "=", "x")]))

    def test_a_task_that_is_none_is_refused(self):
        for task, code in ((["res.users", 1], "OF-WH-032"), (["stock.picking", 10**8], "OF-WH-033")):
            with self.subTest(task=task), self.assertRaisesRegex(UserError, code):
                self._scan("A", task=task)
