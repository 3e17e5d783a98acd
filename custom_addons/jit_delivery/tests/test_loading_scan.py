import uuid

from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestLoadingScan(TransactionCase):
    """A round is loaded onto its own vehicle only."""

    @classmethod
    def setUpClass(cls):  # long: one world
        super().setUpClass()
        cls.picker = new_test_user(cls.env, "jd_loader", groups="order_fulfilment.group_warehouse")
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        warehouse.out_type_id.scan_pack = False
        model = cls.env["fleet.vehicle.model"].create(
            {"name": "Van", "brand_id": cls.env["fleet.vehicle.model.brand"].create({"name": "Brand"}).id}
        )
        cls.van, cls.other_van = cls.env["fleet.vehicle"].create(
            [{"model_id": model.id, "license_plate": plate} for plate in ("B-OF 1907", "B-XX 1")]
        )
        cls.round = cls._create_round(warehouse)

    @classmethod
    def _create_round(cls, warehouse):
        """One packed transfer on the van's round."""
        product = cls.env["product.product"].create({"name": "Chain", "is_storable": True})
        stock = warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(product, stock, 1)
        move = {"product_id": product.id, "product_uom_qty": 1, "location_id": stock.id}
        customers = cls.env.ref("stock.stock_location_customers").id
        cls.picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": stock.id,
                "location_dest_id": customers,
                "move_ids": [(0, 0, {**move, "location_dest_id": customers})],
            }
        )
        cls.picking.action_confirm()
        cls.picking.action_assign()
        cls.package = cls.env["stock.package"].create({"name": "ROUND-BOX"})
        cls.picking.move_line_ids.write({"picked": True, "result_package_id": cls.package.id})
        batch = cls.env["stock.picking.batch"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "picking_ids": [(6, 0, cls.picking.ids)],
                "vehicle_id": cls.van.id,
            }
        )
        batch.action_confirm()
        return batch

    def _codes(self, *barcodes):
        scans = self.env["warehouse.scan"].with_user(self.picker)
        task = ["stock.picking.batch", self.round.id]
        return [scans.scan(str(uuid.uuid4()), task, code)["message"]["code"] for code in barcodes]

    def test_loaded_onto_its_own_vehicle_only(self):
        self.assertEqual(
            self._codes("ROUND-BOX", "B-XX 1", "b of 1907", "ROUND-BOX", "OF-CMD-CONFIRM"),
            ["dock_first", "wrong_dock", "dock_ok", "all_loaded", "confirmed"],
        )
        self.assertEqual(self.picking.state, "done")

    def test_the_device_knows_the_vehicle_without_network(self):
        scans = self.env["warehouse.scan"].with_user(self.picker)
        data = scans.scan("", ["stock.picking.batch", self.round.id], action="show")["data"]
        self.assertEqual(data["codes"]["B-OF 1907"], {"kind": "dock", "id": f"vehicle-{self.van.id}"})
        self.assertEqual(list(data["view"]["docks"].values()), ["B-OF 1907"])
