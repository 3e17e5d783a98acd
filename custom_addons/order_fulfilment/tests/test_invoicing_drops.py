from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase

FAR = datetime(2099, 1, 1)


@tagged("post_install", "-at_install")
class TestDropInvoicing(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["sale.invoice.calendar"].create({"name": "Monthly", "is_posted": True})
        cls.customer.invoice_calendar_id = cls.calendar

    def _shipped(self, quantity=10, drops=1, **values):
        order = self._confirmed([(self.chain, quantity)], **values)
        for number in range(drops, 0, -1):
            self._process(self._open(order), order.order_line.product_uom_qty / drops if number > 1 else None)
        return order

    def _run(self, cutoff=FAR):
        return self.env["sale.drop.invoicing"]._invoice_payer(self.customer, self.calendar, cutoff)

    def test_two_orders_and_three_drops_on_one_invoice(self):
        first = self._shipped(drops=2, client_order_ref="PO-1")
        second = self._shipped(4, client_order_ref="PO-2")
        invoice = self._run()
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.invoice_line_ids.mapped("quantity"), [5, 5, 4])
        self.assertEqual(invoice.amount_untaxed, 14 * 20)
        self.assertEqual(
            invoice.invoice_line_ids.mapped("drop_name"),
            (first + second).picking_ids.sorted("id").mapped("name"),
        )
        self.assertEqual(invoice.invoice_line_ids.mapped("drop_reference"), ["PO-1", "PO-1", "PO-2"])
        self.assertIn("PO-2", invoice.invoice_line_ids[2].name)
        self.assertEqual(invoice.ref, "PO-1, PO-2")

    def test_run_again_is_nothing_new(self):
        self._shipped()
        self.assertTrue(self._run())
        self.assertFalse(self._run())

    def test_cutoff(self):
        self._shipped()
        self.assertFalse(self._run(datetime(2020, 1, 1)))

    def test_never_merges_what_differs(self):
        term = self.env["account.payment.term"].create({"name": "Other"})
        self._shipped()
        self._shipped(payment_term_id=term.id)
        fiscal = self.env["account.fiscal.position"].create({"name": "Abroad"})
        self._shipped(fiscal_position_id=fiscal.id)
        other = self._shipped()
        other.partner_shipping_id = self.customer.copy({"name": "Other gate"})
        self.assertEqual(len(self._run()), 3)

    def test_by_delivery_address(self):
        self.calendar.is_by_address = True
        gate = self.customer.copy({"name": "Gate 2", "parent_id": self.customer.id})
        self._shipped()
        self._shipped(partner_shipping_id=gate.id)
        self.assertEqual(len(self._run()), 2)

    def test_only_what_was_proven(self):
        self.customer.invoice_trigger = "proof"
        order = self._shipped()
        self.assertFalse(self._run())
        move = order.picking_ids.move_ids
        lines = [{"move_id": move.id, "delivered": 7, "refused": 3, "reason": "damaged"}]
        answer = self.env["delivery.proof"].register("k", order.picking_ids.id, {"signer": "A"}, lines)
        invoice = self._run()
        self.assertEqual(invoice.invoice_line_ids.quantity, 7)
        self.assertEqual(invoice.invoice_line_ids.drop_proof, answer["name"])
        self.assertFalse(self._run())

    def test_return_after_the_invoice_is_credited_and_names_both(self):
        order = self._shipped()
        invoice = self._run()
        back = self._return(order.picking_ids, 3)
        credit = self._run()
        self.assertEqual((credit.move_type, credit.invoice_line_ids.quantity), ("out_refund", 3))
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertIn(invoice.name, credit.ref)
        self.assertIn(back.name, credit.ref)
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertFalse(self._run())

    def test_invoiced_by_hand_before_is_not_charged_twice(self):
        order = self._confirmed([(self.chain, 10)])
        self._process(order.picking_ids, 6)
        order._create_invoices().action_post()
        self._process(self._open(order))
        self.assertEqual(self._run().invoice_line_ids.quantity, 4)

    def test_posted_dates_do_not_move(self):
        with freeze_time("2026-11-02 10:00:00"):
            order = self._confirmed([(self.chain, 10)])
            self._process(order.picking_ids, 6)
            invoice = self._run()
        before = (invoice.invoice_date, invoice.delivery_date)
        with freeze_time("2026-11-20 10:00:00"):
            self._process(self._open(order))
            self.env.flush_all()
        self.assertEqual((invoice.invoice_date, invoice.delivery_date), before)
        self.assertEqual(str(invoice.delivery_date), "2026-11-02")

    def test_freight_comes_with_the_first_drop(self):
        freight = self.env["product.product"].create(
            {"name": "Freight", "type": "service", "list_price": 9, "taxes_id": False}
        )
        order = self._confirmed([(self.chain, 10), (freight, 1)])
        self.assertFalse(self._run())
        self._process(order.picking_ids)
        self.assertEqual(self._run().amount_untaxed, 209)

    def test_job_runs_once_per_cutoff(self):
        self._shipped()
        progress = patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=1.0)
        with freeze_time("2099-01-05 10:00:00"), progress:
            self.env["sale.invoice.calendar"]._cron_run()
            self.assertEqual(len(self.customer.invoice_ids), 1)
            self.env["sale.invoice.calendar"]._cron_run()
        self.assertEqual(len(self.customer.invoice_ids), 1)

    def test_bad_calendar_and_rights(self):
        with self.assertRaisesRegex(ValidationError, r"\[OF-INV-003\]"):
            self.calendar.write({"frequency": "weekly", "weekday": False})
        with self.assertRaisesRegex(ValidationError, r"\[OF-INV-005\]"):
            self.calendar.tz = "Mars/Olympus"
        with self.assertRaisesRegex(AccessError, r"\[OF-INV-004\]"):
            self.calendar.with_user(self.driver()).action_run()
        with self.assertRaises(AccessError):
            self.calendar.with_user(self.driver()).name = "Mine"

    def driver(self):
        login = "of_inv_driver"
        known = self.env["res.users"].search([("login", "=", login)])
        return known or self._create_user(login, "order_fulfilment.group_warehouse")
