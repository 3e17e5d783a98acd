import re

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .entry_common import EntryGateCase


@tagged("post_install", "-at_install")
class TestEntrySubmit(EntryGateCase):
    def setUp(self):
        super().setUp()
        self.Order = self.env["sale.order"].with_user(self.user)
        self.payload = {
            "customer": "C-100",
            "reference": "PO-SUBMIT",
            "lines": [{"product": "CHAIN-11", "quantity": 40, "unit": "Units"}],
            "confirm": True,
        }

    def _count(self):
        return self.env["sale.order"].search_count([("partner_id", "=", self.customer.id)])

    def test_creates_checks_and_confirms(self):
        answer = self.Order.submit_order(self.payload, "key-1")
        order = self.env["sale.order"].browse(answer["order_id"])
        self.assertEqual((answer["ok"], answer["state"], answer["findings"]), (True, "sale", []))
        self.assertEqual((order.client_order_ref, order.order_line.product_uom_qty), ("PO-SUBMIT", 40))
        self.assertEqual(order.partner_id, self.customer)

    def _create_combo(self):
        lamps = [self._create_product(name, name, list_price=20.0) for name in ("LAMP-LED", "LAMP-HAL")]
        choices = [
            {"name": "Lamp", "combo_item_ids": [Command.create({"product_id": lamp.id}) for lamp in lamps]},
            {"name": "Chain", "combo_item_ids": [Command.create({"product_id": self.chain.id})]},
        ]
        combos = [Command.create(choice) for choice in choices]
        values = {"name": "Light set", "default_code": "SET", "type": "combo", "combo_ids": combos}
        return self.env["product.product"].create({**values, "list_price": 30.0})

    def test_a_combo_is_ordered_with_its_choices(self):
        self._create_combo()
        line = {"product": "SET", "quantity": 2, "options": {"lamp": "lamp-led"}}
        lines = [line, {"product": "CHAIN-11", "quantity": 1}]
        answer = self.Order.submit_order({**self.payload, "lines": lines}, "key-combo")
        order = self.env["sale.order"].browse(answer["order_id"])
        self.assertEqual(self._codes(order), [])
        lines = order.order_line.sorted("sequence")
        quantities = [(line.product_id.default_code, line.product_uom_qty) for line in lines]
        expected = [("SET", 2), ("LAMP-LED", 2), ("CHAIN-11", 2), ("CHAIN-11", 1)]
        self.assertEqual(quantities, expected)
        self.assertEqual(sum(lines[:3].mapped("price_subtotal")), 60)

    def test_a_combo_says_what_has_to_be_chosen(self):
        self._create_combo()
        for more, codes in (
            ({}, ["025"]),
            ({"options": {"Lamp": "X"}}, ["023"]),
            ({"options": {"Lamp": "LAMP-LED", "Bell": "X"}, "price": 9}, ["026", "023"]),
        ):
            payload = {**self.payload, "lines": [{"product": "SET", "quantity": 1, **more}]}
            with self.subTest(more), self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                self.Order.submit_order(payload, "key-combo")
            self.assertEqual([error["code"][-3:] for error in caught.exception.args[1]], codes)

    def test_a_combo_without_its_choices_is_held(self):
        combo = self._create_combo()
        order = self._clean_order(order_line=[Command.create({"product_id": combo.id, "price_unit": 9})])
        self.assertEqual(sorted(self._codes(order)), ["options_incomplete", "price_off_list"])

    def test_same_key_again_returns_the_first_answer(self):
        first = self.Order.submit_order(self.payload, "key-1")
        before = self._count()
        reordered = dict(reversed(list(self.payload.items())))
        self.assertEqual(self.Order.submit_order(reordered, "key-1"), first)
        self.assertEqual(self._count(), before)

    def test_same_key_with_other_content_is_refused(self):
        self.Order.submit_order(self.payload, "key-1")
        before = self._count()
        with self.assertRaisesRegex(UserError, r"\[OF-SUB-409\]"):
            self.Order.submit_order({**self.payload, "reference": "PO-2"}, "key-1")
        self.assertEqual(self._count(), before)

    def test_all_errors_in_one_answer_and_nothing_created(self):
        before = self._count()
        lines = [{"product": "NOPE", "quantity": 1}, {"product": "CHAIN-11", "quantity": 1, "unit": "Zorks"}]
        payload = {"customer": "C-404", "carrier": "Ghost", "lines": lines}
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.Order.submit_order(payload, "key-2")
        errors = {(error["code"], error["path"]) for error in caught.exception.args[1]}
        expected = {("OF-SUB-011", "customer"), ("OF-SUB-014", "carrier"), ("OF-SUB-020", "lines[0].product")}
        self.assertEqual(errors, expected | {("OF-SUB-022", "lines[1].unit")})
        for code, path in errors:
            self.assertIn(f"[{code}] {path}:", str(caught.exception))
        self.assertEqual(self._count(), before)

    def test_wrong_shape_does_not_hide_unknown_codes(self):
        lines = [
            {"product": "NOPE", "quantity": -1},
            7,
            {"product": "CHAIN-11", "quantity": "x", "unit": "Zorks"},
            {"quantity": 1},
        ]
        payload = {"customer": "C-404", "carrier": 5, "pricelist": "Ghost", "lines": lines}
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.Order.submit_order(payload, "key-2")
        self.assertEqual(
            {(error["code"][-3:], error["path"]) for error in caught.exception.args[1]},
            {
                ("004", "carrier"), ("011", "customer"), ("014", "pricelist"),
                ("005", "lines[0].quantity"), ("020", "lines[0].product"), ("001", "lines[1]"),
                ("004", "lines[2].quantity"), ("022", "lines[2].unit"), ("002", "lines[3].product"),
            },
        )  # fmt: skip

    def test_refused_payload_leaves_the_key_free(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.Order.submit_order({**self.payload, "customer": "C-404"}, "key-3")
        self.assertTrue(self.Order.submit_order(self.payload, "key-3")["ok"])

    def test_held_order_stays_a_quotation_with_its_findings(self):
        answer = self.Order.submit_order({**self.payload, "reference": ""}, "key-4")
        self.assertEqual((answer["ok"], answer["state"]), (False, "draft"))
        self.assertEqual([f["code"] for f in answer["findings"]], ["OF-GATE-REFERENCE-MISSING"])
        self.assertIn("[OF-GATE-REFERENCE-MISSING]", answer["error"])
        self.assertEqual(self.env["sale.order"].browse(answer["order_id"]).gate_status, "blocked")

    def test_without_confirm_it_only_checks(self):
        answer = self.Order.submit_order({**self.payload, "confirm": False}, "key-5")
        self.assertEqual((answer["ok"], answer["state"], answer["error"]), (True, "draft", ""))

    def test_window_vat_number_address_and_price(self):
        site = {
            "name": "Site",
            "ref": "SITE-2",
            "type": "delivery",
            "zip": "10117",
            "city": "Berlin",
            "street": "B 2",
        }
        address = self.env["res.partner"].create(
            {**site, "parent_id": self.customer.id, "country_id": self.country.id}
        )
        payload = {**self.payload, "customer": "DE 136695976", "delivery_address": "SITE-2", "confirm": False}
        payload["requested_window"] = {"from": "2030-01-02 08:00:00", "to": "2030-01-02T12:00:00+01:00"}
        payload["lines"] = [
            {"product": "CHAIN-11", "quantity": 40, "price": 19.5, "discount": 2, "text": "Chain"}
        ]
        order = self.env["sale.order"].browse(self.Order.submit_order(payload, "key-6")["order_id"])
        self.assertEqual(order.partner_shipping_id, address)
        self.assertEqual(str(order.commitment_date), "2030-01-02 11:00:00")
        self.assertEqual((order.order_line.price_unit, order.order_line.discount), (19.5, 2))
        order.order_line.product_uom_qty = 50
        self.assertEqual(order.order_line.price_unit, 19.5)  # agreed: another quantity is no other price

    def _configurable(self):
        colour, text = self.env["product.attribute"].create(
            [
                {"name": "Colour", "value_ids": [Command.create({"name": n}) for n in ("Red", "Blue")]},
                {
                    "name": "Engraving",
                    "create_variant": "no_variant",
                    "value_ids": [
                        Command.create({"name": "None"}),
                        Command.create({"name": "Text", "is_custom": True}),
                    ],
                },
            ]
        )
        classes = [
            Command.create(
                {"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]}
            )
            for attribute in (colour, text)
        ]
        return self.env["product.template"].create(
            {"name": "Bell", "list_price": 9, "attribute_line_ids": classes}
        )

    def test_options_by_name(self):
        template = self._configurable()
        line = {"product": "Bell", "quantity": 5, "options": {"colour": "blue", "Engraving": "For Ada"}}
        payload = {**self.payload, "lines": [line], "confirm": False}
        order = self.env["sale.order"].browse(self.Order.submit_order(payload, "key-7")["order_id"])
        self.assertEqual(order.order_line.product_id.product_tmpl_id, template)
        self.assertEqual(order.order_line.product_id.product_template_attribute_value_ids.name, "Blue")
        self.assertEqual(order.order_line.product_custom_attribute_value_ids.custom_value, "For Ada")
        self.assertNotIn("options_incomplete", self._codes(order))
        line["options"] = {"Colour": "Green"}
        with self.assertRaisesRegex(UserError, r"\[OF-SUB-023\] lines\[0\].options.Colour"):
            self.Order.submit_order(payload, "key-8")

    def test_option_class_given_twice(self):
        self._configurable()
        line = {"product": "Bell", "quantity": 5, "options": {"Colour": "Blue", "COLOUR": "Red"}}
        refused = self.assertRaisesRegex(UserError, r"\[OF-SUB-023\] lines\[0\].options.COLOUR: .* twice")
        with refused, self.env.cr.savepoint():
            self.Order.submit_order({**self.payload, "lines": [line]}, "key-twice")

    def test_end_item_made_on_demand_needs_all_its_classes(self):
        frame = self.env["product.attribute"].create(
            {
                "name": "Frame",
                "create_variant": "dynamic",
                "value_ids": [Command.create({"name": n}) for n in "SML"],
            }
        )
        classes = [
            Command.create({"attribute_id": frame.id, "value_ids": [Command.set(frame.value_ids.ids)]})
        ]
        template = self.env["product.template"].create({"name": "Tourer", "attribute_line_ids": classes})
        line = {"product": "Tourer", "quantity": 1}
        with self.assertRaisesRegex(UserError, r"\[OF-SUB-025\] lines\[0\].options: choose Frame"):
            self.Order.submit_order({**self.payload, "lines": [line]}, "key-10")
        payload = {**self.payload, "lines": [{**line, "options": {"frame": "m"}}], "confirm": False}
        order = self.env["sale.order"].browse(
            self.env["sale.order"].submit_order(payload, "key-11")["order_id"]
        )
        self.assertEqual(order.order_line.product_id, template.product_variant_ids)
        self.assertEqual(order.order_line.product_id.product_template_attribute_value_ids.name, "M")

    def test_odd_keys_and_missing_rights(self):
        for key in ("", "   ", None, 7, "x" * 201):
            with self.assertRaisesRegex(UserError, r"\[OF-SUB-400\]"):
                self.Order.submit_order(self.payload, key)
        portal = self._create_user("of_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.Order.with_user(portal).submit_order(self.payload, "key-9")

    def test_odd_content_is_refused_and_makes_nothing(self):
        before = self._count()
        line = {"product": "CHAIN-11", "quantity": 1}
        for path, odd in (
            ("lines[0].quantity", {"lines": [{**line, "quantity": 10**400}]}),
            ("lines[0].discount", {"lines": [{**line, "discount": 101}]}),
            ("lines[0].product", {"lines": [{**line, "product": "  "}]}),
            ("customer", {"customer": False}),
            ("customer", {"customer": " "}),
            ("note", {"note": "half \ud800"}),
        ):
            refused = self.assertRaisesRegex(UserError, f"] {re.escape(path)}: ")
            with self.subTest(odd=repr(odd)), refused, self.env.cr.savepoint():
                self.Order.submit_order({**self.payload, **odd}, "key-odd")
        for key in ("a\x00b", "\ud800", " ", 5):
            with self.subTest(key=repr(key)), self.assertRaisesRegex(UserError, r"\[OF-SUB-400\]"):
                self.Order.submit_order(self.payload, key)
        self.assertEqual(self._count(), before)

    def test_blanks_name_nothing(self):
        answer = self.Order.submit_order({**self.payload, "carrier": " ", "delivery_address": " "}, "key-b")
        self.assertTrue(answer["ok"])
