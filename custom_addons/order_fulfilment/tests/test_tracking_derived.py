from datetime import datetime

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase

FORGED = datetime(2040, 1, 1, 12)


@tagged("post_install", "-at_install")
class TestDerivedFields(LedgerCase):
    """What happened is not typed, whoever asks and by whatever way."""

    def test_no_client_writes_what_happened(self):
        order = self._confirmed(user_id=self.user.id)
        forged = {
            "promised_date_to": FORGED,
            "first_promised_date_to": FORGED,
            "requested_deadline": FORGED,
            "promise_deadline": FORGED,
            "fulfilment_status": "paid",
            "is_followed": False,
        }
        for user in (self.user, self.manager, self.env.ref("base.user_admin")):
            for name, value in forged.items():
                with self.assertRaisesRegex(AccessError, r"\[OF-TRK-011\] " + name):
                    order.with_user(user).write({name: value})
            with self.assertRaisesRegex(AccessError, r"\[OF-TRK-011\]"):
                order.order_line.with_user(user).write({"fulfilment_ledger": {}})
        self.assertEqual(order.fulfilment_status, "released")
        self.assertNotEqual(order.promise_deadline, FORGED)

    def test_not_at_creation_either(self):
        vals = {"partner_id": self.customer.id, "first_promise_deadline": FORGED}
        with self.assertRaisesRegex(AccessError, r"\[OF-TRK-011\]"):
            self.env["sale.order"].with_user(self.manager).create(vals)

    def test_arrival_is_noted_not_written(self):
        order = self._confirmed()
        self._process(order.picking_ids)
        driver = self._create_user("of_arrival", "order_fulfilment.group_warehouse")
        with self.assertRaisesRegex(AccessError, r"\[OF-TRK-011\]"):
            order.picking_ids.with_user(driver).arrived_at = FORGED
        order.picking_ids.with_user(driver).action_arrived()
        self.assertEqual(order.fulfilment_status, "delivered")

    def test_taken_up_again_with_another_date_is_a_new_promise(self):
        first, second = datetime(2040, 3, 1, 10), datetime(2040, 3, 24, 10)
        order = self._confirmed(commitment_date=first)
        order._action_cancel()
        order.action_draft()
        order.commitment_date = second
        order.action_confirm()
        self.assertEqual(order.promise_ids.mapped("kind"), ["requested", "first", "promised"])
        self.assertEqual((order.promised_date_to, order.first_promised_date_to), (second, first))
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(order.promise_ids), 3)


@tagged("post_install", "-at_install")
class TestCustomerAsksByRpc(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._create_user("of_portal", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer

    def test_customer_reads_where_the_own_order_is(self):
        order = self._confirmed(partner_id=self.portal.partner_id.id)
        self._process(order.picking_ids, 4)
        lines = [{"move_id": order.picking_ids.filtered("is_drop").move_ids.id, "delivered": 3}]
        self.env["delivery.proof"].register(
            "k", order.picking_ids.filtered("is_drop").id, {"signer": "A"}, lines
        )
        self.env.invalidate_all()
        [answer] = order.with_user(self.portal).get_fulfilment()
        self.assertEqual(answer["lines"][0]["standing"]["proven"], 3)
        self.assertEqual(sorted(len(drop["proofs"]) for drop in answer["drops"]), [0, 1])

    def test_nobody_elses(self):
        order = self._confirmed(partner_id=self.portal.partner_id.id)
        other = self._create_order(
            [(self.chain, 1)], partner_id=self.env["res.partner"].create({"name": "X"}).id
        )
        for orders in (other, order + other):
            with self.assertRaises(AccessError):
                orders.with_user(self.portal).get_fulfilment()
        with self.assertRaises(AccessError):
            order.with_user(self.portal).write({"order_line": [Command.clear()]})
