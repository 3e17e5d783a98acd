from .test_entry_import import OrderImportCase


class TestOrderImportCancellation(OrderImportCase):
    def test_a_whole_order_is_cancelled(self):
        self._import([self._row("1"), self._row("C9", quantity=-2)])
        self.assertEqual(self._orders().state, "cancel")

    def test_a_part_is_taken_back(self):
        self.profile.confirm = True
        self._import([self._row("1", quantity=5)])
        answer = self._import([self._row("C9", quantity=-2)])
        order = self._orders()
        self.assertEqual(answer["counts"]["cancellation"], 1)
        self.assertEqual(order.order_line.product_uom_qty, 3)
        self.assertEqual(order.picking_ids.move_ids.mapped("product_uom_qty"), [3])

    def test_the_agreed_price_stays_when_the_quantity_changes(self):
        self._import([self._row("1", quantity=5, price=1.23), self._row("C9", quantity=-2, price=1.23)])
        line = self._orders().order_line
        self.assertEqual((line.product_uom_qty, line.price_unit), (3, 1.23))
        line.product_uom_qty = 4
        self.assertEqual(line.price_unit, 1.23)

    def test_the_same_cancellation_again_takes_nothing_more(self):
        rows = [self._row("1", quantity=5), self._row("C9", quantity=-2)]
        self._import(rows)
        answer = self._import(rows)
        self.assertEqual(self._orders().order_line.product_uom_qty, 3)
        self.assertEqual(answer["counts"]["existing"], 2)

    def test_without_an_order_it_is_refused(self):
        answer = self._import([self._row("1"), self._row("C9", quantity=-2, price=9.4)])
        self.assertEqual(self._codes(answer), [("C9", 3, "OF-IMP-060")])
        self.assertEqual(self._orders().state, "draft")

    def test_an_order_of_a_later_day_is_not_meant(self):
        rows = [self._row("1", date="2026-11-25"), self._row("C9", quantity=-2, date="2026-11-24")]
        self.assertEqual(self._codes(self._import(rows)), [("C9", 3, "OF-IMP-060")])

    def test_what_is_delivered_needs_a_return(self):
        self.profile.confirm = True
        self._stock(self.chain, 10)
        self._import([self._row("1")])
        picking = self._orders().picking_ids
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.button_validate()
        answer = self._import([self._row("C9", quantity=-2)])
        self.assertEqual([row["code"] for row in answer["refused"]], ["OF-IMP-063"])
        self.assertIn("OF-IMP-061", answer["refused"][0]["reason"])
        self.assertEqual(self._orders().order_line.product_uom_qty, 2)

    def test_one_that_odoo_refuses_leaves_the_others_alone(self):
        self.profile.confirm = True
        self._stock(self.chain, 10)
        self._import([self._row("1")])
        picking = self._orders().picking_ids
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.button_validate()
        self._import([self._row("2", code="PADS-01", quantity=5)])
        rows = [self._row("C8", quantity=-2), self._row("C9", code="PADS-01", quantity=-2)]
        answer = self._import(rows)
        self.assertEqual(self._codes(answer), [("C8", 2, "OF-IMP-063")])
        self.assertEqual(self._orders().order_line.sorted("id").mapped("product_uom_qty"), [2, 3])

    def test_a_dry_run_takes_an_earlier_order_back_once(self):
        self._import([self._row("1", quantity=5)])
        rows = [self._row("C8", quantity=-4), self._row("C9", quantity=-4, date="2026-11-24")]
        for dry_run in (True, False):
            answer = self._import(rows, dry_run)
            self.assertEqual(self._codes(answer), [("C9", 3, "OF-IMP-060")])
        self.assertEqual(self._orders().order_line.product_uom_qty, 1)

    def test_two_names_of_a_product_take_one_line_back(self):
        self.chain.barcode = "4006381333931"
        self._import([self._row("1", quantity=5)])
        rows = [self._row("C8", quantity=-3), self._row("C9", code="4006381333931", quantity=-3)]
        self.assertEqual(self._codes(self._import(rows)), [("C9", 3, "OF-IMP-060")])
        self.assertEqual(self._orders().order_line.product_uom_qty, 2)

    def test_a_negative_quantity_without_the_mark_is_refused(self):
        self.assertEqual(self._codes(self._import([self._row("1", quantity=-2)])), [("1", 2, "OF-IMP-035")])
