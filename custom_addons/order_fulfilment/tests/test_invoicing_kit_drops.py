from odoo.fields import Command
from odoo.tests import tagged

from .test_invoicing_special import DropCase


@tagged("post_install", "-at_install")
class TestKitDrops(DropCase):
    """Kits of two chains and a pair of pads, in several drops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls._create_product(
            "Set", "SET", is_storable=False, invoice_policy="delivery", list_price=30
        )
        cls._add_bill(cls.kit, [(cls.chain, 2), (cls.brake_pads, 1)])

    @classmethod
    def _add_bill(cls, kit, parts):
        if "mrp.bom" not in cls.env:
            return
        lines = [Command.create({"product_id": part.id, "product_qty": number}) for part, number in parts]
        bom = {"product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom", "bom_line_ids": lines}
        cls.env["mrp.bom"].create(bom)

    def setUp(self):
        super().setUp()
        if "mrp.bom" not in self.env:
            self.skipTest("kits come with manufacturing")

    def _ship(self, kits, **line):
        """Drops of so many kits each."""
        order = self._create_order([])
        values = {"product_id": self.kit.id, "product_uom_qty": sum(kits), **line}
        order.order_line = [Command.create(values)]
        order.action_confirm()
        for count in kits:
            drop = self._open(order)
            for move in drop.move_ids:
                per_kit = 2 if move.product_id == self.chain else 1
                move.write({"quantity": per_kit * count, "picked": True})
            drop.with_context(skip_backorder=True).button_validate()
        return order

    def _told(self, invoice):
        return [(line.drop_name, line.quantity) for line in invoice.invoice_line_ids]

    def test_each_drop_is_charged_for_its_kits(self):
        order = self._ship([3, 2])
        first, second = order.picking_ids.filtered("is_drop").sorted("id").mapped("name")
        self.assertEqual(self._told(self._run()), [(first, 3), (second, 2)])
        self.assertFalse(self._run())

    def test_a_kit_that_came_back_is_not_charged_with_a_later_drop(self):
        order = self._ship([3, 2])
        first, second = order.picking_ids.filtered("is_drop").sorted("id")
        drop_of_two = self._told(self._run(first.date_done.replace(year=2000)))
        self.assertEqual(drop_of_two, [])
        self._return_kit(first)
        self.assertEqual(self._told(self._run()), [(first.name, 2), (second.name, 2)])

    def _return_kit(self, drop):
        wizard = (
            self.env["stock.return.picking"].with_context(active_id=drop.id).create({"picking_id": drop.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = 2 if line.product_id == self.chain else 1
        self._process(wizard._create_return())

    def test_one_invoice_by_hand_names_both_drops(self):
        order = self._ship([3, 2])
        names = order.picking_ids.filtered("is_drop").sorted("id").mapped("name")
        self.assertEqual(self._told(order._create_invoices()), [(", ".join(names), 5)])

    def test_sixteen_kits_of_dozens_are_133_and_not_134(self):
        dozen = self.env.ref("uom.product_uom_dozen").id
        self._stock(self.chain, 100)
        order = self._ship([8, 8], product_uom_id=dozen, product_uom_qty=2)
        self.assertEqual(order.order_line.qty_delivered, 1.33)
        self.assertEqual([quantity for _name, quantity in self._told(self._run())], [0.67, 0.66])
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_a_kit_of_nothing_but_kits(self):
        outer = self._create_product("Box", "BOX", is_storable=False, invoice_policy="delivery")
        self._add_bill(outer, [(self.kit, 2)])
        order = self._confirmed([(outer, 3)])
        self._process(order.picking_ids)
        self.assertEqual(self._standing(order.order_line), {"shipped": 3})

    def test_margins_tell_a_kit_of_the_drop_that_completed_it(self):
        self.chain.standard_price = 4
        order = self._create_order([(self.kit, 5)])
        order.action_confirm()
        drops = []
        for left in ({self.chain: 10}, {self.brake_pads: 3}, {self.brake_pads: 2}):
            drops.append(self._open(order))
            for move in drops[-1].move_ids:
                move.write({"quantity": left.get(move.product_id, 0), "picked": move.product_id in left})
            drops[-1].with_context(skip_backorder=True).button_validate()
        order._create_invoices().action_post()
        [found] = order.get_margins()
        told = {drop["id"]: (drop["revenue"], drop["cost"]) for drop in found["drops"]}
        self.assertEqual([told[drop.id] for drop in drops], [(0, 40), (90, 0), (60, 0)])

    def test_margins_tell_a_returned_part_of_its_drop(self):
        order = self._ship([3, 2])
        first, second = order.picking_ids.filtered("is_drop").sorted("id")
        order._create_invoices().action_post()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=second.id)
            .create({"picking_id": second.id})
        )
        pads = wizard.product_return_moves.filtered(lambda line: line.product_id == self.brake_pads)
        pads.quantity = 1
        self._process(wizard._create_return())
        order._create_invoices(final=True).action_post()
        [found] = order.get_margins()
        told = {drop["id"]: (drop["revenue"], drop["credit"]) for drop in found["drops"]}
        self.assertEqual(told, {first.id: (90, 0), second.id: (60, 30)})
