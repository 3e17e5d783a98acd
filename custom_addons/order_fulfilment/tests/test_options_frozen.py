from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsFrozen(OptionsCase):
    """What a confirmed line agreed on stays, and what a quotation says follows its options."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._ptav("Speed").price_extra = 300.0
        cls._value("700").write({"is_custom": True, "is_option_quantity": True})
        cls._ptav("700").price_extra = 200.0

    def _confirmed(self):
        line = self._add_line("Low", "Speed", "BAT-700:2")
        self.order.action_confirm()
        return line

    def test_price_follows_the_options_of_a_quotation(self):
        line = self._add_line("Low", "Speed", "500")
        self.assertEqual(line.price_unit, 1300.0)
        line.product_no_variant_attribute_value_ids = self._ptav("City") | self._ptav("500")
        self.assertEqual(line.price_unit, 1000.0)

    def test_price_follows_the_number_of_an_option(self):
        line = self._add_line("Low", "City", "BAT-700:2")
        self.assertEqual(line.price_unit, 1400.0)
        line.product_custom_attribute_value_ids.custom_value = "3"
        self.assertEqual(line.price_unit, 1600.0)
        with self.assertRaisesRegex(ValidationError, "OF-OPT-006"), self.env.cr.savepoint():
            line.product_custom_attribute_value_ids.custom_value = "many"

    def test_options_of_a_confirmed_line_cannot_change(self):
        line = self._confirmed()
        other = self._ptav("City") | self._ptav("500")
        for record, vals in (
            (line, {"product_no_variant_attribute_value_ids": [Command.set(other.ids)]}),
            (line, {"product_id": self.chain.id}),
            (line.product_custom_attribute_value_ids, {"custom_value": "5"}),
        ):
            with self.assertRaisesRegex(UserError, "OF-OPT-007|modify the product"), self.env.cr.savepoint():
                record.write(vals)
        self.assertEqual(line._option_quantities(), {self._ptav("700").id: 2})

    def test_frozen_price_outlives_a_new_quantity(self):
        line = self._confirmed()
        self._ptav("Speed").price_extra = 999.0
        line.product_uom_qty = 4
        self.assertEqual((line.price_unit, line.price_subtotal), (1700.0, 6800.0))

    def test_no_context_thaws_a_snapshot(self):
        line = self._confirmed()
        before = line.option_snapshot
        line.with_context(freezing_options=True).write({"option_snapshot": {}})
        self.assertEqual(line.option_snapshot, before)

    def test_breakdown_of_a_confirmed_line_shows_a_changed_price(self):
        line = self._confirmed()
        line.price_unit = 1650.0
        self.assertEqual(sum(row["amount"] for row in line.option_breakdown), 1650.0)
        self.assertEqual(line.replay_option_configuration()["price_unit"], 1700.0)

    def test_confirmed_again_is_agreed_anew(self):
        line = self._confirmed()
        self.order._action_cancel()
        self.order.action_draft()
        line.product_no_variant_attribute_value_ids = self._ptav("City") | self._ptav("500")
        self.order.action_confirm()
        agreed = line.replay_option_configuration()
        self.assertEqual([each["name"] for each in agreed["selection"]], ["Low", "City", "500"])
        self.assertEqual(agreed["price_unit"], 1000.0)

    def test_writing_the_state_meets_the_verdict_and_freezes(self):
        line = self._add_line("Low", "Speed", "400")
        self._speed_needs_big_battery()
        with self.assertRaisesRegex(UserError, "OF-OPT-001"), self.env.cr.savepoint():
            self.order.state = "sale"
        self.rules.rule_ids.active = False
        self.rules.action_release()
        self.order.state = "sale"
        self.assertEqual(line.option_snapshot["price_unit"], 1300.0)
