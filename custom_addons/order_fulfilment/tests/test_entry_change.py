from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_fulfilment.models.entry.sale_order_change import GateChangeRefusedError

from .entry_common import EntryGateCase


@tagged("post_install", "-at_install")
class TestEntryChange(EntryGateCase):
    """Changes of a confirmed order are judged for what they ask anew, in every channel alike."""

    def setUp(self):
        super().setUp()
        self.env["order.quantity.rule"].create(
            {"product_tmpl_id": self.chain.product_tmpl_id.id, "qty_agreed": 13, "flex_up": 10}
        )
        self.order = self._clean_order()
        self.order.action_confirm()
        self.line = self.order.order_line
        self.extra = {"product_id": self.chain.id, "product_uom_qty": 1, "order_id": self.order.id}

    def _refused(self, code, change):
        """Assert that ``change`` is refused, and keep its findings as a request of its own would."""
        target = type(self.order)
        kept = []
        keep = patch.object(
            target, "_gate_keep_refused_later", lambda order, found: kept.append((order, found))
        )
        refused = self.assertRaisesRegex(GateChangeRefusedError, code)
        with keep, refused, self.env.cr.savepoint():
            change()
        self.env.invalidate_all()
        for order, found in kept:
            self.env["order.finding"].sudo()._keep_refused(order, found)

    def _raise(self, quantity=20):
        self.line.with_user(self.user).product_uom_qty = quantity

    def test_more_than_agreed_is_refused_in_each_channel(self):
        order = self.order.with_user(self.user)
        add = Command.create({**self.extra, "product_uom_qty": 7})
        for change in (
            self._raise,
            lambda: order.write({"order_line": [Command.update(self.line.id, {"product_uom_qty": 20})]}),
            lambda: order.write({"order_line": [add]}),
            lambda: self.line.with_user(self.user).create({**self.extra, "product_uom_qty": 7}),
        ):
            with self.subTest(change):
                self._refused("OF-GATE-QUANTITY-BAND", change)
        self.assertEqual(sum(self.order.order_line.mapped("product_uom_qty")), 13)

    def test_one_write_is_one_change(self):
        """Lines that only together keep the band pass together."""
        commands = [
            Command.create({**self.extra, "product_uom_qty": 7}),
            Command.update(self.line.id, {"product_uom_qty": 6}),
        ]
        self.order.write({"order_line": commands})
        self.assertEqual(self.order.order_line.mapped("product_uom_qty"), [6, 7])

    def test_discount_and_price(self):
        self._refused("OF-GATE-DISCOUNT-OVER-LIMIT", lambda: self.line.write({"discount": 40}))
        self._refused("OF-GATE-PRICE-ZERO", lambda: self.line.write({"price_unit": 0}))
        self._refused("OF-GATE-PRICE-UNDER-COST", lambda: self.line.write({"price_unit": 1}))
        self.assertEqual(self.line.discount, 0)

    def test_less_and_what_stands_is_not_judged(self):
        self.chain.sale_ok = False
        self.customer.order_hold = True
        self.line.write({"product_uom_qty": 2})
        self.line.write({"product_uom_qty": 0})
        self.line.write({"name": "as agreed", "discount": 0})
        self.assertEqual(self.line.product_uom_qty, 0)
        self._refused("OF-GATE-PRODUCT-NOT-SOLD", lambda: self.line.write({"product_uom_qty": 3}))

    def test_larger_orders_need_credit_and_no_hold(self):
        self.customer.write({"use_partner_credit_limit": True, "credit_limit": self.order.amount_total + 5})
        self._refused("OF-GATE-CREDIT-LIMIT", lambda: self.line.write({"product_uom_qty": 14}))
        self.customer.write({"use_partner_credit_limit": False, "order_hold": True})
        self._refused("OF-GATE-CUSTOMER-ON-HOLD", lambda: self.line.write({"product_uom_qty": 14}))

    def test_invoiced_part_is_not_counted_twice(self):
        self.line.qty_delivered = 13
        self.order._create_invoices().action_post()
        limit = self.order.amount_total + 2 * self.line.price_total / 13
        self.customer.write({"use_partner_credit_limit": True, "credit_limit": limit})
        self.line.write({"product_uom_qty": 14})
        self._refused("OF-GATE-CREDIT-LIMIT", lambda: self.line.create({**self.extra, "product_uom_qty": 2}))

    def test_lines_that_odoo_adds_pass(self):
        self.chain.sale_ok = False
        self.customer.order_hold = True
        delivered = self.line.create({**self.extra, "product_uom_qty": 0, "qty_delivered": 3})
        freight = self.line.create({**self.extra, "product_id": self._freight().id, "is_delivery": True})
        self.assertEqual((delivered | freight).order_id, self.order)

    def _freight(self):
        return self.env["product.product"].create({"name": "Freight", "type": "service", "sale_ok": False})

    def test_freight_flag_on_goods_opens_nothing(self):
        change = {**self.extra, "product_uom_qty": 7, "is_delivery": True}
        self._refused("OF-GATE-QUANTITY-BAND", lambda: self.line.create(change))

    def test_line_moved_from_a_quotation_is_judged(self):
        other = self._clean_order(quantity=7)
        self._refused("OF-GATE-QUANTITY-BAND", lambda: other.order_line.write({"order_id": self.order.id}))

    def test_warning_is_kept(self):
        self.Check._by_code("discount_over_limit").severity = "warn"
        self.line.write({"discount": 8})
        found = self.order.finding_ids.filtered(lambda row: row.code == "OF-GATE-DISCOUNT-OVER-LIMIT")
        self.assertEqual((found.state, found.line_id), ("accepted", self.line))

    def test_override_lets_exactly_this_change_pass(self):
        self._refused("OF-GATE-QUANTITY-BAND", self._raise)
        [shown] = self.order.with_user(self.manager).gate_banner
        self.assertEqual(shown["key"], f"change:quantity_band:{self.line.id}")
        with self.assertRaises(AccessError):
            self.order.with_user(self.user).override_finding(shown["key"], "agreed on the phone")
        self.order.with_user(self.manager).override_finding(shown["key"], "agreed on the phone")
        self._refused("OF-GATE-QUANTITY-BAND", lambda: self._raise(21))
        self._raise(20)
        self.assertEqual(self.line.product_uom_qty, 20)
        self.assertFalse(self.order.gate_banner)
        found = self.order.finding_ids.filtered(lambda row: row.key == shown["key"])
        self.assertEqual(found.state, "overridden")

    def test_override_of_an_added_line_is_used_up(self):
        def add():
            return self.line.create({**self.extra, "discount": 8})

        self._refused("OF-GATE-DISCOUNT-OVER-LIMIT", add)
        key = f"change:discount_over_limit:new-{self.chain.id}"
        self.order.with_user(self.manager).override_finding(key, "damaged boxes")
        line = add()
        log = self.order.gate_override_ids.sorted("id")
        self.assertEqual(log.mapped("event"), ["granted", "withdrawn", "granted"])
        self.assertEqual(log[-1].key, f"discount_over_limit:{line.id}")
        self._refused("OF-GATE-DISCOUNT-OVER-LIMIT", add)

    def test_override_of_a_change_can_be_withdrawn_before_it_is_made(self):
        self._refused("OF-GATE-QUANTITY-BAND", self._raise)
        key = f"change:quantity_band:{self.line.id}"
        order = self.order.with_user(self.manager)
        order.override_finding(key, "agreed on the phone")
        order.withdraw_override(key, "cancelled again")
        self._refused("OF-GATE-QUANTITY-BAND", self._raise)

    def test_confirmed_order_without_refused_change_has_nothing_to_override(self):
        with self.assertRaisesRegex(UserError, "OF-GATE-STATE"):
            self.order.with_user(self.manager).override_finding("quantity_band:1", "agreed on the phone")

    def test_quotation_is_not_judged(self):
        order = self._clean_order()
        with patch.object(type(order), "_gate_evaluate_change", side_effect=AssertionError):
            order.order_line.write({"product_uom_qty": 500, "discount": 90})
        self.assertEqual(order.order_line.product_uom_qty, 500)
