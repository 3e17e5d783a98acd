from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestKitReturn(JitCase):
    """A light set is sold as one and goes out as two lamps and six screws."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp, cls.screw = cls._create_product("Lamp", "LAMP"), cls._create_product("Screw", "SCREW")
        cls.light_set = cls._create_product("Light set", "LSET", list_price=60.0, invoice_policy="delivery")
        cls.light_set.is_storable = False
        parts = [(cls.lamp, 2), (cls.screw, 6)]
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.light_set.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity})
                    for part, quantity in parts
                ],
            }
        )
        for part, _quantity in parts:
            cls._stock(part, 100)
        cls.order = cls._sell(3)

    @classmethod
    def _sell(cls, quantity):
        order = cls._create_order([(cls.light_set, quantity)])
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        order._create_invoices().action_post()
        return order

    def _received(self, **line):
        given = {"product_id": self.light_set.id, "reason": "damaged", **line}
        order = self.env["after.sales.return"].create(
            {"partner_id": self.order.partner_id.id, "line_ids": [Command.create(given)]}
        )
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        return order

    def test_comes_back_as_its_parts_and_is_credited_whole(self):
        order = self._received(quantity=2)
        back = {line.product_id: line.quantity_received for line in order.line_ids}
        self.assertEqual(back, {self.lamp: 4, self.screw: 12})
        first, second = order.line_ids
        first.inspect("credit")
        self.assertFalse(first.refund_ids)
        second.inspect("credit")
        self.assertEqual(second.refund_ids.amount_untaxed, 120.0)
        second.refund_ids.action_post()
        self.assertEqual((self.order.order_line.qty_delivered, order.state), (1, "done"))

    def test_single_parts_are_not_credited_as_kits(self):
        order = self._received(product_id=self.lamp.id, quantity=6)
        order.line_ids.inspect("credit")
        self.assertFalse(order.line_ids.refund_ids)
        self.assertIn("all parts of it are back", order.message_ids[0].body)

    def test_more_kits_than_delivered(self):
        with self.assertRaisesRegex(UserError, "OF-RMA-006.*8 asked for, 6 can"), self.cr.savepoint():
            self._received(quantity=4)

    def test_of_which_order(self):
        second = self._sell(1)
        with self.assertRaisesRegex(UserError, "OF-RMA-007.*Choose the order line"), self.cr.savepoint():
            self._received(quantity=1)
        order = self._received(quantity=1, sale_line_id=second.order_line.id)
        self.assertEqual(order.line_ids.sale_line_id, second.order_line)
