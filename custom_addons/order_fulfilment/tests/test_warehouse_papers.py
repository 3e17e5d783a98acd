from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehousePapers(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.gs1_company_prefix = "4012345"
        cls.carrier = cls._carrier("Parcel Test")

    @classmethod
    def _carrier(cls, name):
        product = cls.env["product.product"].create({"name": name, "type": "service"})
        return cls.env["delivery.carrier"].create({"name": name, "product_id": product.id})

    def _packed(self, *places, product=None, quantity=1):
        """Ready delivery in one package, and the package."""
        picking = self._transfer(*places or [(1, 1)], product=product, quantity=quantity)
        picking.origin = "S00042"
        picking.move_line_ids.action_put_in_pack()
        picking.carrier_id = self.carrier
        return picking, picking.move_line_ids.result_package_id

    def _shipped(self, *places, **values):
        picking, package = self._packed(*places, **values)
        picking.move_ids.picked = True
        picking._action_done()
        return picking, package

    def _html(self, report, records):
        return (
            self.env["ir.actions.report"]
            ._render_qweb_html(f"order_fulfilment.{report}", records.ids)[0]
            .decode()
        )

    # -- label after the fact, GTIN, customer's reference ---------------------------------------------------
    def test_label_of_a_delivered_package_still_knows_the_receiver(self):
        _picking, package = self._shipped()
        self.assertIn("Testweg 1", package._prepare_label().receiver)
        self.assertIn("(420)10115", package._prepare_label().text)

    def test_label_carries_the_customers_own_order_number(self):
        self._stock(self.chain, 2)
        order = self._create_order([(self.chain, 2)], client_order_ref="PO 77")
        order.action_confirm()
        order.picking_ids.move_line_ids.action_put_in_pack()
        package = order.picking_ids.move_line_ids.result_package_id
        self.assertIn("(400)PO77", package._prepare_label().text)

    def test_uniform_content_is_in_the_symbol(self):
        product = self._create_product("Tube", "TUBE", barcode="4012345000030")
        _picking, package = self._packed(product=product, quantity=12)
        self.assertIn("(02)04012345000030(37)12", package._prepare_label().text)

    def test_a_reference_that_gs1_has_no_characters_for_is_left_out(self):
        picking, package = self._packed()
        picking.origin = "Bestellung Nr. §7 (Müller)"
        self.assertEqual(package._prepare_label().text, f"(00){package.sscc}(420)10115")
        self.assertTrue(package._render_labels("pdf").startswith(b"%PDF"))

    # -- nested packages ------------------------------------------------------------------------------------
    def _on_pallet(self):
        """Two cartons of one delivery on a pallet."""
        picking = self._transfer((1, 1), (1, 2))
        for line in picking.move_line_ids:
            line.action_put_in_pack()
        cartons = picking.move_line_ids.result_package_id
        pallet = cartons.action_put_in_pack(package_name="PALLET-1")
        picking.carrier_id = self.carrier
        return picking, cartons, pallet

    def test_a_pallet_has_its_own_sscc_and_lists_what_is_on_it(self):
        picking, cartons, pallet = self._on_pallet()
        self.assertEqual(len({pallet.sscc, *cartons.mapped("sscc")}), 3)
        for state in ("planned", "done"):
            with self.subTest(state):
                self.assertEqual(pallet._inner_packages(), cartons)
                self.assertEqual(pallet._label_contents().__next__(), "2 packages inside")
                self.assertEqual({row["package"] for row in pallet._paper_lines()}, set(cartons))
                self.assertEqual(pallet._place_in_delivery(), (1, 1))
            picking.move_ids.picked = True
            picking._action_done()

    def test_the_manifest_lists_the_pallet_not_its_cartons(self):
        picking, _cartons, pallet = self._on_pallet()
        units = picking._manifest_units()
        self.assertEqual(
            [(u["sscc"], u["packages_inside"], u["weight"]) for u in units], [(pallet.sscc, 2, 2)]
        )
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(picking._manifest_units(), units)

    # -- packing slip and delivery note ----------------------------------------------------------------------
    def test_packing_slip_says_what_is_in_the_package(self):
        picking, package = self._packed((1, 1), (2, 2))
        html = self._html("report_packing_slip", package)
        for text in (package.sscc, picking.name, "S00042", "P1-1", "P2-2", "Testweg 1", "Velo Test GmbH"):
            self.assertIn(text, html)

    def test_a_delivery_prints_one_slip_per_package(self):
        picking, cartons, pallet = self._on_pallet()
        html = self._html("report_picking_packing_slips", picking)
        self.assertEqual(html.count("Packing slip <span>"), 3)
        for package in cartons + pallet:
            self.assertIn(package.sscc, html)

    def test_an_empty_package_has_no_slip(self):
        with self.assertRaisesRegex(UserError, "OF-WH-024"):
            self.env["stock.package"].create({"name": "EMPTY"}).action_print_packing_slip()

    def test_delivery_note_names_the_sscc(self):
        picking, package = self._shipped()
        html = self.env["ir.actions.report"]._render_qweb_html("stock.report_deliveryslip", picking.ids)[0]
        self.assertIn(f"SSCC: <span>{package.sscc}</span>", html.decode())

    # -- manifest --------------------------------------------------------------------------------------------
    def _for_day(self, carrier=None, day=None):
        return self.env["carrier.manifest"].for_day(
            (carrier or self.carrier).id, day or str(fields.Date.today())
        )

    def test_manifest_takes_the_carriers_shipments_of_the_day_once(self):
        picking, package = self._shipped()
        other, _package = self._shipped((2, 2))
        other.carrier_id = self._carrier("Another")
        self._packed((3, 3))  # not shipped yet
        answer = self._for_day()
        self.assertEqual([unit["delivery"] for unit in answer["units"]], [picking.name])
        self.assertEqual(answer["units"][0]["sscc"], package.sscc)
        self.assertEqual((answer["packages"], answer["weight"]), (1, 1.0))
        self.assertEqual(self._for_day(), answer)

    def test_what_is_handed_over_stays_as_it_is(self):
        picking, _package = self._shipped()
        manifest = self.env["carrier.manifest"].browse(self._for_day()["id"])
        manifest.action_hand_over()
        late, _package = self._shipped((2, 2))
        self.assertEqual([u["delivery"] for u in self._for_day()["units"]], [late.name])
        self.assertEqual(manifest.picking_ids, picking)
        for call in (manifest.action_fill, manifest.action_cancel, manifest.unlink):
            with self.assertRaisesRegex(UserError, "OF-WH-06[123]"):
                call()
        with self.assertRaisesRegex(UserError, "OF-WH-062"):
            manifest.date = "2020-01-01"

    def test_the_day_is_that_of_the_warehouse(self):
        self.warehouse.partner_id.tz = "Asia/Tokyo"
        picking, _package = self._shipped()
        picking.date_done = "2026-03-01 16:00:00"  # 01:00 on the second in Tokyo
        self.assertEqual(self._for_day(day="2026-03-01")["units"], [])
        self.assertEqual(self._for_day(day="2026-03-02")["units"][0]["delivery"], picking.name)

    def test_an_empty_manifest_is_not_handed_over(self):
        manifest = self.env["carrier.manifest"].create({"carrier_id": self.carrier.id})
        with self.assertRaisesRegex(UserError, "OF-WH-064"):
            manifest.action_hand_over()
        self.assertEqual(manifest.state, "draft")

    def test_cancelling_frees_the_deliveries(self):
        picking, _package = self._shipped()
        self.env["carrier.manifest"].browse(self._for_day()["id"]).action_cancel()
        self.assertFalse(picking.manifest_id)
        self.assertEqual(self._for_day()["packages"], 1)

    def test_goods_without_a_package_are_listed_too(self):
        picking = self._transfer((1, 1), quantity=3)
        self.assertEqual([(u["kind"], u["weight"]) for u in picking._manifest_units()], [("loose goods", 3)])

    def test_printed_manifest_lists_receiver_and_sscc(self):
        _picking, package = self._shipped()
        manifest = self.env["carrier.manifest"].browse(self._for_day()["id"])
        html = self._html("report_carrier_manifest", manifest)
        for text in (package.sscc, "Velo Test GmbH", "10115", "Parcel Test"):
            self.assertIn(text, html)

    def test_wrong_arguments_are_named(self):
        with self.assertRaisesRegex(UserError, "OF-WH-066"):
            self.env["carrier.manifest"].for_day(0, "2026-03-01")
        with self.assertRaisesRegex(UserError, "OF-WH-067.*tomorrow"):
            self._for_day(day="tomorrow")

    def test_only_the_warehouse_sees_manifests(self):
        clerk = self._create_user("of_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["carrier.manifest"].with_user(clerk).for_day(self.carrier.id, "2026-03-01")
        with self.assertRaises(AccessError):
            self.env["carrier.manifest"].with_user(clerk).search([])

    def test_carton_plan_prints_the_pictures(self):
        product = self._create_product("Cube", "CUBE", pack_length=90, pack_width=90, pack_height=90)
        self.env["stock.package.type"].create(
            {"name": "Box", "is_carton": True, "packaging_length": 99, "width": 99, "height": 99}
        )
        picking = self._transfer((1, 1), product=product, quantity=2)
        picking.action_propose_cartons()
        self.assertEqual(self._html("report_carton_plan", picking).count("<svg"), 2)

    def test_papers_of_several_deliveries_come_package_by_package(self):
        (one, first), (two, second) = self._packed((1, 1)), self._packed((2, 2))
        self.assertEqual((one + two)._papers_packages(), first + second)
