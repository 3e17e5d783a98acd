from odoo.fields import Command
from odoo.tests import tagged

from .entry_common import EntryGateCase


@tagged("post_install", "-at_install")
class TestEntryQuantity(EntryGateCase):
    def _rule(self, **values):
        return self.env["order.quantity.rule"].create(
            {"product_tmpl_id": self.chain.product_tmpl_id.id, **values}
        )

    def test_rule_of_the_customer_before_the_general_one(self):
        self._rule(qty_min=100)
        order = self._clean_order(20)
        self.assertEqual(self._codes(order), ["quantity_minimum"])
        self._rule(qty_min=20, partner_id=self.customer.id)
        self.assertEqual(self._codes(order), [])

    def test_lines_of_one_product_count_together_in_its_own_unit(self):
        self._rule(qty_min=24, qty_multiple=12)
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._clean_order(12)
        order.order_line = [
            Command.create({"product_id": self.chain.id, "product_uom_qty": 1, "product_uom_id": dozen.id})
        ]
        self.assertEqual(self._codes(order), [])

    def test_band_of_a_month_counts_earlier_orders(self):
        self._rule(partner_id=self.customer.id, qty_agreed=100, flex_up=10, period="month")
        self._clean_order(90).action_confirm()
        self.assertEqual(self._codes(self._clean_order(20)), [])
        self.assertEqual(self._codes(self._clean_order(21)), ["quantity_band"])

    def test_fix_rounds_up_to_minimum_and_multiple(self):
        self._rule(qty_min=50, qty_multiple=12)
        order = self._clean_order(13)
        order.fix_finding(f"quantity_minimum:{order.order_line.id}")
        self.assertEqual(order.order_line.product_uom_qty, 60)

    def test_fix_leaves_a_unit_that_cannot_say_the_quantity(self):
        self._rule(qty_min=10, qty_multiple=5)
        order = self._clean_order(1)
        dozen = self.env.ref("uom.product_uom_dozen")
        order.order_line.write({"product_uom_id": dozen.id, "product_uom_qty": 0.5})
        order.fix_finding(f"quantity_minimum:{order.order_line.id}")
        self.assertEqual(order.order_line.product_uom_qty, 10)
        self.assertEqual(order.order_line.product_uom_id, self.chain.uom_id)
        self.assertEqual(self._codes(order), [])

    def test_rule_of_a_contact_is_its_customer_s(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self._rule(qty_min=100, partner_id=contact.id)
        self.assertEqual(self._codes(self._clean_order(20)), ["quantity_minimum"])

    def test_band_of_a_week_goes_by_the_day_asked_for(self):
        self._rule(qty_agreed=100, period="week")
        self._clean_order(90, commitment_date="2030-03-06 10:00:00").action_confirm()
        same, other = "2030-03-10 10:00:00", "2030-03-11 10:00:00"
        self.assertEqual(self._codes(self._clean_order(11, commitment_date=same)), ["quantity_band"])
        self.assertEqual(self._codes(self._clean_order(11.5, commitment_date=other)), [])

    def test_band_of_a_batch_is_added_up(self):
        self._rule(qty_agreed=100, period="month")
        orders = self._clean_order(60) | self._clean_order(61)
        self.assertEqual([result["ok"] for result in orders.confirm_checked()], [True, False])

    def test_band_is_agreed_with_one_company(self):
        self._rule(qty_agreed=100, period="month")
        other = self.env["res.company"].create({"name": "Other company"})
        elsewhere = self._clean_order(90)
        elsewhere.action_confirm()
        self.assertEqual(self._codes(self._clean_order(20)), ["quantity_band"])
        self.env.cr.execute("UPDATE sale_order SET company_id = %s WHERE id = %s", [other.id, elsewhere.id])
        self.env.invalidate_all()
        self.assertEqual(self._codes(self._clean_order(21)), [])


@tagged("post_install", "-at_install")
class TestEntryCredit(EntryGateCase):
    def test_open_orders_drafts_and_invoices_count(self):
        self.Check._by_code("same_content").severity = "off"
        self.customer.credit_limit = 1000
        first = self._clean_order(20)  # 400
        first.action_confirm()
        self.assertEqual(self._codes(self._clean_order(30)), [])
        self.assertEqual(self._codes(self._clean_order(31)), ["credit_limit"])
        first.order_line.product_id.invoice_policy = "order"
        invoice = first._create_invoices()
        self.assertEqual(self._codes(self._clean_order(31)), ["credit_limit"])
        invoice.action_post()
        self.assertEqual(self._codes(self._clean_order(30)), [])
        self.assertEqual(self._codes(self._clean_order(31)), ["credit_limit"])

    def test_batch_is_added_up(self):
        self.customer.credit_limit = 1000
        orders = self._clean_order(30) | self._clean_order(31)
        self.assertEqual([result["ok"] for result in orders.confirm_checked()], [True, False])

    def test_goods_delivered_beyond_the_order_count(self):
        self.customer.credit_limit = 1000
        first = self._clean_order(20)
        first.action_confirm()
        first.order_line.qty_delivered = 25  # 500
        self.assertEqual(self._codes(self._clean_order(25)), [])
        self.assertEqual(self._codes(self._clean_order(26)), ["credit_limit"])

    def test_down_payment_counts_once(self):
        self.customer.credit_limit = 1000
        first = self._clean_order(20)  # 400, of which 100 are invoiced
        first.action_confirm()
        values = {"advance_payment_method": "fixed", "fixed_amount": 100, "sale_order_ids": first.ids}
        payment = self.env["sale.advance.payment.inv"].create(values)
        payment._create_invoices(first).action_post()
        self.assertEqual(self._codes(self._clean_order(30)), [])
        self.assertEqual(self._codes(self._clean_order(31)), ["credit_limit"])
