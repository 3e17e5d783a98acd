from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_tracking_ledger import LedgerCase

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ACT_WINDOW = "ir.actions.act_window"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 08:00:00")
class TestProof(LedgerCase):
    def setUp(self):
        super().setUp()
        self.order = self._confirmed()
        self.picking = self.order.picking_ids
        self._process(self.picking)
        self.line = self.order.order_line
        self.driver = self._create_user("of_driver", "order_fulfilment.group_warehouse")
        self.proofs = self.env["delivery.proof"].with_user(self.driver)

    def _register(self, key="k1", lines=None, **values):
        values = {"signer": "Ms Weber", "signature": PIXEL, **values}
        return self.proofs.register(key, self.picking.id, values, lines)

    def _line(self, delivered, refused=0, reason=False):
        return {
            "move_id": self.picking.move_ids.id,
            "delivered": delivered,
            "refused": refused,
            "reason": reason,
        }

    def test_all_received(self):
        answer = self._register()
        self.assertTrue(answer["is_new"])
        self.assertEqual(self._standing(self.line), {"proven": 10})
        self.assertEqual(self.order.fulfilment_status, "proven")
        proof = self.env["delivery.proof"].browse(answer["id"])
        self.assertEqual(proof.user_id, self.driver)
        self.assertEqual(proof.order_id, self.order)
        self.assertEqual(self.picking.arrived_at, proof.signed_at)

    def test_sent_twice_is_one_proof(self):
        first = self._register(lines=[self._line(10)])
        again = self._register(lines=[self._line(10)])
        self.assertEqual(again, {**first, "is_new": False})
        self.assertEqual(len(self.picking.proof_ids), 1)

    def test_same_key_with_other_content(self):
        self._register(lines=[self._line(10)])
        with self.assertRaisesRegex(UserError, r"\[OF-POD-002\]"):
            self._register(lines=[self._line(9, 1, "damaged")])
        self.assertEqual(self._standing(self.line), {"proven": 10})

    def test_refused_opens_a_return_and_is_never_invoiced(self):
        answer = self._register(lines=[self._line(8, 2, "damaged")])
        back = self.env["delivery.proof"].browse(answer["id"]).return_picking_id
        self.assertEqual(back.move_ids.product_uom_qty, 2)
        self.assertEqual(self._standing(self.line), {"shipped": 2, "proven": 8})
        self.assertEqual(self.line.qty_to_invoice, 8)
        self._process(back)
        self.assertEqual(self._standing(self.line), {"proven": 8, "returned": 2})
        self.assertEqual(self.line.qty_to_invoice, 8)
        self.assertEqual(self.order._create_invoices().invoice_line_ids.quantity, 8)

    def test_refused_after_invoice_is_credited(self):
        self.order._create_invoices().action_post()
        self._register(lines=[self._line(8, 2, "damaged")])
        self.assertEqual(self.line.qty_to_invoice, -2)
        credit = self.order._create_invoices(final=True)
        self.assertEqual((credit.move_type, credit.invoice_line_ids.quantity), ("out_refund", 2))

    def test_refused_of_goods_invoiced_on_order(self):
        self.chain.invoice_policy = "order"
        self._register(lines=[self._line(8, 2, "damaged")])
        self.assertEqual(self.line.qty_to_invoice, 8)

    def test_invoice_only_after_proof(self):
        self.customer.invoice_trigger = "proof"
        self.assertEqual(self.line.qty_to_invoice, 0)
        self.assertEqual(self.line.invoice_status, "no")
        self._register(lines=[self._line(6)])
        self.assertEqual(self.line.qty_to_invoice, 6)
        self._return(self.picking, 1)
        self.assertEqual(self.line.qty_to_invoice, 5)

    def test_proofs_in_parts_never_exceed_the_delivery(self):
        self._register(lines=[self._line(6)])
        with self.assertRaisesRegex(UserError, r"\[OF-POD-004\]"):
            self._register("k2", lines=[self._line(5)])
        self._register("k3", lines=[self._line(4)])
        self.assertEqual(self._standing(self.line), {"proven": 10})
        with self.assertRaisesRegex(UserError, r"\[OF-POD-010\]"):
            self._register("k4")

    def test_naming_nothing_is_not_everything(self):
        for lines in ([], [self._line(0)]):
            with self.subTest(lines=lines), self.assertRaisesRegex(UserError, r"\[OF-POD-013\].*leaves"):
                self._register(lines=lines)
        self.assertFalse(self.picking.proof_ids)
        self._register()
        with self.assertRaisesRegex(UserError, r"\[OF-POD-002\]"):
            self._register(lines=[])
        with self.assertRaisesRegex(UserError, r"\[OF-POD-010\]"):
            self._register("k2", lines=[])
        self.assertEqual(self._standing(self.line), {"proven": 10})

    def test_bad_input_is_refused_and_leaves_nothing(self):
        cases = {
            r"\[OF-POD-003\]": {"signer": "  "},
            r"\[OF-POD-004\]": {"lines": [self._line(-1)]},
            r"\[OF-POD-005\]": {"lines": [self._line(9, 1)]},
            r"\[OF-POD-007\]": {"user_id": 1},
            r"\[OF-POD-008\]": {"lines": [{"move_id": 0, "delivered": 1}]},
            r"\[OF-POD-009\]": {"lines": [self._line(9, 1, "<script>")]},
        }
        for code, values in cases.items():
            with self.subTest(code=code), self.assertRaisesRegex(UserError, code):
                self._register(**values)
        self.assertFalse(self.picking.proof_ids)

    def test_nothing_to_prove_before_it_is_shipped(self):
        order = self._confirmed()
        with self.assertRaisesRegex(UserError, r"\[OF-POD-001\]"):
            self.proofs.register("k", order.picking_ids.id, {"signer": "A"})

    def test_a_proof_is_never_changed(self):
        self._register()
        proof = self.picking.proof_ids.sudo()
        with self.assertRaisesRegex(UserError, r"\[OF-POD-011\]"):
            proof.signer = "Mr Other"
        with self.assertRaisesRegex(UserError, r"\[OF-POD-011\]"):
            proof.line_ids.quantity_delivered = 1
        with self.assertRaisesRegex(UserError, r"\[OF-POD-011\]"):
            proof.unlink()

    def test_refused_access(self):
        with self.assertRaises(AccessError):
            self.env["delivery.proof"].with_user(self.user).create({"name": "x"})
        stranger = self._create_user("of_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["delivery.proof"].with_user(stranger).register("k", self.picking.id, {"signer": "A"})
        self.assertFalse(self.picking.proof_ids)

    def test_buttons_refuse_those_who_may_not_see_the_transfer(self):
        stranger = self._create_user("of_stranger", "base.group_user")
        for button in ("action_take_proof", "action_view_proofs"):
            with self.assertRaises(AccessError):
                getattr(self.picking.with_user(stranger), button)()
            self.assertEqual(getattr(self.picking.with_user(self.driver), button)()["type"], ACT_WINDOW)

    def test_screen_at_the_door(self):
        screen = Form(
            self.env["delivery.proof.take"]
            .with_user(self.driver)
            .with_context(default_picking_id=self.picking.id)
        )
        screen.signer = "Ms Weber"
        with screen.line_ids.edit(0) as line:
            line.quantity_refused = 3
            self.assertEqual(line.quantity_delivered, 7)
            line.reason = "late"
        take = screen.save()
        take.action_confirm()
        take.action_confirm()
        self.assertEqual(len(self.picking.proof_ids), 1)
        self.assertEqual(self.line._get_ledger().refused, 3)

    def test_arrival_without_proof(self):
        self.picking.with_user(self.driver).action_arrived()
        self.assertEqual(self._standing(self.line), {"delivered": 10})
