from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestAccrual(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Berlin"
        cls.accruals = cls.env["fulfilment.accrual"]

    def _rows(self, order, day="2026-11-30"):
        found = self.accruals.get_open_at(day)
        return [row for row in found["lines"] if row["order"] == order.name]

    def _open_amount(self, order, day="2026-11-30"):
        return sum(row["amount"] - row["amount_ahead"] for row in self._rows(order, day))

    def _says_ledger(self, order):
        """What the ledger says is with the customer and not invoiced, at the line's net price."""
        amount = 0.0
        for line in order.order_line:
            ledger = line._get_ledger()
            kept = ledger.reached["shipped"] - ledger.reached["returned"]
            amount += line._get_net_amount(float(kept - ledger.reached["invoiced"]))
        return amount

    @freeze_time("2026-11-20 10:00:00")
    def _shipped(self, quantity=6, lines=None, **values):
        order = self._confirmed(lines, **values)
        self._process(order.picking_ids, quantity)
        return order

    def _invoice(self, order, day):
        with freeze_time(f"{day} 12:00:00"):
            invoice = order._create_invoices()
            invoice.invoice_date = day
            invoice.action_post()
        return invoice

    def test_from_shipment_to_invoice(self):
        order = self._shipped()
        self._invoice(order, "2026-11-25")
        by_day = {day: self._open_amount(order, f"2026-11-{day}") for day in ("19", "20", "24", "25", "30")}
        self.assertEqual(by_day, {"19": 0, "20": 120, "24": 120, "25": 0, "30": 0})

    def test_the_day_is_the_companys(self):
        with freeze_time("2026-11-30 23:30:00"):  # 0:30 on 1 December in Berlin
            order = self._confirmed()
            self._process(order.picking_ids)
        self.assertEqual(self._open_amount(order, "2026-11-30"), 0)
        self.assertEqual(self._open_amount(order, "2026-12-01"), 200)

    def test_the_next_days_invoice_is_not_in_where_the_day_ends_later(self):
        self.company.partner_id.tz = "America/New_York"
        order = self._shipped()
        self._invoice(order, "2026-12-01")
        self.assertEqual(self._open_amount(order, "2026-11-30"), 120)
        self.assertEqual(self._rows(order, "2026-12-01"), [])

    def test_return_and_credit(self):
        order = self._shipped(10)
        self._invoice(order, "2026-11-21")
        with freeze_time("2026-11-26 10:00:00"):
            self._return(order.picking_ids, 3)
        self.assertEqual(self._rows(order, "2026-11-26")[0]["amount_ahead"], 60)
        self._invoice_credit(order, "2026-11-28")
        self.assertEqual(self._rows(order), [])
        self.assertEqual(self._says_ledger(order), 0)

    def test_a_return_that_leaves_the_charge_as_it_is(self):
        order = self._shipped(10)
        with freeze_time("2026-11-26 10:00:00"):
            self._return(order.picking_ids, 3, to_refund=False)
        line = order.order_line
        self.assertEqual((self._open_amount(order), line.qty_to_invoice), (200, 10))
        self.assertEqual(line._get_ledger().standing["returned"], 3)
        self.customer.invoice_trigger = "proof"
        self.env["delivery.proof"].register("p", order.picking_ids[0].id, {"signer": "A"})
        self.assertEqual(line.qty_to_invoice, 10)
        invoice = self._invoice(order, "2026-11-28")
        self.assertEqual((invoice.amount_untaxed, self._open_amount(order)), (200, 0))

    def _invoice_credit(self, order, day):
        with freeze_time(f"{day} 12:00:00"):
            credit = order._create_invoices(final=True)
            credit.invoice_date = day
            credit.action_post()

    def test_discount_unit_and_included_tax(self):
        tax = self.env["account.tax"].create(
            {"name": "19 in", "amount": 19, "price_include_override": "tax_included"}
        )
        order = self._create_order([])
        dozen = {"product_uom_id": self.env.ref("uom.product_uom_dozen").id, "product_uom_qty": 3}
        price = {"price_unit": 99.99, "discount": 7.5, "tax_ids": [Command.set(tax.ids)]}
        order.order_line = [Command.create({"product_id": self.chain.id, **dozen, **price})]
        with freeze_time("2026-11-20 10:00:00"):
            order.action_confirm()
            self._process(order.picking_ids, 12)
        open_amount = self._open_amount(order)
        invoice = self._invoice(order, "2026-12-01")
        self.assertEqual(open_amount, invoice.amount_untaxed)
        self.assertEqual(self._rows(order)[0]["quantity"], 1)
        self.assertEqual(self._rows(order, "2026-12-01"), [])

    def test_other_currency_at_the_rate_of_the_day(self):
        currency = self.env["res.currency"].create({"name": "XTR", "symbol": "X", "rounding": 0.01})
        for day, rate in (("2026-11-01", 2.0), ("2026-11-30", 4.0)):
            self.env["res.currency.rate"].create(
                {"name": day, "rate": rate, "currency_id": currency.id, "company_id": self.company.id}
            )
        pricelist = self.env["product.pricelist"].create({"name": "X", "currency_id": currency.id})
        order = self._shipped(pricelist_id=pricelist.id)
        row = self._rows(order, "2026-11-29")[0]
        self.assertEqual(row["amount_currency"], self._says_ledger(order))
        self.assertEqual(row["amount"], row["amount_currency"] / 2)
        self.assertEqual(self._rows(order)[0]["amount"], row["amount_currency"] / 4)

    def test_refused_is_never_charged_back_or_not(self):
        order = self._shipped(10)
        lines = [
            {"move_id": order.picking_ids.move_ids.id, "delivered": 7, "refused": 3, "reason": "damaged"}
        ]
        proof = self.env["delivery.proof"].register(
            "k", order.picking_ids.id, {"signer": "A", "signed_at": "2026-11-21 10:00:00"}, lines
        )
        self.assertEqual(self._open_amount(order, "2026-11-20"), 200)
        self.assertEqual(self._open_amount(order), 140)
        with freeze_time("2026-11-23 10:00:00"):
            self._process(order.picking_ids.filtered(lambda item: item.name == proof["return"]))
        self.assertEqual(self._open_amount(order), 140)

    def test_invoiced_ahead(self):
        self.chain.invoice_policy = "order"
        order = self._confirmed()
        self._invoice(order, "2026-11-25")
        row = self._rows(order)[0]
        self.assertEqual((row["amount"], row["amount_ahead"], row["quantity_ahead"]), (0, 200, 10))

    def test_screen_lists_the_same(self):
        order = self._shipped()
        wizard = self.accruals.create({"as_of": date(2026, 11, 30)})
        action = wizard.action_show()
        rows = self.env["fulfilment.accrual.line"].search(action["domain"])
        row = rows.filtered(lambda row: row.order_id == order)
        self.assertEqual((row.quantity, row.amount, str(row.last_shipped)[:10]), (6, 120, "2026-11-20"))
        self.assertEqual(sum(rows.mapped("amount")), self.accruals.get_open_at("2026-11-30")["amount"])

    def test_bad_day_and_rights(self):
        for bad in ("yesterday", "", None, "2026-13-01"):
            with self.assertRaisesRegex(UserError, r"\[OF-ACC-001\]"):
                self.accruals.get_open_at(bad)
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(AccessError, r"\[OF-ACC-002\]"):
            self.accruals.with_user(self.manager).get_open_at("2026-11-30", other.id)
        for odd in (True, 1.5, [True], {"id": 1}, 10**30, float("nan")):
            with self.assertRaisesRegex(AccessError, r"\[OF-ACC-002\]"):
                self.accruals.get_open_at("2026-11-30", odd)
        elsewhere = self.accruals.create({"as_of": "2026-11-30", "company_id": other.id})
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.manager).action_show()
        with self.assertRaises(AccessError):
            self.accruals.with_user(self.user).get_open_at("2026-11-30")
