from datetime import datetime
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase

FAR = datetime(2099, 1, 1)


@tagged("post_install", "-at_install")
class TestAmountsGivenBefore(LedgerCase):
    """What we compute at once for a large invoice is what Odoo would have written line by line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["sale.invoice.calendar"].create({"name": "Monthly"})
        tags = cls.env["account.account.tag"].create(
            [{"name": f"T{number}", "applicability": "taxes"} for number in range(2)]
        )
        repartition = [
            Command.create({"repartition_type": "base", "tag_ids": [Command.set(tags[0].ids)]}),
            Command.create({"repartition_type": "tax", "tag_ids": [Command.set(tags[1].ids)]}),
        ]
        cls.excluded = cls.env["account.tax"].create(
            {"name": "19", "amount": 19, "invoice_repartition_line_ids": repartition}
        )
        cls.included = cls.env["account.tax"].create(
            {"name": "7 in", "amount": 7, "price_include_override": "tax_included"}
        )

    def _ship(self, **values):
        order = self._create_order([], **values)
        taxes = [self.excluded, self.included, self.excluded + self.included, self.env["account.tax"]]
        for number, tax in enumerate(taxes * 3):
            price = {
                "price_unit": 3.337 + number,
                "discount": 1.5 * number,
                "tax_ids": [Command.set(tax.ids)],
            }
            line = {"product_id": self.chain.id, "product_uom_qty": number + 1, **price}
            order.order_line = [Command.create(line)]
        order.action_confirm()
        self._process(order.picking_ids)
        return order

    def _amounts(self, given):
        invoicing = self.env["sale.drop.invoicing"]
        with self.env.cr.savepoint(flush=True) as savepoint:
            if given:
                moves = invoicing._invoice_payer(self.customer, self.calendar, FAR)
            else:
                with patch.object(type(invoicing), "_add_amounts", lambda _self, values: values):
                    moves = invoicing._invoice_payer(self.customer, self.calendar, FAR)
            self.env.flush_all()
            names = ("display_type", "amount_currency", "balance", "price_subtotal", "price_total")
            found = [
                [*(line[name] for name in names), line.account_id.id, line.tax_tag_ids.ids, line.tax_ids.ids]
                for line in moves.line_ids.sorted(
                    lambda line: (line.move_id.move_type, line.sequence, line.balance)
                )
            ]
            savepoint.rollback()
        self.env.invalidate_all()
        return found

    def _assert_same(self):
        given, by_odoo = self._amounts(given=True), self._amounts(given=False)
        self.assertGreater(len(given), 12)
        self.assertEqual(given, by_odoo)

    def test_taxes_and_discounts(self):
        self._ship()
        self._assert_same()

    def test_rounded_globally(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self._ship()
        self._assert_same()

    def test_other_currency(self):
        currency = self.env["res.currency"].create({"name": "XTR", "symbol": "X", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 1.37, "currency_id": currency.id, "company_id": self.company.id}
        )
        pricelist = self.env["product.pricelist"].create({"name": "X", "currency_id": currency.id})
        self._ship(pricelist_id=pricelist.id)
        self._assert_same()
