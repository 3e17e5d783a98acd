from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestPromiseProcurement(JitCase):
    """A promise from assembly rests on what Odoo makes when the order is confirmed, whatever says so."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.env["delivery.slot"].search([]).active = False
        self.slot = self._create_slot(self._utc("2027-03-02 09:00:00"), capacity_drops=9)
        self.frame = self._create_product("Frame", "FRAME")
        self.bike = self._create_product("Bike", "BIKE")
        self._create_bom(self.bike, self.frame)
        self._stock(self.frame, 10)
        self.mto = self._make_to_order()

    def _create_bom(self, product, part, **values):
        line = Command.create({"product_id": part.id, "product_qty": 1})
        vals = {"product_tmpl_id": product.product_tmpl_id.id, "bom_line_ids": [line], **values}
        return self.env["mrp.bom"].create(vals)

    def _made(self, order):
        """Confirm on a promise; answer {product: quantity of its new manufacturing orders}."""
        before = self.env["mrp.production"].search([])
        order.promise_delivery()
        order.action_confirm()
        made = self.env["mrp.production"].search([]) - before
        return {
            product: sum(made.mapped("product_qty")) for product, made in made.grouped("product_id").items()
        }

    def _assert_refused(self, order):
        with self.assertRaisesRegex(UserError, "JD-PRM-005.*Bike: it has a bill of materials, but no route"):
            order.promise_delivery()

    def test_a_bill_of_materials_alone_makes_nothing(self):
        order = self._create_order([(self.bike, 2)])
        self._assert_refused(order)
        self._stock(self.bike, 2)
        self.assertEqual(self._made(order), {})

    def test_routes_of_the_product_make_all_of_it_even_if_some_is_in_stock(self):
        self.bike.route_ids = self.mto
        self._stock(self.bike, 1)
        self.assertEqual(self._made(self._create_order([(self.bike, 2)])), {self.bike: 2})
        order = self._create_order([(self.bike, 9)])
        with self.assertRaisesRegex(UserError, "JD-PRM-005.*no stock and no supply of .*Frame$"):
            order.promise_delivery()

    def test_routes_of_the_category_count(self):
        self.bike.categ_id = self.env["product.category"].create({"name": "Bikes", "route_ids": self.mto.ids})
        self.assertEqual(self._made(self._create_order([(self.bike, 2)])), {self.bike: 2})

    def test_routes_of_the_line_count_for_that_line(self):
        self.mto.sale_selectable = True
        order = self._create_order([(self.bike, 2), (self.bike, 1)])
        order.order_line[0].route_ids = self.mto
        self._assert_refused(order)
        self._stock(self.bike, 1)
        self.assertEqual(self._made(order), {self.bike: 2})

    def test_make_to_order_without_a_rule_that_makes_is_refused(self):
        self.bike.route_ids = self.warehouse.mto_pull_id.route_id
        self.warehouse.manufacture_to_resupply = False
        self._assert_refused(self._create_order([(self.bike, 2)]))

    def test_take_from_stock_else_make(self):
        self.bike.route_ids = self.mto
        self.mto.rule_ids.filtered(
            lambda rule: rule.procure_method == "make_to_order"
        ).procure_method = "mts_else_mto"
        self._stock(self.bike, 1)
        self.assertEqual(self._made(self._create_order([(self.bike, 3)])), {self.bike: 2})

    def test_a_reordering_rule_makes_what_is_short(self):
        self.bike.route_ids = self.warehouse.manufacture_pull_id.route_id
        self._assert_refused(self._create_order([(self.bike, 2)]))
        self.env["stock.warehouse.orderpoint"].create({"product_id": self.bike.id, "trigger": "auto"})
        self.assertEqual(self._made(self._create_order([(self.bike, 2)])), {self.bike: 2})

    def test_parts_are_made_only_if_they_are_procured_too(self):
        tube = self._create_product("Tube", "TUBE")
        self._create_bom(self.frame, tube)
        self._stock(tube, 10)
        self.bike.route_ids = self.mto
        order = self._create_order([(self.bike, 12)])
        with self.assertRaisesRegex(UserError, "Frame: it has a bill of materials, but no route"):
            order.promise_delivery()
        self.frame.route_ids = self.mto
        order.order_line.product_uom_qty = 4
        self.assertEqual(self._made(order), {self.bike: 4, self.frame: 4})
        self.assertTrue(order.renew_promise()[0]["is_kept"])

    def test_a_recipe_of_another_warehouse_does_not_count(self):
        other = self.env["stock.warehouse"].create({"name": "North", "code": "NORTH"})
        self.bike.route_ids = self.mto
        self.bike.bom_ids.picking_type_id = other.manu_type_id
        order = self._create_order([(self.bike, 2)])
        with self.assertRaisesRegex(UserError, "JD-PRM-005.*no stock and no supply of .*Bike"):
            order.promise_delivery()

    def test_kits_need_no_route(self):
        kit = self._create_product("Kit", "KIT")
        self._create_bom(kit, self.frame, type="phantom")
        order = self._create_order([(kit, 10)])
        self.assertEqual(self._made(order), {})
        self.assertEqual(order.picking_ids.move_ids.product_id, self.frame)
        with self.assertRaisesRegex(UserError, "no stock and no supply of .*Frame"):
            self._create_order([(kit, 1)]).promise_delivery()
