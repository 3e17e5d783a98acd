import io

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.gs1 import is_valid_key
from .warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehouseLabels(WarehouseCase):
    def setUp(self):
        super().setUp()
        self.company.gs1_company_prefix = "4012345"

    def _packed(self):
        picking = self._transfer((1, 1))
        picking.origin = "S00042"
        picking.move_line_ids.action_put_in_pack()
        return picking.move_line_ids.result_package_id

    def test_put_in_pack_gives_an_sscc(self):
        package = self._packed()
        self.assertEqual(package.sscc[1:8], "4012345")
        self.assertTrue(is_valid_key(package.sscc))

    def test_sscc_is_never_given_twice(self):
        first, second = self.env["stock.package"].create([{}, {}])
        (first + second)._assign_sscc()
        self.assertNotEqual(first.sscc, second.sscc)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            second.sscc = first.sscc
            second.flush_recordset()

    def test_without_prefix_the_label_says_what_to_do(self):
        self.company.gs1_company_prefix = False
        with self.assertRaisesRegex(UserError, "OF-WH-022.*enter it in the settings"):
            self.env["stock.package"].create({}).action_print_label()

    def test_prefix_must_be_digits(self):
        with self.assertRaisesRegex(ValidationError, "OF-WH-020"):
            self.company.gs1_company_prefix = "40A"

    def test_label_carries_postcode_order_and_contents(self):
        package = self._packed()
        label = package._prepare_label()
        self.assertEqual(label.text, f"(00){package.sscc}(420)10115(400)S00042")
        self.assertIn("1 Units", label.contents[0])

    def test_zpl_has_both_symbols(self):
        package = self._packed()
        zpl = package._render_labels("zpl")
        self.assertIn(f"^BCN,200,Y,N,N,D^FD(00){package.sscc}^FS", zpl)
        self.assertIn(f"^BXN,7,200,,,,_^FD_100{package.sscc}42010115_1400S00042^FS", zpl)

    def test_pdf_has_a_page_per_package(self):
        from pypdf import PdfReader

        packages = self._packed() + self._packed()
        self.assertEqual(len(PdfReader(io.BytesIO(packages._render_labels("pdf"))).pages), 2)
