from datetime import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 08:00:00")
class TestPaidDay(LedgerCase):
    """ "paid" is of the day on which the debt was settled, not of the invoice's day."""

    def _invoiced(self, quantity=10, **values):
        order = self._confirmed([(self.chain, quantity)], **values)
        self._process(order.picking_ids)
        order._create_invoices().action_post()
        return order

    def _pay(self, invoices, day, amount=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        return wizard.create(
            {"payment_date": day, **({"amount": amount} if amount else {})}
        )._create_payments()

    def _paid(self, order):
        """When and how much was paid, from the line's events; its mark says the last of it."""
        events = [event for event in order.order_line._get_invoice_events() if event.kind == "paid"]
        mark = order.order_line._get_ledger().marks.get("paid", (None, ()))[0]
        self.assertEqual(mark, max((event.time for event in events), default=None))
        return {fields.Date.to_string(event.time): float(event.quantity) for event in events}

    def test_day_of_the_payment(self):
        order = self._invoiced()
        self.assertEqual(self._paid(order), {})
        self._pay(order.invoice_ids, "2026-12-17")
        self.assertEqual(self._paid(order), {"2026-12-17": 10})
        time, documents = order.order_line._get_ledger().marks["invoiced"]
        self.assertEqual((time, documents), (datetime(2026, 11, 23, 12), (order.invoice_ids.name,)))

    def test_parts_and_a_payment_taken_back(self):
        order = self._invoiced()
        self._pay(order.invoice_ids, "2026-12-01", order.invoice_ids.amount_total * 0.35)
        last = self._pay(order.invoice_ids, "2026-12-09")
        self.assertEqual(self._paid(order), {"2026-12-01": 3.5, "2026-12-09": 6.5})
        last.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self._paid(order), {"2026-12-01": 3.5})
        again = self._pay(order.invoice_ids, "2027-01-04")
        self.assertEqual(self._paid(order), {"2026-12-01": 3.5, "2027-01-04": 6.5})
        again.action_draft()
        again.date = "2027-01-02"
        again.action_post()
        self.assertEqual(self._paid(order), {"2026-12-01": 3.5, "2027-01-02": 6.5})

    def test_money_on_account_pays_on_the_day_of_the_invoice(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.customer.id, "amount": 200.0, "date": "2026-11-02", "payment_type": "inbound"}
        )
        payment.action_post()
        order = self._invoiced()
        lines = (order.invoice_ids + payment.move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(self._paid(order), {"2026-11-23": 10})

    def test_set_off_against_a_credit_note_is_no_payment(self):
        order = self._invoiced()
        self._pay(order.invoice_ids, "2026-11-25", order.invoice_ids.amount_total * 0.7)
        back = self._return(order.picking_ids, 3)
        self.assertEqual(back.state, "done")
        with freeze_time("2026-12-05 08:00:00"):
            credit = order._create_invoices(final=True)
            credit.action_post()
            owed = (order.invoice_ids).line_ids.filtered(lambda line: line.display_type == "payment_term")
            owed.reconcile()
        self.assertEqual(order.invoice_ids.mapped("amount_residual"), [0.0, 0.0])
        self.assertEqual(self._paid(order), {"2026-11-25": 7})
        self.assertEqual(self._standing(order.order_line), {"paid": 7, "returned": 3})

    def test_early_payment_discount(self):
        term = self.env["account.payment.term"].create(
            {"name": "2 % in 10 days", "early_discount": True, "discount_percentage": 2, "discount_days": 10}
        )
        order = self._invoiced(payment_term_id=term.id)
        payment = self._pay(order.invoice_ids, "2026-11-30")
        self.assertEqual((payment.amount, order.invoice_ids.amount_residual), (196.0, 0.0))
        self.assertEqual(self._paid(order), {"2026-11-30": 10})

    def test_foreign_currency(self):
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        other.active = True
        other.rate_ids.unlink()
        other.rate_ids = [
            Command.create({"name": day, "rate": rate})
            for day, rate in (("2026-01-01", 2), ("2026-12-01", 4))
        ]
        pricelist = self.env["product.pricelist"].create({"name": "Other", "currency_id": other.id})
        order = self._invoiced(pricelist_id=pricelist.id)
        self._pay(order.invoice_ids, "2026-11-28", order.invoice_ids.amount_total * 0.4)
        self._pay(order.invoice_ids, "2026-12-14")
        self.assertEqual((order.invoice_ids.currency_id, order.invoice_ids.amount_residual), (other, 0.0))
        self.assertEqual(self._paid(order), {"2026-11-28": 4, "2026-12-14": 6})

    def test_same_number_of_queries_for_many_lines(self):
        counts = []
        for number in (2, 6):
            orders = self.env["sale.order"].union(*(self._invoiced() for _ in range(number)))
            for order in orders:
                self._pay(order.invoice_ids, "2026-12-17")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.order_line._compute_fulfilment_ledger()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
