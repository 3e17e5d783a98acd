from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestTrackingUnit(LedgerCase):
    """The unit of a confirmed line stands: transfers and what is delivered are counted in it."""

    def setUp(self):
        super().setUp()
        self.dozen = self.env.ref("uom.product_uom_dozen")
        self.order = self._confirmed()
        self.line = self.order.order_line

    def test_unit_of_a_confirmed_line_is_refused_in_each_channel(self):
        values = {"product_uom_id": self.dozen.id, "product_uom_qty": 1}
        for change in (
            lambda: self.line.write({"product_uom_id": self.dozen.id}),
            lambda: self.line.write(values),
            lambda: self.order.write({"order_line": [Command.update(self.line.id, values)]}),
        ):
            with (
                self.assertRaisesRegex(UserError, r"OF-TRK-013.*in Units and keeps"),
                self.env.cr.savepoint(),
            ):
                change()
            self.env.invalidate_all()
        self.assertEqual((self.line.product_uom_qty, self.line.product_uom_id), (10, self.chain.uom_id))
        self.assertEqual(self.line.move_ids.product_qty, 10)

    def test_unit_of_a_delivered_line_stands_after_the_rest_is_called_off(self):
        self._process(self._open(self.order), 4)
        self._open(self.order).action_cancel()
        with self.assertRaisesRegex(UserError, "OF-TRK-013"):
            self.line.product_uom_id = self.dozen

    def test_same_unit_and_what_is_not_under_way_pass(self):
        self.line.write({"product_uom_id": self.chain.uom_id.id, "product_uom_qty": 12})
        self.assertEqual(self.line.move_ids.product_qty, 12)
        self.order._action_cancel()
        self.order.action_draft()
        self.line.write({"product_uom_id": self.dozen.id, "product_uom_qty": 1})
        self.order.action_confirm()
        moves = self.line.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(moves.product_qty, 12)
