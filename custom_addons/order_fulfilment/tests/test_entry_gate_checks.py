from odoo.exceptions import UserError
from odoo.tests import tagged

from .entry_common import EntryGateCase
from .entry_faults import CURES, FAULTS, FIXED_IN_ONE_CLICK


@tagged("post_install", "-at_install")
class TestEntryGateChecks(EntryGateCase):
    def test_every_check_has_its_fault_here(self):
        self.assertEqual(set(self.Check.search([]).mapped("code")), set(FAULTS))
        self.assertEqual(set(FAULTS), set(CURES) | set(FIXED_IN_ONE_CLICK))

    def test_clean_order_passes_all_strict_checks(self):
        order = self._clean_order()
        self.assertEqual(order.check_gate()[0]["findings"], [])
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_goods_under_zero_are_found_and_a_rebate_is_not(self):
        order = self._clean_order()
        order.order_line[:1].price_unit = -5
        self.assertIn("price_zero", self._codes(order))
        rebate = self.env["product.product"].create({"name": "Rebate", "type": "service"})
        order = self._clean_order()
        order.order_line = [(0, 0, {"product_id": rebate.id, "price_unit": -1})]
        self.assertNotIn("price_zero", self._codes(order))

    def _for_each_fault(self, examine, only=FAULTS):
        """Call ``examine(check, spoiled order)`` for each fault, each undone afterwards."""
        for check in only:
            with self.subTest(check), self.env.cr.savepoint() as savepoint:
                order = self._clean_order()
                FAULTS[check](self, order)
                examine(check, order)
                savepoint.rollback()

    def test_each_check_refuses_its_fault(self):
        def examine(check, order):
            code = self.Check._by_code(check).stable_code
            self.assertIn(check, self._codes(order))
            with self.assertRaisesRegex(UserError, rf"\[{code}\]"):
                order.action_confirm()
            self.assertEqual(order.state, "draft")
            self.assertFalse(order.picking_ids)

        self._for_each_fault(examine)

    def test_only_its_own_check_finds_the_fault(self):
        self._for_each_fault(lambda check, order: self.assertEqual(set(self._codes(order)), {check}))

    def test_each_fault_put_right_passes(self):
        def examine(check, order):
            CURES[check](self, order)
            self.assertNotIn(check, self._codes(order))
            order.action_confirm()
            self.assertEqual(order.state, "sale")

        self._for_each_fault(examine, only=CURES)

    def test_one_click_fixes_cure(self):
        def examine(check, order):
            [key] = [key for key in self._keys(order) if key.startswith(check)]
            self.assertIs(order.fix_finding(key), True)
            self.assertNotIn(check, self._codes(order))

        self._for_each_fault(examine, only=FIXED_IN_ONE_CLICK)

    def test_other_fixes_open_what_has_to_be_completed(self):
        def examine(check, order):
            finding = next(f for f in order.check_gate()[0]["findings"] if f["check"] == check)
            if finding["fix"]:
                action = order.fix_finding(finding["key"])
                self.assertEqual(action["type"], "ir.actions.act_window")
                self.assertTrue(self.env[action["res_model"]].browse(action["res_id"]).exists())

        self._for_each_fault(examine, only=set(FAULTS) - set(FIXED_IN_ONE_CLICK))

    def test_warning_does_not_block(self):
        def examine(check, order):
            order.action_confirm()
            self.assertEqual(order.state, "sale")
            self.assertEqual(order.finding_ids.mapped("state"), ["accepted"])

        self.Check.search([]).severity = "warn"
        # Odoo itself cannot make a transfer of a unit that does not convert
        self._for_each_fault(examine, only=set(FAULTS) - {"unit_mismatch"})

    def test_check_switched_off_finds_nothing(self):
        self.Check.search([]).severity = "off"
        self._for_each_fault(lambda check, order: self.assertEqual(self._codes(order), []))
