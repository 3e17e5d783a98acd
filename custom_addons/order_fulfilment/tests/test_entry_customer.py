from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .entry_common import EntryGateCase


@tagged("post_install", "-at_install")
class TestEntryCustomer(EntryGateCase):
    twin = {"name": "Velo-Test", "street": "Testweg 1", "zip": "10115", "is_company": True}

    def test_near_duplicates_are_offered_with_their_reasons(self):
        found = self.env["res.partner"].with_user(self.user).find_similar({**self.twin, "country_id": "DE"})
        match = next(customer for customer in found if customer["id"] == self.customer.id)
        self.assertEqual(match["reasons"], ["name", "address"])
        self.assertTrue(match["certain"])
        self.assertEqual(self.env["res.partner"].find_similar({"name": "Quite Another Firm"}), [])

    def test_search_for_customers_in_a_country_that_is_none(self):
        for country in (10**6, [1], {"id": 1}):
            self.assertEqual(self.env["res.partner"].find_similar({"country_id": country}), [])

    def test_form_offers_before_saving(self):
        form = Form(self.env["res.partner"], "order_fulfilment.res_partner_view_form_define")
        form.name = "Velo Test"
        form.phone = "030/1234567"
        self.assertIn(self.customer.id, [known["id"] for known in form.similar_customers])

    def test_defined_customer_with_a_certain_twin_needs_a_reason(self):
        values = {**self.twin, "country_id": self.country.id, "is_order_customer": True}
        with self.assertRaisesRegex(UserError, r"\[OF-CUS-001\].*Velo Test GmbH"), self.env.cr.savepoint():
            self.env["res.partner"].create(values)
        twin = self.env["res.partner"].create({**values, "duplicate_reason": "own legal entity since May"})
        self.assertTrue(twin.exists())

    def test_import_goes_through_the_same_check(self):
        fields = ["name", "street", "zip", "country_id", "is_company", "is_order_customer"]
        rows = [
            ["Velo-Test", "Testweg 1", "10115", "Germany", "1", "1"],
            ["New Firm", "Weg 9", "10117", "Germany", "1", "1"],
        ]
        result = self.env["res.partner"].load(fields, rows)
        self.assertIn("[OF-CUS-001]", result["messages"][0]["message"])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "New Firm")]))

    def test_ordinary_partner_is_not_hindered(self):
        self.assertTrue(self.env["res.partner"].create({**self.twin, "country_id": self.country.id}))

    def test_wrong_vat_number_of_a_defined_customer(self):
        with self.assertRaisesRegex(UserError, r"\[OF-CUS-002\]"):
            self.env["res.partner"].create(
                {
                    "name": "X Ltd",
                    "vat": "DE136695977",
                    "country_id": self.country.id,
                    "is_order_customer": True,
                }
            )

    def test_completeness_says_what_is_missing_and_why(self):
        partner = self.env["res.partner"].create(
            {"name": "Half", "is_company": True, "country_id": self.country.id}
        )
        self.assertLess(partner.customer_completeness, 60)
        missing = {item["field"]: item["reason"] for item in partner.customer_missing}
        self.assertIn("vat", missing)
        self.assertTrue(all(missing.values()))
        before = partner.customer_completeness
        partner.write({"street": "S 1", "city": "B", "zip": "10115"})
        self.assertGreater(partner.customer_completeness, before)

    def test_define_customer_by_codes(self):
        payload = {
            "name": "Fresh Bikes",
            "ref": "C-900",
            "country": "DE",
            "street": "Neuweg 3",
            "zip": "10119",
            "city": "Berlin",
            "shipping": "one",
            "contacts": [{"purpose": "notices", "name": "Gate", "email": "gate@fresh.test"}],
            "addresses": [
                {"ref": "C-900-1", "street": "Hof 1", "zip": "10119", "city": "Berlin", "country": "DE"}
            ],
        }
        answer = self.env["res.partner"].with_user(self.manager).define_customer(payload)
        customer = self.env["res.partner"].browse(answer["customer_id"])
        self.assertEqual(customer.notice_contact_id.email, "gate@fresh.test")
        self.assertEqual(sorted(customer.child_ids.mapped("type")), ["contact", "delivery"])
        self.assertEqual(self._order_of(customer).picking_policy, "one")

    def _order_of(self, customer):
        return self.env["sale.order"].create({"partner_id": customer.id})

    def test_define_customer_names_all_mistakes(self):
        payload = {
            "name": "X",
            "country": "Atlantis",
            "shipping": "never",
            "colour": 1,
            "contacts": [{"purpose": "fun"}],
        }
        with self.assertRaises(UserError) as caught:
            self.env["res.partner"].define_customer(payload)
        for code in ("OF-CUS-011", "OF-CUS-012", "OF-CUS-013", "OF-CUS-014"):
            self.assertIn(code, str(caught.exception))

    def test_define_customer_needs_the_right_to_create(self):
        portal = self._create_user("of_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(portal).define_customer({"name": "X"})

    def test_shipping_policy_of_the_customer_before_the_general_one(self):
        self.env["ir.default"].set("sale.order", "picking_policy", "one")
        self.assertEqual(self._clean_order().picking_policy, "one")
        self.customer.order_shipping_policy = "direct"
        self.assertEqual(self._clean_order().picking_policy, "direct")
        self.assertEqual(self._clean_order(picking_policy="one").picking_policy, "one")


@tagged("post_install", "-at_install")
class TestEntryCallerDesk(EntryGateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._clean_order(client_order_ref="PO-00777", quantity=2)
        cls._stock(cls.chain, 100)
        cls.order.action_confirm()
        cls.desk = cls.env["caller.desk"].with_user(cls.user)

    def _ship(self, lot=None):
        picking = self.order.picking_ids
        if lot:
            picking.move_ids.move_line_ids.lot_id = lot
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    def _found(self, query, code="10115"):
        answer = self.desk.find(query, code)
        return answer["found"] and answer["card"]["customer"]["id"] == self.customer.id

    def test_any_number_and_the_post_code_open_the_card(self):
        picking = self._ship()
        invoice = self.order._create_invoices()
        invoice.action_post()
        for query in (
            self.order.name,
            self.order.name.lower(),
            "p0 777",
            picking.name,
            invoice.name,
            "030/1234567",
        ):
            self.assertTrue(self._found(query), query)

    def test_serial_number_opens_the_card(self):
        tracked = self._create_product("Tourer", "TOURER", tracking="serial")
        lot = self.env["stock.lot"].create({"name": "SN-4711", "product_id": tracked.id})
        self.env["stock.quant"]._update_available_quantity(tracked, self.stock_location, 1, lot_id=lot)
        self.order = self._create_order([(tracked, 1)], client_order_ref="PO-T")
        self.Check.search([]).severity = "warn"
        self.order.action_confirm()
        self._ship()
        self.assertTrue(self._found("sn-4711"))

    def test_card_shows_orders_status_and_lateness(self):
        card = self.desk.find(self.order.name, "D-10115")["card"]
        self.assertEqual(card["order"]["name"], self.order.name)
        self.assertIn(self.earlier_order.name, [order["name"] for order in card["orders"]])
        self.assertFalse(card["order"]["late"])
        self.order.commitment_date = "2020-01-01 10:00:00"
        self.assertTrue(self.desk.find(self.order.name, "10115")["card"]["order"]["late"])

    def test_wrong_post_code_looks_like_an_unknown_number(self):
        nothing = {"found": False, "card": {}}
        for query, code in (
            (self.order.name, "10117"),
            (self.order.name, ""),
            ("S99999999", "10115"),
            ("", "10115"),
        ):
            self.assertEqual(self.desk.find(query, code), nothing)

    def test_orders_of_colleagues_are_found(self):
        seller = self._create_user("of_seller", "order_fulfilment.group_user,sales_team.group_sale_salesman")
        self.order.user_id = self.manager
        self.assertTrue(self.env["caller.desk"].with_user(seller).find(self.order.name, "10115")["found"])

    def test_other_company_is_not_found(self):
        other = self.env["res.company"].create({"name": "Other company"})
        user = self._create_user("of_other", "order_fulfilment.group_user")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.env["caller.desk"].with_user(user).find(self.order.name, "10115")["found"])

    def test_desk_is_for_its_users(self):
        internal = self._create_user("of_internal", "base.group_user")
        with self.assertRaisesRegex(AccessError, r"\[OF-DESK-001\]"):
            self.env["caller.desk"].with_user(internal).find(self.order.name, "10115")

    def test_reference_shared_by_many_customers(self):
        strangers = self.env["res.partner"].create([{"name": f"N {n}", "zip": "99999"} for n in range(30)])
        values = [{"partner_id": stranger.id, "client_order_ref": "PO 777"} for stranger in strangers]
        self.env["sale.order"].create(values)
        self.assertTrue(self._found("PO-00777"))

    def test_full_width_and_what_no_number_is(self):
        self.assertTrue(self._found(self.order.name, "\uff11\uff10\uff11\uff11\uff15"))
        for query in ("S\x00001", "S\ud8001", "9" * 10_000, "%", ["S"], {"a": 1}):
            self.assertEqual(self.desk.find(query, "10115"), {"found": False, "card": {}})
