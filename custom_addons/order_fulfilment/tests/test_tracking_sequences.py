import os

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_fulfilment.tools.ledger import ALL_STAGES, fold, quantize

from .sequence_world import Sequence
from .test_tracking_ledger import LedgerCase

# ORDER_FULFILMENT_SEQUENCES=2000 tries longer than a test run has time for.
SEQUENCES = int(os.environ.get("ORDER_FULFILMENT_SEQUENCES", "12"))
STEPS = 10
SHIPPED_SQL = """
    SELECT COALESCE(SUM(CASE WHEN dest.usage = 'customer' THEN move.quantity * unit.factor END), 0),
           COALESCE(SUM(CASE WHEN source.usage = 'customer' THEN move.quantity * unit.factor END), 0)
      FROM stock_move move
      JOIN uom_uom unit ON unit.id = move.product_uom
      JOIN stock_location source ON source.id = move.location_id
      JOIN stock_location dest ON dest.id = move.location_dest_id
     WHERE move.state = 'done' AND move.sale_line_id = %s
"""


@tagged("post_install", "-at_install")
class TestRandomSequences(LedgerCase):
    """What the rules promise over 10,000 made-up sequences (tests/unit), over Odoo's own documents."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouses = cls.warehouse + cls.env["stock.warehouse"].create(
            [
                {"name": steps, "code": f"N{number}", "delivery_steps": steps}
                for number, steps in enumerate(("pick_ship", "pick_pack_ship"))
            ]
        )
        cls.warehouses.delivery_route_id.sale_selectable = True
        cls.tube = cls._create_product("Tube", "TUBE", invoice_policy="order", list_price=3.33)
        cls.products = [cls.chain, cls.brake_pads, cls.tube]
        for product in cls.products:
            for warehouse in cls.warehouses:
                cls._stock(product, 100_000, warehouse.lot_stock_id)
        cls._add_kit()

    @classmethod
    def _add_kit(cls):
        if "mrp.bom" not in cls.env:
            return
        kit = cls._create_product("Set", "SET", is_storable=False, invoice_policy="delivery", list_price=31.0)
        parts = [
            Command.create({"product_id": product.id, "product_qty": number})
            for number, product in ((1, cls.chain), (2, cls.brake_pads))
        ]
        cls.env["mrp.bom"].create(
            {"product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom", "bom_line_ids": parts}
        )
        cls.products = [*cls.products, kit]

    def test_ledger_after_every_step(self):
        for seed in range(SEQUENCES):
            with self.subTest(seed=seed):
                sequence, told = Sequence(self, seed), []
                for _step in range(STEPS):
                    told.append(sequence.step())
                    self._check(sequence.order, told)

    def _check(self, order, told):
        """Exact sums, nothing below zero, and stored what the documents say now."""
        self.env.flush_all()
        self.env.invalidate_all()
        for line in order.order_line:
            ledger = line._get_ledger()
            self.assertEqual(sum(ledger.standing.values()), quantize(line.product_uom_qty), told)
            self.assertEqual(ledger.ordered, quantize(line.product_uom_qty), told)
            self.assertTrue(all(quantity >= 0 for quantity in ledger.standing.values()), told)
            self.assertEqual(set(ledger.standing), set(ALL_STAGES))
            now = fold(line._get_ledger_events())
            self.assertEqual(self._without_times(ledger), self._without_times(now), told)
            if not line._get_kit_components():
                self._check_moves(line, ledger, told)
        self._check_order(order, told)

    def _without_times(self, ledger):
        # an event may name several documents in one text; kept, each stands on its own
        documents = {
            stage: sorted(", ".join(names).split(", ")) for stage, (_time, names) in ledger.marks.items()
        }
        return ledger.standing, ledger.reached, ledger.refused, ledger.surplus, documents

    def _check_moves(self, line, ledger, told):
        self.env.cr.execute(SHIPPED_SQL, [line.id])
        gone, back = (quantity / line.product_uom_id.factor for quantity in self.env.cr.fetchone())
        self.assertAlmostEqual(float(ledger.reached["shipped"]), float(gone), 5, told)
        self.assertAlmostEqual(float(ledger.reached["returned"]), float(back), 5, told)

    def _check_order(self, order, told):
        stored = {
            name: order[name]
            for name in ("fulfilment_status", "fulfilment_summary", "is_short", "is_proof_due")
        }
        for name in stored:
            self.env.add_to_compute(order._fields[name], order)
        self.assertEqual(stored, {name: order[name] for name in stored}, told)
