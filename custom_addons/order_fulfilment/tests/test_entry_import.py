import base64
import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderFulfilmentCase

HEADER = ("Order", "SKU", "Text", "Qty", "Date", "Price", "Customer", "Unit")


@tagged("post_install", "-at_install")
class OrderImportCase(OrderFulfilmentCase):
    """Imports small workbooks the way another system does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.ref = "V-1"
        cls.profile = cls.env["order.import.profile"].create(
            {
                "name": "Shop",
                "source": "shop",
                "cancellation_marker": "C",
                "tz": "Europe/Berlin",
                "column_ids": [
                    Command.create({"field": field, "header": header})
                    for field, header in zip(
                        (
                            "order_key",
                            "product_code",
                            "description",
                            "quantity",
                            "date",
                            "price",
                            "customer_ref",
                            "uom",
                        ),
                        HEADER,
                        strict=True,
                    )
                ],
            }
        )

    def _workbook(self, rows, header=HEADER):
        book = openpyxl.Workbook()
        for row in (header, *rows):
            book.active.append(list(row))
        stream = io.BytesIO()
        book.save(stream)
        return base64.b64encode(stream.getvalue()).decode()

    def _row(
        self, key="1", code="CHAIN-11", quantity=2, price=9.5, customer="V-1", date="2026-11-23", unit=""
    ):
        return (key, code, "A chain", quantity, date, price, customer, unit)

    def _import(self, rows, dry_run=False, name="shop.xlsx", user=None):
        imports = self.env["order.import"].with_user(user or self.user)
        return imports.import_workbook(name, self._workbook(rows), "Shop", dry_run)

    def _orders(self):
        return self.env["sale.order"].search([("import_source", "=", "shop")])

    def _codes(self, answer):
        return [(row["order"], row["row"], row["code"]) for row in answer["refused"]]


class TestOrderImport(OrderImportCase):
    def test_an_order_is_created_as_written(self):
        answer = self._import([self._row(), self._row(code="PADS-01", quantity=3, price=0.125)])
        order = self._orders()
        self.assertEqual(answer["state"], "done")
        self.assertEqual(answer["orders"][0]["order"], order.name)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.order_line.mapped("price_unit"), [9.5, 0.125])
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [2.0, 3.0])
        self.assertEqual(str(order.date_order), "2026-11-22 23:00:00")
        self.assertEqual(order.state, "draft")

    def test_the_same_file_again_creates_nothing(self):
        self._import([self._row("1"), self._row("2")])
        answer = self._import([self._row("1"), self._row("2")], name="copy.xlsx")
        self.assertEqual(len(self._orders()), 2)
        self.assertEqual(answer["counts"]["existing"], 2)
        self.assertEqual(answer["counts"]["accepted"], 0)

    def test_the_same_number_with_other_content_is_refused(self):
        self._import([self._row("1")])
        answer = self._import([self._row("1", quantity=3)])
        self.assertEqual(self._codes(answer), [("1", 2, "OF-IMP-058")])
        self.assertEqual(self._orders().order_line.product_uom_qty, 2)

    def test_a_faulty_row_refuses_its_order_and_no_other(self):
        answer = self._import([self._row("1"), self._row("2"), self._row("2", quantity=0)])
        self.assertEqual(self._orders().mapped("import_key"), ["1"])
        self.assertEqual(self._codes(answer), [("2", 4, "OF-IMP-034")])
        self.assertIn('File "shop.xlsx", sheet "Sheet", row 4, column "Qty"', answer["refused"][0]["message"])

    def test_dry_run_and_real_run_give_the_same_verdict(self):
        rows = [
            self._row("1"),
            self._row("2", customer="?"),
            self._row("3", code="?"),
            self._row("C1", quantity=-2),
        ]
        dry = self._import(rows, dry_run=True)
        self.assertEqual(dry["state"], "checked")
        self.assertFalse(self._orders())
        real = self._import(rows)
        self.assertEqual(self._codes(dry), [("2", 3, "OF-IMP-052"), ("3", 4, "OF-IMP-054")])
        self.assertEqual(self._codes(dry), self._codes(real))
        self.assertEqual(
            [(order["key"], order["state"]) for order in dry["orders"]],
            [(order["key"], order["state"]) for order in real["orders"]],
        )

    def test_a_check_is_followed_by_the_import_of_the_same_file(self):
        run = self.env["order.import"].browse(self._import([self._row()], dry_run=True)["id"])
        run.with_user(self.user).action_import()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self._orders()), 1)

    def test_unknown_customers_and_products_are_created_if_the_profile_says_so(self):
        self.profile.write(
            {"unknown_customer": "create", "unknown_product": "create", "charge_codes": "POST, F*"}
        )
        self._import([self._row(customer="77", code="NEW"), self._row(customer="77", code="freight")])
        order = self._orders()
        self.assertEqual(order.partner_id.ref, "77")
        self.assertEqual(order.order_line.product_id.mapped("type"), ["consu", "service"])

    def test_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        dozen.active = True
        answer = self._import(
            [self._row("1", unit=dozen.name), self._row("2", unit="furlong"), self._row("3", unit="kg")]
        )
        self.assertEqual(self._codes(answer), [("2", 3, "OF-IMP-046"), ("3", 4, "OF-IMP-056")])
        self.assertEqual(self._orders().order_line.product_uom_id, dozen)

    def test_two_products_with_one_code(self):
        self._create_product("Other chain", "CHAIN-11")
        answer = self._import([self._row()])
        self.assertEqual(self._codes(answer), [("1", 2, "OF-IMP-055")])

    def test_two_customers_in_one_order(self):
        self.customer.copy({"ref": "V-2"})
        answer = self._import([self._row(), self._row(customer="V-2")])
        self.assertEqual(self._codes(answer), [("1", 2, "OF-IMP-051")])

    def test_a_quantity_is_never_rounded(self):
        answer = self._import([self._row(quantity=0.001)])
        self.assertEqual(self._codes(answer), [("1", 2, "OF-IMP-047")])

    def test_what_odoo_refuses_stays_out_alone(self):
        imports = type(self.env["order.import"])
        prepare = imports._prepare_order_vals

        def refuse(run, order, resolved):
            if order.key == "2":
                raise ValidationError("not this one")  # pylint: disable=translation-required
            return prepare(run, order, resolved)

        with patch.object(imports, "_prepare_order_vals", refuse):
            answer = self._import([self._row("1"), self._row("2"), self._row("3")])
        self.assertEqual(sorted(self._orders().mapped("import_key")), ["1", "3"])
        self.assertEqual(self._codes(answer), [("2", 3, "OF-IMP-059")])

    def test_orders_are_confirmed_if_the_profile_says_so(self):
        self.profile.confirm = True
        self._import([self._row()])
        self.assertEqual(self._orders().state, "sale")

    def test_annotated_workbook(self):
        answer = self._import([self._row("1"), self._row("2"), self._row("2", quantity=0)])
        result = self.env["order.import"].with_user(self.user).import_annotated(answer["id"])
        self.assertEqual(result["filename"], "shop - result.xlsx")
        stream = io.BytesIO(base64.b64decode(result["content_base64"]))
        rows = [row[8:] for row in openpyxl.load_workbook(stream).active.iter_rows(values_only=True)]
        self.assertEqual(rows[0], ("Import status", "Import reason", "Sales order"))
        self.assertEqual(rows[1], ("imported", None, self._orders().name))
        self.assertEqual(rows[2][:2], ("refused", "[OF-IMP-050] Refused with its order because of row 4."))
        self.assertEqual(rows[3][1][:40], '[OF-IMP-034] column "Qty": The quantity ')

    def test_a_copy_does_not_carry_the_key(self):
        self._import([self._row()])
        self.assertFalse(self._orders().copy().import_key)


class TestOrderImportAccess(OrderImportCase):
    def test_others_may_not_import(self):
        clerk = self._create_user("clerk", "base.group_user")
        with self.assertRaisesRegex(AccessError, "Order Fulfilment: User"):
            self._import([self._row()], user=clerk)

    def test_users_do_not_write_verdicts_or_profiles(self):
        answer = self._import([self._row()])
        run = self.env["order.import"].browse(answer["id"]).with_user(self.user)
        for record in (run, run.order_ids, run.line_ids, self.profile.with_user(self.user)):
            with self.assertRaises(AccessError):
                record.write({"company_id": self.company.id})

    def test_a_switched_off_capability_imports_nothing(self):
        group = self.env.ref("order_fulfilment.group_use_entry")
        self.env.ref("base.group_user").implied_ids -= group
        with self.assertRaisesRegex(UserError, "OF-IMP-074"):
            self._import([self._row()])

    def test_missing_and_foreign_runs_look_the_same(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["order.import"].sudo().create({"name": "x.csv", "company_id": other.id})
        imports = self.env["order.import"].with_user(self.user)
        for import_id in (foreign.id, foreign.id + 1000):
            with self.assertRaisesRegex(UserError, r"\[OF-IMP-075\] Import \d+ does not exist"):
                imports.import_status(import_id)

    def test_bad_arguments(self):
        imports = self.env["order.import"].with_user(self.user)
        for arguments, code in (
            (("", self._workbook([]), "Shop"), "OF-IMP-070"),
            (("a.xlsx", "%%%", "Shop"), "OF-IMP-071"),
            (("a.xlsx", self._workbook([self._row()]), "?"), "OF-IMP-072"),
            (("a.xls", self._workbook([self._row()]), "Shop"), "OF-IMP-002"),
        ):
            with self.assertRaises(UserError) as caught:
                imports.import_workbook(*arguments)
            self.assertIn(f"[{code}]", str(caught.exception))
        self.assertFalse(self.env["order.import"].search([]).filtered(lambda run: run.user_id == self.user))
