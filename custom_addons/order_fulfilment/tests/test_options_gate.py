from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsGate(OptionsCase):
    def _line_values(self, *names, product=None):
        values = self.env["product.template.attribute.value"].union(*map(self._ptav, names))
        product = product or self.bike._create_product_variant(
            self._ptav("Low") | self._ptav("City") | self._ptav("500")
        )
        return {
            "order_id": self.order.id,
            "product_id": product.id,
            "product_no_variant_attribute_value_ids": [Command.set(values.ids)],
        }

    def test_possible_line_is_stored(self):
        self._speed_needs_big_battery()
        line = self.env["sale.order.line"].create(self._line_values("Speed", "700"))
        self.assertEqual(line._option_ptavs().mapped("name"), ["Low", "Speed", "700"])

    def test_impossible_line_is_refused_with_the_reason(self):
        self._speed_needs_big_battery()
        error = r"\[OF-OPT-001\].*needs 500 Wh or more.*Motor: Speed"
        with self.assertRaisesRegex(ValidationError, error), self.env.cr.savepoint():
            self.env["sale.order.line"].create(self._line_values("Speed", "400"))
        self.assertFalse(self.order.order_line)

    def test_write_is_refused_too(self):
        self._speed_needs_big_battery()
        line = self._add_line("Low", "Speed", "700")
        with self.assertRaisesRegex(ValidationError, "OF-OPT-001"), self.env.cr.savepoint():
            line.product_no_variant_attribute_value_ids = self._ptav("Speed") | self._ptav("400")
        self.assertIn("700", line.product_no_variant_attribute_value_ids.mapped("name"))

    def test_incomplete_line_names_what_is_missing(self):
        with self.assertRaisesRegex(ValidationError, r"\[OF-OPT-002\].*Battery"):
            self.env["sale.order.line"].create(self._line_values("Speed"))

    def test_two_values_of_one_class_are_refused(self):
        with self.assertRaisesRegex(ValidationError, r"\[OF-OPT-004\].*Battery"):
            self.env["sale.order.line"].create(self._line_values("Speed", "400", "500"))

    def test_cores_own_exclusions_count(self):
        self._ptav("Speed").exclude_for = [
            Command.create(
                {"product_tmpl_id": self.bike.id, "value_ids": [Command.set(self._ptav("400").ids)]}
            )
        ]
        with self.assertRaisesRegex(ValidationError, "OF-OPT-001"):
            self.env["sale.order.line"].create(self._line_values("Speed", "400"))

    def test_rule_over_a_multiple_choice_says_what_is_needed(self):
        self._rule("requires", [["Rack"]], [["Speed"]])
        self.rules.action_release()
        with self.assertRaisesRegex(ValidationError, r"\[OF-OPT-005\].*Extras: Rack"):
            self.env["sale.order.line"].create(self._line_values("Speed", "500"))

    def test_copy_of_an_order_is_checked(self):
        self._add_line("Low", "Speed", "400")
        self._speed_needs_big_battery()
        with self.assertRaisesRegex(ValidationError, "OF-OPT-001"):
            self.order.copy()

    def test_confirming_a_quotation_that_became_impossible_is_refused(self):
        self._add_line("Low", "Speed", "400")
        self._speed_needs_big_battery()
        with self.assertRaisesRegex(UserError, "OF-OPT-001"):
            self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_release_tells_the_salesperson_of_open_quotations(self):
        line = self._add_line("Low", "Speed", "400")
        self._speed_needs_big_battery()
        self.assertIn("OF-OPT-001", line.option_notice)
        self.assertEqual(len(self.order.activity_ids), 1)
        self.rules.action_release()
        self.assertEqual(len(self.order.activity_ids), 1)

    def test_editing_a_rule_changes_nothing_until_it_is_released(self):
        self._rule("excludes", [["700"]], [["City"]])
        self.assertTrue(self.rules.is_changed)
        self.assertTrue(self._add_line("Low", "City", "700"))

    def test_unknown_code_is_named_and_nothing_is_stored(self):
        with self.assertRaisesRegex(UserError, r"\[OF-OPT-050\].*BAT-900"):
            self._add_line("Low", "City", "BAT-900")
        self.assertFalse(self.order.order_line)

    def test_text_that_is_no_date_is_refused(self):
        with self.assertRaisesRegex(UserError, r"\[OF-OPT-052\].*tomorrow"):
            self.bike.option_state([], date="tomorrow")

    def test_line_by_option_codes(self):
        line = self._add_line("FRA-Low", "MOT-City", "BAT-500", "EXT-Rack")
        self.assertEqual(line._option_ptavs().mapped("name"), ["Low", "City", "500", "Rack"])

    def test_portal_user_may_not_ask(self):
        portal = self._create_user("of_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.bike.with_user(portal).option_state([])

    def test_salesperson_may_not_change_rules_or_releases(self):
        self._speed_needs_big_battery()
        rules = self.rules.with_user(self.user)
        with self.assertRaises(AccessError):
            rules.write({"name": "x"})
        with self.assertRaises(AccessError):
            rules.release_ids.unlink()
        with self.assertRaises(AccessError):
            rules.rule_ids.unlink()
        with self.assertRaises(AccessError):
            self.rules.release_ids.with_user(self.manager).write({"revision": 9})

    def test_salesperson_uses_it_all(self):
        self._speed_needs_big_battery()
        bike = self.bike.with_user(self.user)
        self.assertIn(self._ptav("400").id, bike.option_state(["Speed"])["impossible"])
        order = self._create_order([], user_id=self.user.id).with_user(self.user)
        line = self._add_line("Low", "City", "400", order=order)
        self.assertTrue(line)

    def test_capability_off_switches_the_gate_off(self):
        self._speed_needs_big_battery()
        self.env.ref("base.group_user").implied_ids -= self.env.ref("order_fulfilment.group_use_options")
        self.assertTrue(self.env["sale.order.line"].create(self._line_values("Speed", "400")))
