from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_tracking_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestMargin(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chain.standard_price = 12.5
        cls.brake_pads.standard_price = 3.0

    def _margins(self, order):
        [found] = order.get_margins()
        return found

    def _drop(self, found, picking):
        return next(drop for drop in found["drops"] if drop["id"] == picking.id)

    def _two_drops(self):
        order = self._confirmed()
        first = order.picking_ids
        self._process(first, 6)
        second = self._open(order)
        self._process(second)
        return order, first, second

    def test_one_invoice_over_two_drops_is_told_by_drop(self):
        order, first, second = self._two_drops()
        order._create_invoices().action_post()
        found = self._margins(order)
        for drop, quantity in ((first, 6), (second, 4)):
            told = self._drop(found, drop)
            self.assertEqual(
                (told["revenue"], told["cost"], told["margin"]),
                (quantity * 20, quantity * 12.5, quantity * 7.5),
            )
        self.assertEqual(found["margin"], 75)

    def test_cost_is_what_odoo_valued(self):
        order, first, second = self._two_drops()
        self.chain.standard_price = 99.0
        values = (first + second).move_ids.mapped("value")
        self.assertEqual(self._margins(order)["cost"], sum(values))
        self.assertEqual(sum(values), 125)

    def test_drop_shipped_goods_cost_what_the_vendor_takes(self):
        order = self._confirmed()
        drop = order.picking_ids
        drop.move_ids.location_id = self.env.ref("stock.stock_location_suppliers")
        self._process(drop)
        self.assertFalse(drop.move_ids.value)
        self.assertEqual(self._margins(order)["cost"], 125)
        self._return(drop, 2)  # into our stock, at our price
        self.assertEqual(self._margins(order)["cost"], 100)

    def test_return_and_credit_belong_to_their_drop(self):
        order, first, second = self._two_drops()
        order._create_invoices().action_post()
        self._return(first, 2)
        order._create_invoices(final=True).action_post()
        found = self._margins(order)
        told = self._drop(found, first)
        self.assertEqual((told["revenue"], told["credit"], told["cost"]), (120, 40, 50))
        self.assertEqual(self._drop(found, second)["credit"], 0)
        self.assertEqual(found["margin"], 60)

    def test_drops_of_a_kit_by_kits_not_by_parts(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Kits come with manufacturing")
        kit = self._create_product("Set", "SET", is_storable=False, invoice_policy="delivery", list_price=50)
        parts = [(self.chain, 4), (self.brake_pads, 2)]
        lines = [Command.create({"product_id": part.id, "product_qty": number}) for part, number in parts]
        values = {"product_tmpl_id": kit.product_tmpl_id.id, "product_qty": 2, "type": "phantom"}
        self.env["mrp.bom"].create({**values, "bom_line_ids": lines})
        order = self._confirmed([(kit, 5)])
        first = order.picking_ids
        for move in first.move_ids:
            move.write({"quantity": move.product_uom_qty * 3 / 5, "picked": True})
        first.with_context(skip_backorder=True).button_validate()
        second = self._open(order)
        self._process(second)
        order._create_invoices().action_post()
        found = self._margins(order)
        self.assertEqual([self._drop(found, drop)["revenue"] for drop in (first, second)], [150, 100])

    def test_consolidated_invoice_names_its_drops(self):
        calendar = self.env["sale.invoice.calendar"].create({"name": "M", "is_posted": True})
        order, first, second = self._two_drops()
        far = self.env.cr.now().replace(year=2099)
        self.env["sale.drop.invoicing"]._invoice_payer(self.customer, calendar, far)
        found = self._margins(order)
        self.assertEqual([self._drop(found, drop)["revenue"] for drop in (first, second)], [120, 80])

    def test_credits_that_name_their_drop_leave_the_others_their_own(self):
        order, first, second = self._two_drops()
        order._create_invoices().action_post()
        for returned in ({first: 2}, {first: 1, second: 1}):
            for drop, quantity in returned.items():
                self._return(drop, quantity)
            order._create_invoices(final=True).action_post()
        found = self._margins(order)
        self.assertEqual([self._drop(found, drop)["credit"] for drop in (first, second)], [60, 20])

    def test_goods_on_a_negative_line_come_back(self):
        order = self._confirmed([(self.chain, 5), (self.brake_pads, -3)])
        for picking in order.picking_ids:
            self._process(picking)
        [back] = order.order_line[1].move_ids
        self.assertEqual((back.location_id.usage, back.state), ("customer", "done"))
        self.assertEqual(self._margins(order)["cost"], 62.5 - back.value)

    def test_invoiced_before_shipping_has_no_drop_yet(self):
        self.chain.invoice_policy = "order"
        order = self._confirmed()
        order._create_invoices().action_post()
        [drop] = self._margins(order)["drops"]
        self.assertEqual((drop["id"], drop["revenue"]), (0, 200))
        self._process(order.picking_ids)
        [drop] = self._margins(order)["drops"]
        self.assertEqual((drop["id"], drop["revenue"], drop["cost"]), (order.picking_ids.id, 200, 125))

    def test_freight_paid_and_charged(self):
        order = self._confirmed()
        product = self.env["product.product"].create(
            {"name": "Freight", "type": "service", "list_price": 9, "taxes_id": False}
        )
        carrier = self.env["delivery.carrier"].create(
            {"name": "Truck", "product_id": product.id, "fixed_price": 9}
        )
        order.set_delivery_line(carrier, 9)
        self._process(order.picking_ids)
        order.picking_ids.write({"carrier_id": carrier.id, "freight_cost": 7.3})
        order._create_invoices().action_post()
        found = self._margins(order)
        self.assertEqual((found["freight_charged"], found["freight_cost"]), (9, 7.3))
        self.assertEqual(found["margin"], 75 + 9 - 7.3)

    def test_cost_to_serve(self):
        self.company.write(
            {"serve_cost_order": 5, "serve_cost_line": 1, "serve_cost_drop": 10, "serve_cost_return": 20}
        )
        order, first, _second = self._two_drops()
        self._return(first, 1)
        found = self._margins(order)
        self.assertEqual(found["serve_cost"], 5 + 1 + 2 * 10 + 20)
        self.assertEqual(found["profit"], found["margin"] - 46)

    def test_each_return_of_a_drop_is_handled_and_brings_its_freight(self):
        self.company.write({"serve_cost_drop": 10, "serve_cost_return": 20})
        order, first, _second = self._two_drops()
        for freight in (3.5, 4.25):
            self._return(first, 1).freight_cost = freight
        told = self._drop(self._margins(order), first)
        self.assertEqual((told["serve_cost"], told["freight_cost"]), (10 + 2 * 20, 7.75))

    def test_a_down_payment_is_no_line_that_anybody_entered(self):
        self.company.serve_cost_line = 1
        order = self._confirmed([(self.chain, 2), (self.brake_pads, 1)])
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids)
        wizard.create({"advance_payment_method": "percentage", "amount": 20}).create_invoices()
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        self.assertEqual(self._margins(order)["serve_cost"], 2)

    def test_one_rate_alone_counts(self):
        """Companies from before the add-on have no rates at all."""
        self.env.cr.execute("UPDATE res_company SET serve_cost_line = NULL, serve_cost_drop = NULL")
        self.env.invalidate_all()
        self.company.serve_cost_order = 5
        order, _first, _second = self._two_drops()
        self.assertEqual(self._margins(order)["serve_cost"], 5)

    def test_the_sums_are_the_books(self):
        order, first, _second = self._two_drops()
        order._create_invoices().action_post()
        self._return(first, 2)
        order._create_invoices(final=True).action_post()
        items = order.order_line.invoice_lines
        rows = self.env["fulfilment.margin"].search([("order_id", "=", order.id)])
        self.assertEqual(
            sum(rows.mapped("revenue")) - sum(rows.mapped("credit")), -sum(items.mapped("balance"))
        )

    def test_rights_and_bad_rate(self):
        order = self._confirmed(user_id=self.user.id)
        with self.assertRaisesRegex(AccessError, r"\[OF-ACC-003\]"):
            order.with_user(self.user).get_margins()
        with self.assertRaises(AccessError):
            self.env["fulfilment.margin"].with_user(self.user).search([])
        accountant = self._create_user("of_books", "account.group_account_readonly")
        self.assertEqual(self.env["fulfilment.margin"].with_user(accountant).search([("id", "=", 0)]).ids, [])
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.company.serve_cost_drop = -1
            self.env.flush_all()
