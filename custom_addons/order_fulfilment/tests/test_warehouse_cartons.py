from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehouseCartons(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.package.type"].search([]).is_carton = False
        cls.box = cls._carton("Box", 300, 200, 100, max_weight=10, base_weight=0.2)

    @classmethod
    def _carton(cls, name, length, width, height, **values):
        sizes = {"packaging_length": length, "width": width, "height": height}
        return cls.env["stock.package.type"].create({"name": name, "is_carton": True, **sizes, **values})

    @classmethod
    def _goods(cls, name, *size, **values):
        sizes = dict(zip(("pack_length", "pack_width", "pack_height"), size, strict=True))
        return cls._create_product(name, name, **{"weight": 0.5, **sizes, **values})

    def _delivery(self, *lines):
        """Ready transfer of ``lines``: (product, quantity), each from a cell of its own."""
        pickings = [
            self._transfer((1, cell), product=product, quantity=quantity)
            for cell, (product, quantity) in enumerate(lines, 1)
        ]
        for other in pickings[1:]:
            other.move_ids.write({"picking_id": pickings[0].id})
            other.move_line_ids.write({"picking_id": pickings[0].id})
        return pickings[0]

    def _contents(self, picking):
        return [
            {line.product_id.name: line.quantity for line in carton.line_ids} for carton in picking.carton_ids
        ]

    def _codes(self, picking):
        return {row["product"].split("] ")[-1]: row["code"] for row in picking.get_cartons()["problems"]}

    # -- proposal ------------------------------------------------------------------------------------------
    def test_goods_that_fit_share_the_smallest_carton(self):
        self._carton("Huge", 900, 900, 900)
        picking = self._delivery((self._goods("tin", 100, 100, 100), 2), (self._goods("pad", 100, 50, 20), 1))
        picking.action_propose_cartons()
        self.assertEqual(self._contents(picking), [{"tin": 2, "pad": 1}])
        self.assertEqual(picking.carton_ids.package_type_id, self.box)
        self.assertAlmostEqual(picking.carton_ids.weight, 1.7)
        self.assertAlmostEqual(picking.carton_ids.fill, 0.35, 2)
        self.assertIn("<svg", picking.carton_pictures)

    def test_inner_size_counts_not_the_outer_one(self):
        self.box.write({"inner_length": 99, "inner_width": 200, "inner_height": 100})
        picking = self._delivery((self._goods("cube", 100, 100, 100), 1))
        picking.action_propose_cartons()
        self.assertEqual(self._codes(picking), {"cube": "size"})

    def test_weight_limit_is_gross(self):
        picking = self._delivery((self._goods("lead", 50, 50, 50, weight=4.95), 2))
        picking.action_propose_cartons()
        self.assertEqual(self._contents(picking), [{"lead": 1}, {"lead": 1}])

    def test_fragile_lies_on_top_and_upright_stays_up(self):
        glass = self._goods("glass", 300, 200, 40, is_fragile=True)
        picking = self._delivery((glass, 1), (self._goods("plate", 300, 200, 60), 1))
        picking.action_propose_cartons()
        heights = {row[0]: row[4] for row in picking.carton_ids.placements}
        self.assertEqual(heights[glass.id], 60)
        bottle = self._goods("bottle", 80, 80, 150, is_upright=True)
        upright = self._delivery((bottle, 1))
        upright.action_propose_cartons()
        self.assertEqual(self._codes(upright), {"bottle": "size"})

    def test_classes_of_product_and_category_are_kept_apart(self):
        food = self.env["packing.class"].create({"name": "Test food"})
        solvent = self.env["packing.class"].create(
            {"name": "Test solvent", "apart_ids": [Command.set(food.ids)]}
        )
        parent = self.env["product.category"].create({"name": "Eatables", "packing_class_ids": food.ids})
        category = self.env["product.category"].create({"name": "Bread", "parent_id": parent.id})
        bread = self._goods("bread", 50, 50, 50, categ_id=category.id)
        thinner = self._goods("thinner", 50, 50, 50, packing_class_ids=solvent.ids)
        picking = self._delivery((bread, 2), (thinner, 2))
        picking.action_propose_cartons()
        self.assertEqual(sorted(map(tuple, self._contents(picking))), [("bread",), ("thinner",)])

    def test_a_class_cannot_be_apart_from_itself(self):
        food = self.env["packing.class"].create({"name": "Test food"})
        with self.assertRaisesRegex(ValidationError, "OF-WH-047"):
            food.apart_ids = food

    def test_full_packagings_go_in_as_one_piece(self):
        product = self._goods("chain", 40, 40, 40)
        six = self.env["uom.uom"].create(
            {"name": "Box of 6", "relative_factor": 6, "relative_uom_id": product.uom_id.id}
        )
        self.env["product.uom"].create(
            {
                "uom_id": six.id, "product_id": product.id, "barcode": "4012345999990",
                "pack_length": 130, "pack_width": 90, "pack_height": 50,
            }
        )  # fmt: skip
        picking = self._delivery((product, 14))
        picking.move_ids.packaging_uom_id = six
        picking.action_propose_cartons()
        self.assertEqual(sorted(row[1] for row in picking.carton_ids.placements), [1, 1, 6, 6])
        self.assertEqual(self._contents(picking), [{"chain": 14}])

    # -- bad input: each line gets its answer ---------------------------------------------------------------
    def test_every_line_that_cannot_be_packed_says_why_and_the_rest_is_packed(self):
        picking = self._delivery(
            (self._goods("unmeasured", 0, 50, 50), 1),
            (self._goods("giant", 5000, 50, 50), 1),
            (self._goods("anvil", 50, 50, 50, weight=70), 1),
            (self._goods("weightless", 50, 50, 50, weight=0), 3),
            (self._goods("fine", 50, 50, 50), 1),
        )
        picking.action_propose_cartons()
        self.assertEqual(
            self._codes(picking),
            {"unmeasured": "unmeasured", "giant": "size", "anvil": "weight", "weightless": "no_weight"},
        )
        self.assertEqual(self._contents(picking), [{"weightless": 3, "fine": 1}])
        self.assertIn("not measured. Enter its length", picking.carton_notes)

    def test_thousands_of_units(self):
        picking = self._delivery((self._goods("screw", 20, 20, 20, weight=0.01), 5000))
        picking.action_propose_cartons()
        self.assertEqual(sum(line.quantity for line in picking.carton_ids.line_ids), 5000)

    def test_a_size_below_zero_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._goods("negative", -1, 2, 3)

    def test_a_carton_type_needs_a_size(self):
        with self.assertRaisesRegex(ValidationError, "OF-WH-049.*Flat"):
            self._carton("Flat", 300, 200, 0)

    def test_without_carton_types_the_answer_says_what_to_do(self):
        self.box.is_carton = False
        picking = self._delivery((self._goods("tin", 50, 50, 50), 1))
        with self.assertRaisesRegex(UserError, 'OF-WH-040.*tick "Propose as carton"'):
            picking.action_propose_cartons()
        self.assertFalse(picking.carton_ids)

    def test_nothing_reserved_nothing_proposed(self):
        picking = self._delivery((self._goods("tin", 50, 50, 50), 1))
        picking.do_unreserve()
        with self.assertRaisesRegex(UserError, "OF-WH-041"):
            picking.action_propose_cartons()

    # -- pick to carton ------------------------------------------------------------------------------------
    def test_each_pick_line_names_its_carton_and_quantities_stay(self):
        picking = self._delivery(
            (self._goods("cube", 100, 100, 100), 8), (self._goods("giant", 999, 9, 9), 1)
        )
        picking.action_propose_cartons()
        self.assertEqual(self._contents(picking), [{"cube": 6}, {"cube": 2}])
        picking.action_pick_into_cartons()
        lines = picking.move_line_ids.filtered("carton_id")
        self.assertEqual(sorted(lines.mapped("quantity")), [2, 6])
        self.assertEqual(lines.result_package_id, picking.carton_ids.package_id)
        self.assertEqual(picking.carton_ids.package_id.package_type_id, self.box)
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 9)
        self.assertEqual(picking.state, "assigned")

    def test_reservation_is_the_same_after_splitting(self):
        product = self._goods("cube", 100, 100, 100)
        picking = self._delivery((product, 8))
        picking.action_propose_cartons()
        picking.action_pick_into_cartons()
        quant = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        self.assertEqual((quant.quantity, quant.reserved_quantity), (8, 8))

    def test_a_line_in_dozens_is_split_by_the_piece(self):
        product = self._goods("cube", 100, 100, 100)
        picking = self._transfer((1, 1), product=product, quantity=24)
        picking.do_unreserve()
        picking.move_ids.write(
            {"product_uom": self.env.ref("uom.product_uom_dozen").id, "product_uom_qty": 2}
        )
        picking.action_assign()
        picking.action_propose_cartons()
        picking.action_pick_into_cartons()
        self.assertEqual(picking.move_line_ids.mapped("quantity_product_uom"), [6, 6, 6, 6])
        self.assertEqual(picking.move_ids.quantity, 2)

    def test_delivered_packages_hold_what_was_proposed(self):
        self.company.gs1_company_prefix = "4012345"
        picking = self._delivery((self._goods("cube", 100, 100, 100), 8))
        picking.action_propose_cartons()
        picking.action_pick_into_cartons()
        picking.move_ids.picked = True
        picking._action_done()
        packages = picking.carton_ids.package_id
        self.assertEqual([sum(p.quant_ids.mapped("quantity")) for p in packages], [6, 2])
        self.assertEqual(len(set(packages.mapped("sscc"))), 2)

    def test_clearing_takes_the_packages_back(self):
        picking = self._delivery((self._goods("cube", 100, 100, 100), 8))
        picking.action_propose_cartons()
        picking.action_pick_into_cartons()
        packages = picking.carton_ids.package_id
        picking.action_clear_cartons()
        self.assertFalse(picking.carton_ids or packages.exists() or picking.move_line_ids.result_package_id)
        picking.action_propose_cartons()
        self.assertEqual(len(picking.carton_ids), 2)

    def test_a_second_proposal_over_used_cartons_is_refused(self):
        picking = self._delivery((self._goods("cube", 100, 100, 100), 1))
        picking.action_propose_cartons()
        picking.action_pick_into_cartons()
        with self.assertRaisesRegex(UserError, "OF-WH-044"):
            picking.action_propose_cartons()

    def test_a_changed_reservation_makes_the_proposal_old(self):
        picking = self._delivery((self._goods("cube", 100, 100, 100), 8))
        picking.action_propose_cartons()
        self.assertTrue(picking.get_cartons()["is_current"])
        picking.move_line_ids.quantity = 5
        self.assertFalse(picking.get_cartons()["is_current"])
        picking.action_pick_into_cartons()
        self.assertEqual(picking.move_line_ids.mapped("quantity"), [5])

    def test_a_shortage_fetched_elsewhere_goes_into_the_same_carton(self):
        product = self._goods("cube", 100, 100, 100)
        picking = self._delivery((product, 2))
        picking.action_propose_cartons()
        picking.action_pick_into_cartons()
        self.env["stock.quant"]._update_available_quantity(product, self._cell(4, 4), 2)
        elsewhere, _missing = picking.move_line_ids._move_shortage()
        self.assertEqual(elsewhere.carton_id, picking.carton_ids)
        self.assertEqual(elsewhere.result_package_id, picking.carton_ids.package_id)

    # -- by itself, in batches, rights ---------------------------------------------------------------------
    def test_operation_type_proposes_on_reservation(self):
        self.warehouse.out_type_id.carton_policy = "propose"
        picking = self._delivery((self._goods("cube", 100, 100, 100), 1))
        self.assertEqual(len(picking.carton_ids), 1)
        self.assertFalse(picking.is_picked_into_cartons)

    def test_operation_type_picks_into_cartons(self):
        self.warehouse.out_type_id.carton_policy = "pack"
        picking = self._delivery((self._goods("cube", 100, 100, 100), 8))
        self.assertEqual(len(picking.move_line_ids.result_package_id), 2)

    def test_without_carton_types_reservation_goes_on(self):
        self.box.is_carton = False
        self.warehouse.out_type_id.carton_policy = "pack"
        self.assertEqual(self._delivery((self._goods("cube", 100, 100, 100), 1)).state, "assigned")

    def test_a_batch_never_mixes_transfers_in_a_carton(self):
        pickings = self._delivery((self._goods("a", 50, 50, 50), 1)) + self._delivery(
            (self._goods("b", 50, 50, 50), 1)
        )
        batch = self.env["stock.picking.batch"].create({"picking_ids": [Command.set(pickings.ids)]})
        batch.action_propose_cartons()
        batch.action_pick_into_cartons()
        self.assertEqual(len(batch.carton_ids), 2)
        self.assertEqual([len(carton.line_ids) for carton in batch.carton_ids], [1, 1])

    def test_a_picker_may_and_a_salesperson_may_not(self):
        picking = self._delivery((self._goods("cube", 100, 100, 100), 8))
        picking.with_user(self.picker).action_propose_cartons()
        picking.with_user(self.picker).action_pick_into_cartons()
        self.assertEqual(len(picking.with_user(self.picker).get_cartons()["cartons"]), 2)
        clerk = self._create_user("of_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            picking.with_user(clerk).action_propose_cartons()
        with self.assertRaises(AccessError):
            picking.with_user(clerk).get_cartons()
