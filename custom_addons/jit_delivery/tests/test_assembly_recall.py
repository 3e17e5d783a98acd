from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestAssemblyRecall(JitCase):
    """A lot of cells goes into batteries, batteries into bikes, through real manufacturing orders.

    Bike 1 is delivered, bike 2 lies in stock, battery 3 is left, bike 4 has another lot of cells. Wheels are
    made without numbers, of spokes that have lots.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cell = cls._create_product("Cell", "CELL", tracking="lot")
        cls.battery = cls._create_product("Battery", "BATT", tracking="serial")
        cls.spoke = cls._create_product("Spoke", "SPOKE", tracking="lot")
        cls.wheel = cls._create_product("Wheel", "WHEEL")
        cls.bike = cls._create_product("Assembled bike", "ABIKE", tracking="serial")
        cls._create_bom(cls.battery, (cls.cell, 10))
        cls._create_bom(cls.wheel, (cls.spoke, 30))
        cls._create_bom(cls.bike, (cls.battery, 1), (cls.wheel, 2))
        cls.bad, cls.good = (cls._lot(cls.cell, name, 100) for name in ("C-BAD", "C-GOOD"))
        cls.spokes = cls._lot(cls.spoke, "SP-1", 1000)
        cls._stock(cls.wheel, 10)
        cells = (cls.bad, cls.bad, cls.bad, cls.good)
        cls.batteries = [cls._make(cls.battery, f"BA{n}", cell) for n, cell in enumerate(cells, 1)]
        used = (cls.batteries[0], cls.batteries[1], cls.batteries[3])
        cls.bikes = [
            cls._make(cls.bike, f"AB{n}", battery) for n, battery in zip((1, 2, 4), used, strict=True)
        ]
        cls.sold = cls._sell(cls.bikes[0])

    @classmethod
    def _create_bom(cls, product, *parts):
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity})
                    for part, quantity in parts
                ],
            }
        )

    @classmethod
    def _lot(cls, product, name, quantity):
        lot = cls.env["stock.lot"].create({"name": name, "product_id": product.id})
        cls.env["stock.quant"]._update_available_quantity(product, cls.stock_location, quantity, lot_id=lot)
        return lot

    @classmethod
    def _make(cls, product, name, *lots, quantity=1):
        """Manufacture with these ``lots`` of parts; answer the lot made (none for goods without)."""
        order = cls.env["mrp.production"].create({"product_id": product.id, "product_qty": quantity})
        order.action_confirm()
        if name:
            made = {"name": name, "product_id": product.id}
            order.lot_producing_ids = cls.env["stock.lot"].create(made)
        order.qty_producing = quantity
        order._set_qty_producing()
        for move in order.move_raw_ids:
            lot = next((lot for lot in lots if lot.product_id == move.product_id), None)
            if lot:
                move.move_line_ids.unlink()
                line = {**move._prepare_move_line_vals(), "quantity": move.product_uom_qty, "lot_id": lot.id}
                move.move_line_ids = [Command.create(line)]
            move.picked = True
        order.with_context(skip_consumption=True).button_mark_done()
        assert order.state == "done"
        return order.lot_producing_ids

    @classmethod
    def _sell(cls, lot):
        order = cls._create_order([(lot.product_id, 1)])
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.move_line_ids.unlink()
        line = {**picking.move_ids._prepare_move_line_vals(), "quantity": 1, "lot_id": lot.id}
        picking.move_ids.move_line_ids = [Command.create(line)]
        picking.move_ids.picked = True
        picking._action_done()
        return order

    def _recall(self, *lots):
        values = {"subject": "Cells", "message": "Stop.", "lot_ids": [Command.set([lot.id for lot in lots])]}
        recall = self.env["after.sales.recall"].create(values)
        recall.action_trace()
        return recall

    def test_found_through_two_levels(self):
        recall = self._recall(self.bad)
        self.assertEqual(recall.line_ids.lot_id, self.bikes[0])
        self.assertEqual(recall.line_ids.sale_line_id.order_id, self.sold)
        held = {quant.lot_id.name: quant.quantity for quant in recall.quant_ids}
        self.assertEqual(held, {"C-BAD": 70, "BA3": 1, "AB2": 1})
        self.assertEqual(recall.quant_ids.location_id, self.warehouse.quarantine_location_id)
        self.assertFalse(self.bikes[2].recall_id)

    def test_recalled_parts_are_not_built_in(self):
        self._recall(self.bad)
        with self.assertRaisesRegex(UserError, "OF-RCL-010"), self.cr.savepoint():
            self._make(self.bike, "AB5", self.batteries[2])

    def test_parts_in_goods_without_numbers(self):
        """Wheels may be affected from the first that was made of these spokes: bikes built later, too."""
        self._make(self.wheel, None, self.spokes, quantity=2)
        battery = self._make(self.battery, "BA6", self.good)
        later = self._make(self.bike, "AB6", battery)
        recall = self._recall(self.spokes)
        self.assertFalse(recall.line_ids)
        held = {quant.product_id: quant.quantity for quant in recall.quant_ids}
        self.assertEqual(held, {self.spoke: 940, self.wheel: 4, self.bike: 1})
        self.assertEqual(recall.affected_lot_ids, self.spokes | later)

    def test_part_put_in_by_a_repair(self):
        repair = self.env["repair.order"].create(
            {
                "product_id": self.bike.id,
                "lot_id": self.bikes[2].id,
                "picking_type_id": self.warehouse.repair_type_id.id,
                "move_ids": [
                    Command.create(
                        {"product_id": self.battery.id, "product_uom_qty": 1, "repair_line_type": "add"}
                    )
                ],
            }
        )
        repair.action_validate()
        repair.move_ids.move_line_ids.lot_id = self.batteries[2]
        repair.action_repair_start()
        repair.move_ids.picked = True
        repair.action_repair_end()
        recall = self._recall(self.bad)
        self.assertIn(self.bikes[2], recall.quant_ids.lot_id)

    def test_unbuilt_gives_its_parts_back(self):
        """What was made of the cells and taken apart is not there any more; its good parts are free."""
        order = self.env["mrp.production"].search([("lot_producing_ids", "in", self.bikes[1].ids)])
        values = {"mo_id": order.id, "product_id": self.bike.id, "lot_id": self.bikes[1].id}
        self.env["mrp.unbuild"].create(values).action_unbuild()
        recall = self._recall(self.bad)
        self.assertIn(self.batteries[1], recall.quant_ids.lot_id)
        self.assertNotIn(self.bikes[1], recall.quant_ids.lot_id)
        self.assertNotIn(self.wheel, recall.quant_ids.product_id)
