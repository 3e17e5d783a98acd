from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .entry_common import EntryGateCase


@tagged("post_install", "-at_install")
class TestEntryGate(EntryGateCase):
    def _blocked_order(self):
        return self._clean_order(client_order_ref=False)

    def test_check_gate_answers_plain_data_without_confirming(self):
        order = self._blocked_order()
        [answer] = order.with_user(self.user).check_gate()
        self.assertEqual((answer["order"], answer["ok"]), (order.name, False))
        self.assertEqual([f["code"] for f in answer["findings"]], ["OF-GATE-REFERENCE-MISSING"])
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.finding_ids)

    def test_no_context_and_no_superuser_opens_the_gate(self):
        keys = dict.fromkeys(("force", "skip_gate", "bypass", "ignore_exceptions", "install_mode"), True)
        order = self._blocked_order().with_context(**keys)
        for who in (order, order.sudo(), order.with_user(self.env.ref("base.user_root"))):
            with self.assertRaisesRegex(UserError, "OF-GATE-REFERENCE-MISSING"):
                who.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_writing_the_state_meets_the_gate(self):
        order = self._blocked_order()
        with self.assertRaisesRegex(UserError, "OF-GATE-REFERENCE-MISSING"), self.env.cr.savepoint():
            order.write({"state": "sale"})
        with self.assertRaisesRegex(UserError, "OF-GATE-REFERENCE-MISSING"), self.env.cr.savepoint():
            self._clean_order(client_order_ref=False, state="sale")

    def test_pass_does_not_outlive_its_confirmation(self):
        order = self._clean_order()
        failing = patch.object(type(order), "_action_confirm", side_effect=UserError("no stock"))
        with failing, self.assertRaisesRegex(UserError, "no stock"), self.env.cr.savepoint():
            order.action_confirm()
        order.client_order_ref = False
        with self.assertRaisesRegex(UserError, "OF-GATE-REFERENCE-MISSING"), self.env.cr.savepoint():
            order.write({"state": "sale"})

    def test_copy_meets_the_gate_anew(self):
        order = self._blocked_order()
        order.with_user(self.manager).override_finding("reference_missing:0", "agreed on the phone")
        order.action_confirm()
        copy = order.copy()
        self.assertEqual([f for f in self._codes(copy) if f != "same_content"], ["reference_missing"])
        with self.assertRaises(UserError):
            copy.action_confirm()

    def test_many_at_once_good_ones_go_through(self):
        good, bad, later = self._clean_order(21), self._blocked_order(), self._clean_order(22)
        results = (good | bad | later).with_user(self.user).confirm_checked()
        self.assertEqual([result["ok"] for result in results], [True, False, True])
        self.assertEqual([result["state"] for result in results], ["sale", "draft", "sale"])
        self.assertIn("[OF-GATE-REFERENCE-MISSING]", results[1]["error"])
        self.assertEqual(bad.gate_status, "blocked")
        self.assertEqual(bad.finding_ids.state, "open")

    def test_many_at_once_one_failing_elsewhere_stops_no_other(self):
        good, bad = self._clean_order(21), self._clean_order(22)
        original = type(good)._action_confirm

        def _action_confirm(orders):
            if bad in orders:
                raise UserError(self.env._("carrier is down"))
            return original(orders)

        with patch.object(type(good), "_action_confirm", _action_confirm):
            results = (good | bad).confirm_checked()
        self.assertEqual([result["ok"] for result in results], [True, False])
        self.assertEqual(results[1]["error"], "carrier is down")
        self.assertEqual((good.state, bad.state), ("sale", "draft"))

    def test_list_button_shows_a_result_per_order(self):
        orders = self._clean_order() | self._blocked_order()
        action = orders.with_user(self.user).action_confirm_many()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((wizard.confirmed_count, wizard.refused_count), (1, 1))
        self.assertEqual(wizard.line_ids.mapped("is_ok"), [False, True])

    def test_portal_reads_the_code_and_none_of_our_business(self):
        portal = self._create_user("of_portal", "base.group_portal")
        order = self._clean_order()
        self.customer.write({"credit_limit": 1, "order_hold": True, "order_hold_reason": "lawyer"})
        with self.assertRaises(UserError) as caught:
            order.with_user(portal).sudo().action_confirm()
        text = str(caught.exception)
        self.assertIn("[OF-GATE-CREDIT-LIMIT] please contact us.", text)
        self.assertNotIn("lawyer", text)

    def test_customer_asking_over_rpc_reads_no_messages(self):
        portal = self._create_user("of_portal", "base.group_portal")
        self.customer.write({"order_hold": True, "order_hold_reason": "lawyer"})
        order = self._clean_order()
        order.message_subscribe(portal.partner_id.ids)
        portal.partner_id.parent_id = self.customer
        [answer] = order.with_user(portal).check_gate()
        self.assertEqual([f["message"] for f in answer["findings"]], ["please contact us."])
        with self.assertRaises(AccessError):
            order.with_user(portal).read(["gate_banner"])
        self.assertTrue(order.with_user(portal).read(["name"]))

    def test_finding_is_put_right_and_stays_in_the_report(self):
        order = self._blocked_order()
        order.confirm_checked()
        order.client_order_ref = "PO-RIGHT"
        order.action_confirm()
        self.assertEqual(order.finding_ids.state, "resolved")
        self.assertEqual(order.gate_status, "clear")
        self.env.flush_all()
        row = self.env["order.entry.quality"].search([("order_id", "=", order.id)])
        self.assertEqual((row.is_resolved, row.check_id.code), (1, "reference_missing"))

    def test_check_applies_to_its_customers_teams_and_amounts(self):
        check, order = self.Check._by_code("reference_missing"), self._blocked_order()
        other = self.customer.copy({"name": "Other"})
        team = self.env["crm.team"].create({"name": "Fleet"})
        for values in (
            {"partner_ids": other.ids},
            {"team_ids": team.ids},
            {"amount_min": 1000},
            {"amount_max": 5},
        ):
            before = {name: check[name] for name in values}
            check.write(values)
            self.assertEqual(self._codes(order), [], values)
            check.write(
                {name: value if isinstance(value, float) else False for name, value in before.items()}
            )
        self.assertEqual(self._codes(order), ["reference_missing"])

    def _pay(self, order, provider, state):
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "reference": order.name,
                "sale_order_ids": [(6, 0, order.ids)],
                "state": state,
            }
        )

    def test_paid_order_that_is_held_keeps_its_payment(self):
        held, good = self._blocked_order(), self._clean_order(21)
        provider = self.env["payment.provider"].search([], limit=1)
        for order in held | good:
            self._pay(order, provider, "done")._check_amount_and_confirm_order()
        self.assertEqual((held.state, good.state), ("draft", "sale"))
        self.assertIn("[OF-GATE-REFERENCE-MISSING]", held.activity_ids.note)

    def test_cash_on_delivery_of_a_held_order_goes_through(self):
        held, good = self._blocked_order(), self._clean_order(21)
        provider = self.env["payment.provider"].search([("code", "=", "none")], limit=1).copy()
        provider.write({"code": "custom", "custom_mode": "cash_on_delivery"})
        for order in held | good:
            self._pay(order, provider, "pending")._post_process()
        self.assertEqual((held.state, good.state), ("sent", "sale"))
        self.assertIn("[OF-GATE-REFERENCE-MISSING]", held.activity_ids.note)

    def test_capability_off_means_no_gate(self):
        order = self._blocked_order()
        group = self.env.ref("order_fulfilment.group_use_entry")
        self.env.ref("base.group_user").implied_ids -= group
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_check_without_method_is_refused(self):
        with self.assertRaisesRegex(UserError, r"\[OF-GATE-SETUP\]"):
            self.Check.create({"name": "Moon phase", "code": "moon_phase"})

    def test_queries_do_not_grow_with_the_number_of_orders(self):
        def queries(number):
            orders = self.env["sale.order"].union(*(self._clean_order(30 + n) for n in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._gate_evaluate()
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertLessEqual(queries(20), queries(5))


@tagged("post_install", "-at_install")
class TestEntryOverride(EntryGateCase):
    def setUp(self):
        super().setUp()
        self.order = self._clean_order(client_order_ref=False)
        self.key = "reference_missing:0"

    def test_override_needs_group_reason_and_finding(self):
        with self.assertRaisesRegex(AccessError, r"\[OF-GATE-OVERRIDE\]"):
            self.order.with_user(self.user).override_finding(self.key, "because I say so")
        with self.assertRaisesRegex(AccessError, r"\[OF-GATE-OVERRIDE\]"):
            self.order.with_user(self.user).sudo().override_finding(self.key, "because I say so")
        by_manager = self.order.with_user(self.manager)
        with self.assertRaisesRegex(UserError, r"\[OF-GATE-REASON\]"):
            by_manager.override_finding(self.key, "  ok ")
        with self.assertRaisesRegex(UserError, r"\[OF-GATE-GONE\]"):
            by_manager.override_finding("price_zero:0", "there is no such finding")
        self.assertFalse(self.order.gate_override_ids)

    def test_override_lets_only_its_finding_pass(self):
        self.customer.street = False
        self.order.with_user(self.manager).override_finding(self.key, "customer sends it later")
        with self.assertRaises(UserError) as caught:
            self.order.action_confirm()
        self.assertNotIn("REFERENCE-MISSING", str(caught.exception))
        self.customer.street = "Testweg 1"
        self.order.action_confirm()
        self.assertEqual(self.order.finding_ids.filtered(lambda f: f.key == self.key).state, "overridden")
        self.assertEqual(self.order.gate_override_ids.user_id, self.manager)

    def test_override_ends_when_what_was_looked_at_changes(self):
        self.order.client_order_ref = "PO-1"
        line = self.order.order_line
        line.price_unit = 30
        key = f"price_off_list:{line.id}"
        self.order.with_user(self.manager).override_finding(key, "special offer of the week")
        self.assertTrue(self.order.check_gate()[0]["ok"])
        line.price_unit = 40
        self.assertFalse(self.order.check_gate()[0]["ok"])
        self.order.confirm_checked()
        self.assertEqual(self.order.gate_override_ids.sorted("id").mapped("event"), ["granted", "withdrawn"])
        line.price_unit = 30
        self.assertFalse(self.order.check_gate()[0]["ok"])  # once withdrawn it does not come back by itself

    def test_override_stays_when_something_else_changes(self):
        self.order.with_user(self.manager).override_finding(self.key, "customer sends it later")
        self.order.order_line.product_uom_qty = 14
        self.assertTrue(self.order.check_gate()[0]["ok"])

    def test_override_can_be_taken_back(self):
        order = self.order.with_user(self.manager)
        order.override_finding(self.key, "customer sends it later")
        order.withdraw_override(self.key, "he never did")
        self.assertFalse(order.check_gate()[0]["ok"])

    def test_some_findings_are_final(self):
        self.order.client_order_ref = "PO-1"
        self.order.order_line.product_uom_id = self.env.ref("uom.product_uom_kgm")
        key = f"unit_mismatch:{self.order.order_line.id}"
        with self.assertRaisesRegex(UserError, r"\[OF-GATE-FINAL\]"):
            self.order.with_user(self.manager).override_finding(key, "we will manage somehow")

    def test_log_is_append_only_for_everybody(self):
        self.order.with_user(self.manager).override_finding(self.key, "customer sends it later")
        row = self.order.gate_override_ids
        for who in (self.manager, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
            with self.assertRaises(UserError):
                row.with_user(who).write({"reason": "forged"})
            with self.assertRaises(UserError):
                row.with_user(who).sudo().unlink()
        with self.assertRaises(AccessError):
            self.env["order.override"].with_user(self.manager).create({"order_id": self.order.id})
        with self.assertRaisesRegex(UserError, r"\[OF-GATE-LOG\]"):
            self.order.unlink()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_to_change_the_log(self):
        self.order.with_user(self.manager).override_finding(self.key, "customer sends it later")
        self.env.flush_all()
        for query in (
            "UPDATE order_override SET reason = 'x'",
            "DELETE FROM order_override",
            "TRUNCATE order_override",
        ):
            with self.assertRaisesRegex(psycopg2.Error, "OF-GATE-LOG"), self.env.cr.savepoint():
                self.env.cr.execute(query)

    def test_dialog_grants(self):
        grant = self.env["order.override.grant"].with_user(self.manager)
        grant.create({"order_id": self.order.id, "key": self.key, "reason": "agreed by phone"}).action_grant()
        self.assertTrue(self.order.check_gate()[0]["ok"])
        with self.assertRaises(AccessError):
            self.env["order.override.grant"].with_user(self.user).create(
                {"order_id": self.order.id, "key": "x", "reason": "y"}
            )
