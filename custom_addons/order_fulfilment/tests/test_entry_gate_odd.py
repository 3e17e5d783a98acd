"""Orders that are odd in what a check looks at: far dates, other currencies, rebates, other payers."""

from unittest.mock import patch

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .entry_common import EntryGateCase


@tagged("post_install", "-at_install")
class TestEntryGateOdd(EntryGateCase):
    def test_no_client_writes_what_tells_duplicates(self):
        order = self._clean_order().with_user(self.user)
        for name in ("reference_key", "reference_claim", "content_key", "gate_status"):
            before = order[name]
            with self.assertRaisesRegex(AccessError, name):
                order.write({name: False})
            self.assertEqual(order[name], before)
        values = {"partner_id": self.customer.id, "client_order_ref": "PO-X", "reference_key": "Y"}
        with self.assertRaisesRegex(AccessError, "reference_key"):
            order.create(values)

    def test_slip_in_the_year_does_not_stop_the_gate(self):
        self.customer.receiving_calendar_id = self.env["resource.calendar"].create({"name": "Days"})
        late = self._clean_order(commitment_date="9999-12-31 23:30:00")  # 2999-12-31 is a Tuesday
        early = self._clean_order(14, commitment_date="0001-01-01 00:00:00")
        verdicts = (late | early)._gate_evaluate()
        self.assertEqual([verdict.check for verdict in verdicts[late.id]], [])
        self.assertIn("date_past", [verdict.check for verdict in verdicts[early.id]])

    def test_day_of_receipt_is_that_of_the_calendar(self):
        """23:30 UTC on Sunday is Monday in Berlin, also where nobody set a time zone on the address."""
        self.customer.tz = self.company.partner_id.tz = False
        calendar = self.env["resource.calendar"].create({"name": "Mo-Fr", "tz": "Europe/Berlin"})
        self.customer.receiving_calendar_id = calendar
        order = self._clean_order(commitment_date="2030-01-06 23:30:00")
        self.assertEqual(self._codes(order), [])
        order.commitment_date = "2030-01-06 12:00:00"
        self.assertEqual(self._codes(order), ["date_not_receiving"])

    def test_last_day_of_sale_is_the_company_s_day(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self.chain.product_tmpl_id.phase_out_date = "2030-03-01"
        with freeze_time("2030-03-01 10:00:00"):  # still the first in Auckland
            order = self._clean_order()
            self.assertNotIn("product_not_sold", self._codes(order))
        with freeze_time("2030-03-01 11:00:00"):  # the second in Auckland, the first at the customer's
            self.assertIn("product_not_sold", self._codes(order))
            with self.assertRaisesRegex(UserError, "Chain 11-speed"):
                self._clean_order()

    def test_verdict_does_not_depend_on_who_asks(self):
        self.customer.tz = self.company.partner_id.tz = False
        order = self._clean_order()
        for zone in ("Pacific/Auckland", "America/Los_Angeles"):
            self.user.tz = zone
            asked = order.with_user(self.user).sudo()
            self.assertEqual(asked._gate_timezone(), self.company.resource_calendar_id.tz)

    def test_payer_on_hold(self):
        payer = self.customer.copy({"name": "Payer", "vat": "DE129273398", "order_hold": True})
        order = self._clean_order(partner_invoice_id=payer.id)
        self.assertIn("customer_on_hold", self._codes(order))
        payer.order_hold = False
        self.assertNotIn("customer_on_hold", self._codes(order))

    def test_customer_who_wants_no_notices_needs_no_contact_for_them(self):
        self.customer.write({"email": False, "phone": False})
        order = self._clean_order()
        self.assertEqual(self._codes(order), ["notice_contact_missing"])
        self.customer.delivery_notice = "none"
        self.assertEqual(self._codes(order), [])

    def test_part_of_a_country(self):
        spain = self.env.ref("base.es")
        position = {"country_id": spain.id, "auto_apply": True}
        canary = {**position, "name": "Canary", "zip_from": "35000", "zip_to": "35999", "sequence": 9}
        general, canary = self.env["account.fiscal.position"].create([{**position, "name": "Spain"}, canary])
        self.customer.write({"country_id": spain.id, "zip": "28001", "vat": "ESB58378431"})
        order = self._clean_order(fiscal_position_id=canary.id)
        self.assertIn("fiscal_mismatch", self._codes(order))
        order.fix_finding("fiscal_mismatch:0")
        self.assertEqual(order.fiscal_position_id, general)
        self.assertNotIn("fiscal_mismatch", self._codes(order))

    def test_what_is_kept_in_memory_counts_anew_when_it_changes(self):
        order = self._clean_order()
        self.assertEqual(self._codes(order), [])
        self.customer.country_id.state_required = True
        self.assertEqual(self._codes(order), ["address_incomplete"])
        self.customer.country_id.state_required = False
        carriers = self.env["delivery.carrier"].search([])
        carriers.country_ids = self.env.ref("base.fr")
        self.assertEqual(self._codes(order), ["carrier_unreachable"] if carriers else [])
        carriers.country_ids = False
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        order.fiscal_position_id = position
        self.assertEqual(self._codes(order), [])
        position.country_id = self.env.ref("base.fr")
        self.assertEqual(self._codes(order), ["fiscal_mismatch"])

    def test_what_only_looks_like_a_reference(self):
        order = self._clean_order()
        for text in ("-", "  ", "\u200b", "…"):
            with self.subTest(text):
                order.client_order_ref = text
                self.assertEqual(self._codes(order), ["reference_missing"])

    def test_carrier_that_is_no_longer_used(self):
        carrier = self.env["delivery.carrier"].search([("delivery_type", "=", "fixed")], limit=1).copy()
        order = self._clean_order(carrier_id=carrier.id)
        self.assertEqual(self._codes(order), [])
        carrier.active = False
        self.assertEqual(self._codes(order), ["carrier_unreachable"])

    def test_flags_of_lines_that_odoo_adds_open_nothing_for_goods(self):
        order = self._clean_order()
        order.order_line.write({"is_delivery": True, "price_unit": 0})
        self.assertEqual(self._codes(order), ["price_zero"])
        order.order_line.write({"is_delivery": False, "is_expense": True, "price_unit": 20})
        self.chain.sale_ok = False
        self.assertEqual(self._codes(order), ["product_not_sold"])

    def test_date_that_means_never(self):
        order = self._clean_order(commitment_date="9999-12-31 12:00:00")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_many_at_once_one_without_a_warehouse_stops_no_other(self):
        """Odoo's warning that leads elsewhere is no ``UserError``."""
        good, bad = self._clean_order(21), self._clean_order(22)
        original = type(good)._action_confirm

        def _action_confirm(orders):
            if bad in orders:
                raise RedirectWarning(self.env._("no warehouse"), 1, "Go to Warehouses")
            return original(orders)

        with patch.object(type(good), "_action_confirm", _action_confirm):
            results = (good | bad).confirm_checked()
        self.assertEqual([result["ok"] for result in results], [True, False])
        self.assertEqual(results[1]["error"], "no warehouse")
        self.assertEqual((good.state, bad.state), ("sale", "draft"))

    def test_override_reason_the_database_cannot_hold(self):
        self.env.user.group_ids += self.env.ref("order_fulfilment.group_gate_override")
        order = self._clean_order()
        order.order_line.discount = 9
        key = f"discount_over_limit:{order.order_line.id}"
        with self.assertRaisesRegex(UserError, r"\[OF-GATE-REASON\]"):
            order.override_finding(key, "\x00\x00\x00\x00\x00\x00")
        log = self.env["order.override"].browse(order.override_finding(key, "agreed\x00 with Jo"))
        self.assertEqual(log.reason, "agreed with Jo")


@tagged("post_install", "-at_install")
class TestEntryPriceOdd(EntryGateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yen = cls.env.ref("base.JPY")
        cls.yen.active = True
        rate = {"currency_id": cls.yen.id, "name": "2020-01-01", "rate": 160.0, "company_id": cls.company.id}
        cls.env["res.currency.rate"].create(rate)
        cls.in_yen = cls.env["product.pricelist"].create({"name": "Yen", "currency_id": cls.yen.id})

    def test_cost_is_compared_in_the_company_s_currency(self):
        """0.30 and 0.40 are both nothing in whole yen, and are not the same."""
        screw = self._create_product("Screw", "SCREW", list_price=0.3, standard_price=0.4)
        self.Check.search([("code", "!=", "price_under_cost")]).severity = "off"
        order = self._clean_order(pricelist_id=self.in_yen.id)
        order.order_line = [
            Command.clear(),
            Command.create({"product_id": screw.id, "product_uom_qty": 1000}),
        ]
        self.assertEqual(order.order_line.price_unit, 48)
        self.assertEqual(self._codes(order), ["price_under_cost"])
        screw.standard_price = 0.3
        self.assertEqual(self._codes(order), [])

    def test_tolerance_and_amounts_include_their_ends(self):
        self.Check.search([("code", "!=", "price_off_list")]).severity = "off"
        check = self.Check._by_code("price_off_list")
        check.number = 5
        self.chain.list_price = 1.0
        order = self._clean_order(160, pricelist_id=self.in_yen.id)
        order.order_line.price_unit = 152
        self.assertEqual(self._codes(order), [])
        order.order_line.price_unit = 151
        self.assertEqual(self._codes(order), ["price_off_list"])
        for ends, found in (((151, 151), 1), ((151.01, 0), 0), ((0, 150.99), 0)):
            check.write({"amount_min": ends[0], "amount_max": ends[1]})
            self.assertEqual(len(self._codes(order)), found, ends)

    def test_price_of_less_than_a_cent_is_a_price(self):
        self.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 4
        self.chain.write({"list_price": 0.004, "standard_price": 0.003})
        order = self._clean_order(1000)
        self.assertEqual((order.order_line.price_subtotal, self._codes(order)), (4.0, []))
        self.chain.standard_price = 0.0045
        self.assertEqual(self._codes(order), ["price_under_cost"])

    def test_rounding_of_a_price_is_not_off_the_list(self):
        self.chain.write({"list_price": 0.1, "standard_price": 0.0})
        rule = {"compute_price": "formula", "base": "list_price", "price_discount": 87}
        pricelist = self.env["product.pricelist"].create({"name": "87", "item_ids": [Command.create(rule)]})
        order = self._clean_order(pricelist_id=pricelist.id)
        order.order_line.price_unit = 0.01  # as a person reads 0.013: 23 % less
        self.assertEqual(self._codes(order), [])
        order.order_line.price_unit = 0.02
        self.assertEqual(self._codes(order), ["price_off_list"])

    def test_rebate_on_the_order_counts_as_discount(self):
        order = self._clean_order()  # 260
        values = {"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": 0.05}
        self.env["sale.order.discount"].create(values).action_apply_discount()
        self.assertEqual(self._codes(order), [])
        order.order_line[-1].price_unit *= 1.1
        self.assertEqual(self._codes(order), ["discount_over_limit"])
        self.user.order_discount_limit = 6
        self.assertEqual(self._codes(order), [])

    def test_credit_limit_of_an_order_in_another_currency(self):
        self.customer.credit_limit = 260
        order = self._clean_order(pricelist_id=self.in_yen.id)  # 41,600 yen
        self.assertEqual((order.amount_total, self._codes(order)), (41600, []))
        self.customer.credit_limit = 259.99
        self.assertEqual(self._codes(order), ["credit_limit"])
