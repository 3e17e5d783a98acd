from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .support_cure_common import CureCase


@tagged("post_install", "-at_install")
class TestLooseReceipt(CureCase):
    """Receipts from a customer that name neither an order nor a delivery."""

    def _bring_in(self, quantity, partner=None, product=None, **line):
        product = product or self.chain
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "location_id": self.env.ref("stock.stock_location_customers").id,
            "location_dest_id": self.stock_location.id,
        }
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": partner.id if partner else False,
                "location_id": move["location_id"],
                "location_dest_id": move["location_dest_id"],
                "move_ids": [Command.create(move)],
            }
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        values = {**picking.move_ids._prepare_move_line_vals(), "quantity": quantity, **line}
        picking.move_ids.move_line_ids = [Command.create(values)]
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    def _is_refused(self, *given, **values):
        with self.assertRaisesRegex(UserError, "OF-RMA-023"), self.cr.savepoint():
            self._bring_in(*given, **values)

    def test_at_most_what_the_customer_got(self):
        contact = self.env["res.partner"].create({"name": "Dock", "parent_id": self.customer.id})
        self._bring_in(6, contact)
        self._is_refused(5, self.customer)
        self.assertEqual(self._bring_in(4, self.customer).state, "done")

    def test_of_another_customer_and_of_another_product(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self._is_refused(1, other)
        self._is_refused(1, self.customer, product=self._create_product("Bell", "BELL"))

    def test_nobody_named(self):
        self._is_refused(11)
        self.assertEqual(self._bring_in(10).state, "done")
        never_sold = self._create_product("Bell", "BELL")
        self.assertEqual(self._bring_in(3, product=never_sold).state, "done")

    def test_it_counts_for_a_return_of_the_delivery(self):
        self._bring_in(8, self.customer)
        back = self._wizard(self.delivery, {self.chain: 3})._create_return()
        back.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "OF-RMA-023"), self.cr.savepoint():
            back._action_done()
        back.move_ids.quantity = 2
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(self.chain_line.qty_delivered, 8)

    def test_goods_of_his_own_are_no_return(self):
        self.assertEqual(self._bring_in(50, self.customer, owner_id=self.customer.id).state, "done")
        self.assertEqual(self._bring_in(10, self.customer).state, "done")

    def test_raised_afterwards(self):
        picking = self._bring_in(10, self.customer)
        with self.assertRaisesRegex(UserError, "OF-RMA-023"), self.cr.savepoint():
            picking.move_ids.move_line_ids.quantity = 11

    def test_a_delivery_without_an_order_can_be_sent_back(self):
        bell = self._create_product("Bell", "BELL")
        self._stock(bell, 5)
        move = {
            "product_id": bell.id,
            "product_uom_qty": 2,
            "location_id": self.stock_location.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        out = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "move_ids": [Command.create(move)],
            }
        )
        out.action_confirm()
        out.move_ids.write({"quantity": 2, "picked": True})
        out._action_done()
        order = self._received({"product_id": bell.id, "quantity": 2})
        self.assertEqual(order.line_ids.quantity_received, 2)
        with self.assertRaisesRegex(UserError, "OF-RMA-006"), self.cr.savepoint():
            self._return({"product_id": bell.id, "quantity": 1}).action_confirm()


@tagged("post_install", "-at_install")
class TestRefundedAmount(CureCase):
    """Refunded is at most invoiced in money as well, whatever the unit or currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "OFX",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 4.0})],
            }
        )
        cls.invoice = cls._invoice(cls.order)

    def _refund(self, price):
        """A credit note over one piece of each, in the other currency, at ``price`` in all."""
        refund = self.invoice._reverse_moves([{"invoice_date": self.invoice.invoice_date}])
        lines = refund.invoice_line_ids
        refund.currency_id = self.foreign
        lines.quantity = 1
        lines.discount = 0
        lines.price_unit = 0
        lines.filtered(lambda line: line.product_id == self.chain).price_unit = price
        return refund

    def test_in_another_currency(self):
        """Ten chains at 20.00 are 800.00 at a rate of four."""
        with self.assertRaisesRegex(UserError, "OF-RMA-021.*invoiced 200, but 200.25"), self.cr.savepoint():
            self._refund(801).action_post()
        self._refund(300).action_post()
        self._refund(500).action_post()
        with self.assertRaisesRegex(UserError, "OF-RMA-021.*invoiced 200, but 201"), self.cr.savepoint():
            self._refund(4).action_post()

    def test_in_another_currency_without_order(self):
        refund = self._refund(4 * self.invoice.amount_total + 1)
        refund.invoice_line_ids.sale_line_ids = False
        refund.invoice_line_ids.tax_ids = False
        with self.assertRaisesRegex(UserError, "OF-RMA-022"), self.cr.savepoint():
            refund.action_post()

    def test_a_rate_typed_by_hand_opens_nothing(self):
        refund = self._refund(801)
        refund.invoice_currency_rate = 4000
        with self.assertRaisesRegex(UserError, "OF-RMA-021"), self.cr.savepoint():
            refund.action_post()

    def test_four_pieces_of_a_dozen_are_credited_to_the_cent(self):
        line = {"product_id": self.chain.id, "product_uom_qty": 1, "price_unit": 240.0}
        dozen = self.env.ref("uom.product_uom_dozen").id
        order = self._create_order([], order_line=[Command.create({**line, "product_uom_id": dozen})])
        order.action_confirm()
        self._deliver(order)
        self._invoice(order)
        given = {"product_id": self.chain.id, "sale_line_id": order.order_line.id, "quantity": 4}
        back = self._received({**given, "reason": "damaged"}).line_ids
        back.inspect("credit")
        refund = back.sudo().refund_ids
        self.assertEqual(refund.amount_untaxed, 80.0)
        refund.action_post()
        self.assertEqual(refund.state, "posted")


@tagged("post_install", "-at_install")
class TestReturnOfTwoCompanies(CureCase):
    """A customer of two companies of ours, which got chains from both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Second"})
        cls.env.user.company_ids |= cls.second
        warehouses = cls.env["stock.warehouse"]
        values = {"name": "Second", "code": "SEC", "company_id": cls.second.id}
        known = warehouses.search([("company_id", "=", cls.second.id)], limit=1)
        cls.second_warehouse = known or warehouses.create(values)
        there = cls.second_warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(cls.chain, there, 10)
        order = cls.env["sale.order"].with_company(cls.second)
        cls.second_order = order.create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.second.id,
                "warehouse_id": cls.second_warehouse.id,
                "order_line": [Command.create({"product_id": cls.chain.id, "product_uom_qty": 4})],
            }
        )
        cls.second_order.action_confirm()
        cls._deliver(cls.second_order)
        cls.technician.company_ids |= cls.second

    def _of_second(self, quantity):
        line = {"product_id": self.chain.id, "quantity": quantity}
        return self._return(line, company_id=self.second.id)

    def test_each_takes_back_what_it_delivered(self):
        order = self._of_second(4)
        order.action_confirm()
        self.assertEqual(order.line_ids.sale_line_id, self.second_order.order_line)
        place = self.second_warehouse.after_sales_return_location_id
        self.assertEqual(order.sudo().picking_ids.location_dest_id, place)
        with self.assertRaisesRegex(UserError, "OF-RMA-006.* 11 asked for, 10 can"), self.cr.savepoint():
            self._return({"product_id": self.chain.id, "quantity": 11}).action_confirm()

    def test_more_than_it_delivered(self):
        with self.assertRaisesRegex(UserError, "OF-RMA-006.* 5 asked for, 4 can"), self.cr.savepoint():
            self._of_second(5).action_confirm()

    def test_asked_for_in_the_portal_at_once(self):
        returns = self.env["after.sales.return"]
        rows = returns._get_returnable(self.customer)
        chosen = {row["key"]: 1 for row in rows if row["product_id"] == self.chain.id}
        asked = returns._ask_from_portal(self.customer, chosen, "defect", "")
        self.assertEqual(asked.company_id, self.company | self.second)
        for order in asked:
            order.action_confirm()
            self.assertEqual(order.line_ids.move_id.company_id, order.company_id)
