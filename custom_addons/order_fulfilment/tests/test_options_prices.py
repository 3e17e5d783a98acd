from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsPrices(OptionsCase):
    def _price(self, name, **values):
        return self.env["option.price"].create({"value_id": self._value(name).id, **values})

    def _rows(self, line):
        return [(row["name"], row["amount"]) for row in line.option_breakdown]

    def test_breakdown_adds_up_to_the_unit_price(self):
        self._ptav("Speed").price_extra = 300.0
        self._price("700", kind="percent", percent=15.0)
        line = self._add_line("Low", "Speed", "700")
        self.assertEqual(line.price_unit, 1450.0)
        self.assertEqual(
            self._rows(line), [("Test bike", 1000.0), ("Motor: Speed", 300.0), ("Battery: 700", 150.0)]
        )

    def test_variant_option_is_priced_too(self):
        self._price("High", amount=80.0)
        self.assertEqual(self._add_line("High", "City", "400").price_unit, 1080.0)

    def test_the_most_specific_price_counts(self):
        self._price("700", amount=100.0)
        self._price("700", amount=90.0, min_quantity=10)
        self._price("700", amount=50.0, partner_id=self.customer.id)
        other = self.env["res.partner"].create({"name": "Other"})
        order = self._create_order([], partner_id=other.id)
        self.assertEqual(self._add_line("Low", "City", "700", order=order).price_unit, 1100.0)
        self.assertEqual(self._add_line("Low", "City", "700", order=order, quantity=10).price_unit, 1090.0)
        self.assertEqual(self._add_line("Low", "City", "700").price_unit, 1050.0)

    def test_price_of_a_period_and_of_a_price_list(self):
        pricelist = self.env["product.pricelist"].create({"name": "Dealers"})
        self._price("700", amount=100.0, date_to="2020-12-31")
        self._price("700", amount=60.0, pricelist_id=pricelist.id)
        self.assertEqual(self._add_line("Low", "City", "700").price_unit, 1000.0)
        order = self._create_order([], pricelist_id=pricelist.id)
        self.assertEqual(self._add_line("Low", "City", "700", order=order).price_unit, 1060.0)

    def test_pricelist_percentage_applies_to_the_options(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Minus ten",
                "item_ids": [
                    Command.create({"compute_price": "formula", "base": "list_price", "price_discount": 10.0})
                ],
            }
        )
        self._price("700", amount=100.0)
        line = self._add_line("Low", "City", "700", order=self._create_order([], pricelist_id=pricelist.id))
        self.assertEqual(line.price_unit, 990.0)
        self.assertEqual(self._rows(line), [("Test bike", 900.0), ("Battery: 700", 90.0)])

    def test_overlapping_periods_are_refused(self):
        self._price("700", amount=100.0, date_from="2026-01-01", date_to="2026-06-30")
        self._price("700", amount=110.0, date_from="2026-07-01")
        with self.assertRaisesRegex(ValidationError, "OF-OPT-031"):
            self._price("700", amount=120.0, date_from="2026-06-30", date_to="2026-06-30")

    def test_agreed_price_shows_its_difference(self):
        self._ptav("Speed").price_extra = 300.0
        line = self._add_line("Low", "Speed", "700")
        line.price_unit = 1250.0
        self.assertEqual(self._rows(line)[-1], ("Agreed difference", -50.0))

    def test_quantity_per_option(self):
        rack = self.env["product.attribute.value"].create(
            {
                "name": "Spare battery",
                "attribute_id": self.battery.id,
                "is_custom": True,
                "is_option_quantity": True,
                "option_code": "SPARE",
            }
        )
        line = self.bike.attribute_line_ids.filtered(lambda each: each.attribute_id == self.battery)
        line.value_ids |= rack
        self._ptav("Spare battery").price_extra = 200.0
        self.assertEqual(self._add_line("Low", "City", "SPARE:3").price_unit, 1600.0)
        with self.assertRaisesRegex(ValidationError, "OF-OPT-006"):
            self._add_line("Low", "City", "SPARE:0")

    def test_taxes_and_invoice_add_up(self):
        tax = self.env["account.tax"].create({"name": "19", "amount": 19.0, "type_tax_use": "sale"})
        self.bike.write({"taxes_id": [Command.set(tax.ids)], "invoice_policy": "order"})
        self._ptav("Speed").price_extra = 300.0
        line = self._add_line("Low", "Speed", "700", quantity=2)
        self.order.action_confirm()
        invoice = self.order._create_invoices()
        self.assertEqual((self.order.amount_untaxed, self.order.amount_tax), (2600.0, 494.0))
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (2600.0, 494.0))
        self.assertEqual(sum(row["amount"] for row in line.option_breakdown) * 2, invoice.amount_untaxed)

    def test_confirmed_line_replays_after_every_change(self):
        self._speed_needs_big_battery()
        self._ptav("Speed").price_extra = 300.0
        line = self._add_line("Low", "Speed", "700")
        self.order.action_confirm()
        before = line.replay_option_configuration()
        self._ptav("Speed").price_extra = 999.0
        self.bike.list_price = 5.0
        self._rule("excludes", [["Speed"]])
        self.rules.action_release()
        self.assertEqual(line.replay_option_configuration(), before)
        self.assertEqual(before["price_unit"], 1300.0)
        self.assertEqual(before["rule_revisions"][0]["revision"], 1)
        line.write({"option_snapshot": False})
        self.assertEqual(line.option_snapshot, before)

    def test_reports_show_the_breakdown(self):
        self._ptav("Speed").price_extra = 300.0
        self._add_line("Low", "Speed", "700")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "sale.action_report_saleorder", self.order.ids
        )[0]
        self.assertIn(b"Motor: Speed", html)
        self.assertIn(b"300.00", html)
        self.assertEqual(self.order.date_order.date(), fields.Date.today())
