from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .entry_common import EntryGateCase


@tagged("post_install", "-at_install")
class TestEntryReference(EntryGateCase):
    def _order(self, reference, quantity, **values):
        return self._clean_order(quantity, client_order_ref=reference, **values)

    def test_duplicate_over_the_whole_commercial_entity(self):
        child = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        first = self._order("PO-00123", 21)
        first.action_confirm()
        second = self._order("p0 123", 22, partner_id=child.id)
        with self.assertRaisesRegex(UserError, rf"\[OF-GATE-REFERENCE-DUPLICATE\].*{first.name}"):
            second.action_confirm()

    def test_other_customer_may_use_the_same_reference(self):
        self._order("PO-1", 21).action_confirm()
        other = self.customer.copy({"name": "Another"})
        order = self._order("PO-1", 22, partner_id=other.id)
        self.assertNotIn("reference_duplicate", self._codes(order))

    def test_cancelled_order_frees_its_reference(self):
        first, second = self._order("PO-1", 21), self._order("PO-1", 22)
        first.action_confirm()
        first._action_cancel()
        second.action_confirm()
        self.assertEqual(second.state, "sale")
        self.assertFalse(first.reference_claim)

    def test_older_quotation_stands_in_the_way_of_the_later(self):
        older, later = self._order("PO-1", 21), self._order("PO-1", 22)
        self.assertNotIn("reference_duplicate", self._codes(older))
        self.assertIn("reference_duplicate", self._codes(later))

    def test_in_one_batch_the_first_one_passes(self):
        orders = self._order("PO-1", 21) | self._order("PO 1", 22)
        self.assertEqual([result["ok"] for result in orders.confirm_checked()], [True, False])

    @mute_logger("odoo.sql_db")
    def test_database_holds_what_the_check_cannot_see(self):
        first, second = self._order("PO-1", 21), self._order("PO-2", 22)
        first.action_confirm()
        self.env.flush_all()
        second.client_order_ref = "PO-1"
        self.patch(type(second), "_gate_reference_twins", lambda orders: {})
        with self.assertRaisesRegex(UserError, r"\[OF-GATE-REFERENCE-DUPLICATE\]"), self.env.cr.savepoint():
            second.action_confirm()
        self.assertEqual(second.state, "draft")

    def test_overridden_duplicate_claims_nothing(self):
        self._order("PO-1", 21).action_confirm()
        second = self._order("PO-1", 22)
        second.with_user(self.manager).override_finding(
            "reference_duplicate:0", "second delivery of a frame order"
        )
        second.action_confirm()
        self.assertEqual(second.state, "sale")
        self.assertFalse(second.reference_claim)

    def test_warned_duplicate_claims_nothing(self):
        self.Check._by_code("reference_duplicate").severity = "warn"
        for quantity in (21, 22):
            self._order("PO-1", quantity).action_confirm()

    def test_keys_of_orders_from_before_the_installation(self):
        order = self._order("PO-0042", 21)
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET reference_key = NULL WHERE id = %s", [order.id])
        self.env["sale.order"]._fill_reference_keys()
        order.invalidate_recordset()
        self.assertEqual(order.reference_key, "P42")

    def test_upgrade_gives_old_orders_the_key_of_today(self):
        order = self._clean_order(client_order_ref="PO-l001")
        order.action_confirm()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET reference_key = 'P11', reference_claim = 'old' WHERE id = %s", [order.id]
        )
        self.env["sale.order"]._fill_reference_keys("[il]|[^ -~]")
        self.env.invalidate_all()
        self.assertEqual((order.reference_key, order.reference_claim), ("P1001", False))
        self.assertEqual(
            self._codes(self._clean_order(20, client_order_ref="PO-1001")), ["reference_duplicate"]
        )
