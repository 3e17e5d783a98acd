import base64

from odoo.tests import tagged

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsImport(OptionsCase):
    """An order book with option columns makes configured lines, or says why not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speed_needs_big_battery()
        cls.customer.ref = "V-1"
        cls.importer = cls._create_user(
            "importer", "order_fulfilment.group_user,sales_team.group_sale_salesman_all_leads"
        )

    def _import(self, header, *rows, **values):
        text = "\n".join([f"Order,Customer,SKU,Qty,Price,{header}", *(f"{row}" for row in rows)])
        return (
            self.env["order.import"]
            .with_user(self.importer)
            .import_workbook("options.csv", base64.b64encode(text.encode()).decode(), **values)
        )

    def _lines(self, answer):
        ids = [order["order_id"] for order in answer["orders"]]
        return self.env["sale.order"].browse(ids).order_line

    def test_one_column_with_all_options(self):
        answer = self._import("Options", "A1,V-1,Test bike,2,1500,FRA-Low;MOT-Speed;BAT-500;Extras: Rack")
        line = self._lines(answer)
        self.assertEqual(sorted(line._option_ptavs().mapped("name")), ["500", "Low", "Rack", "Speed"])
        self.assertEqual((line.product_uom_qty, line.price_unit), (2, 1500))

    def test_a_column_for_each_class(self):
        header = "Option: Frame,Option: Motor,option: Battery,Option: Extras"
        answer = self._import(
            header, "A2,V-1,Test bike,1,900,Low,City,BAT-400,Rack|Basket", "A2,V-1,CHAIN-11,3,20,,,,"
        )
        bike, chain = self._lines(answer)
        self.assertEqual(
            sorted(bike._option_ptavs().mapped("name")), ["400", "Basket", "City", "Low", "Rack"]
        )
        self.assertEqual(chain.product_id, self.chain)

    def test_end_item_by_the_code_of_a_variant(self):
        self._add_line("Low", "City", "400").product_id.default_code = "BIKE-LOW"
        answer = self._import("Options", "A3,V-1,BIKE-LOW,1,900,High;City;500")
        self.assertEqual(sorted(self._lines(answer)._option_ptavs().mapped("name")), ["500", "City", "High"])

    def _refused(self, options, *texts):
        orders = self.env["sale.order"].search_count([])
        answer = self._import("Options", f"B1,V-1,Test bike,1,900,{options}")
        [row] = answer["refused"]
        self.assertEqual(row["code"], "OF-IMP-066")
        for text in texts:
            self.assertIn(text, row["message"] + row["reason"])
        self.assertEqual(self.env["sale.order"].search_count([]), orders)

    def test_impossible_options_are_refused_with_the_reason(self):
        self._refused("Low;Speed;400", "OF-OPT-001", "The Speed motor needs 500 Wh or more.")

    def test_incomplete_options_are_refused(self):
        self._refused("Low;Speed", "OF-OPT-002", "Battery")

    def test_unknown_options_are_refused(self):
        self._refused("Low;Speed;900", "OF-OPT-050", "900")

    def test_two_values_of_one_class_are_refused(self):
        self._refused("Low;High;City;400", "OF-OPT-004", "Frame")

    def test_dry_run_gives_the_same_verdict_and_leaves_nothing(self):
        variants = self.bike.with_context(active_test=False).product_variant_ids
        orders = self.env["sale.order"].search_count([])
        good, bad = "C1,V-1,Test bike,1,900,High;City;700", "C2,V-1,Test bike,1,900,Low;Speed;400"
        dry = self._import("Options", good, bad, dry_run=True)
        self.assertEqual((dry["counts"]["accepted"], dry["counts"]["refused"]), (1, 1))
        self.assertEqual(self.env["sale.order"].search_count([]), orders)
        self.assertEqual(self.bike.with_context(active_test=False).product_variant_ids, variants)

    def test_import_of_the_same_options_again_changes_nothing(self):
        row = "D1,V-1,Test bike,1,900,Low;City;400"
        first = self._import("Options", row)
        again = self._import("Options", row)
        self.assertEqual((first["counts"]["accepted"], again["counts"]["existing"]), (1, 1))
        other = self._import("Options", row.replace("400", "500"))
        self.assertEqual(other["orders"], [])
