from odoo.exceptions import UserError
from odoo.tests import tagged

from .support_cure_common import CureCase


@tagged("post_install", "-at_install")
class TestAdvanceNotReturned(CureCase):
    """Replaced in advance, and the goods never come."""

    def _advanced(self):
        order = self._return({"lot_id": self.serials[0].id})
        order.action_confirm()
        order.line_ids.action_replace_in_advance()
        return order, order.line_ids.sudo().replacement_line_id

    def test_a_replacement_that_has_not_left_is_called_back(self):
        order, sent = self._advanced()
        order.action_cancel()
        self.assertEqual((order.state, sent.order_id.state, sent.price_unit), ("cancel", "cancel", 0))
        order.action_draft()
        order.action_confirm()
        self._receive(order)
        order.line_ids.inspect("credit")

    def test_one_that_the_customer_has_is_charged(self):
        order, sent = self._advanced()
        self._deliver(sent.order_id)
        order.action_cancel()
        self.assertEqual((sent.order_id.state, sent.price_unit), ("sale", 1000.0))
        self.assertEqual(self._invoice(sent.order_id).amount_untaxed, 1000.0)

    def test_what_came_back_stays_free(self):
        order, sent = self._advanced()
        self._deliver(sent.order_id)
        self._receive(order)
        order.line_ids.inspect("replace")
        self.assertEqual((order.state, sent.price_unit, sent.order_id.state), ("done", 0, "sale"))

    def _advanced_chains(self, sent_quantity=5):
        """Five of ten chains at 8.00 are replaced in advance; two of them come back."""
        order = self._create_order([(self.chain, 10)])
        order.order_line.price_unit = 8.0
        order.action_confirm()
        self._deliver(order)
        back = self._return({"product_id": self.chain.id, "sale_line_id": order.order_line.id, "quantity": 5})
        back.line_ids.reason = "damaged"
        back.action_confirm()
        back.line_ids.action_replace_in_advance()
        sent = back.line_ids.sudo().replacement_line_id
        if sent_quantity:
            self._deliver(sent.order_id)
        back.sudo().picking_ids.move_ids.quantity = 2
        self._receive(back)
        back.line_ids.inspect("replace")
        return back, sent

    def test_rest_that_comes_later_is_not_replaced_twice(self):
        back, sent = self._advanced_chains()
        self._receive(back)
        rest = back.line_ids.filtered(lambda line: not line.disposition)
        with self.assertRaisesRegex(UserError, "OF-RMA-033"), self.cr.savepoint():
            rest.inspect("credit")
        rest.inspect("replace")
        self.assertEqual((back.state, back.line_ids.sudo().replacement_order_id), ("done", sent.order_id))
        self.assertFalse(back.line_ids.sudo().refund_ids)

    def test_tail_that_never_comes_is_invoiced_alone(self):
        back, sent = self._advanced_chains()
        self.customer.order_hold = True
        back.return_by = "2020-01-01"
        self.assertTrue(back.is_advance_due)
        self.assertIn(back, back.search([("is_advance_due", "=", True)]))
        back.action_close()
        invoice = sent.invoice_lines.move_id
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("draft", 24.0))
        self.assertEqual((sent.qty_invoiced, sent.price_unit, back.state), (3.0, 0.0, "done"))
        self.assertFalse(back.is_advance_due)

    def test_tail_whose_replacement_has_not_left_is_called_back(self):
        back, sent = self._advanced_chains(sent_quantity=0)
        back.action_close()
        moves = sent.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual((sent.product_uom_qty, sum(moves.mapped("product_uom_qty"))), (2.0, 2.0))
        self.assertFalse(sent.invoice_lines)

    def test_replacement_that_was_invoiced_free_is_charged_on_its_own(self):
        order, sent = self._advanced()
        self._deliver(sent.order_id)
        free = self._invoice(sent.order_id)
        order.action_cancel()
        charge = self.env["account.move"].search([("invoice_origin", "=", sent.order_id.name)]) - free
        self.assertEqual((charge.state, charge.amount_untaxed), ("draft", 1000.0))
        self.assertEqual(sent.qty_invoiced, 1.0)
