from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsCoreUsers(OptionsCase):
    """People who hold no group of ours work with governed end items as they always did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speed_needs_big_battery()
        cls.maker = cls._create_user("core_product", "base.group_user,product.group_product_manager")
        cls.seller = cls._create_user(
            "core_sales", "base.group_user,sales_team.group_sale_salesman_all_leads"
        )
        cls.keeper = cls._create_user("core_stock", "base.group_user,stock.group_stock_user")

    def test_the_users_hold_no_group_of_ours(self):
        for user in self.maker | self.seller | self.keeper:
            self.assertFalse(user.has_group("order_fulfilment.group_user"))
            self.assertFalse(self.env["option.rule.set"].with_user(user).has_access("read"))

    def test_everyone_reads_our_fields_of_a_governed_end_item(self):
        records = (self.bike, self._add_line("Low", "Speed", "500").product_id, self._ptav("Speed"))
        for user in self.maker | self.seller | self.keeper:
            for record in (*records, self._value("Speed"), self.motor):
                own = record.with_user(user)
                names = [
                    name
                    for name, field in own._fields.items()
                    if field._module == "order_fulfilment" and not field.inherited
                    if own._has_field_access(field, "read")
                ]
                self.assertTrue(own.read(["display_name", *names]))

    def test_a_copy_obeys_the_rules_of_the_original(self):
        copied = self.bike.with_user(self.maker).copy()
        self.assertEqual(copied.sudo().option_rule_set_ids, self.rules)
        with self.assertRaisesRegex(ValidationError, "OF-OPT-001"):
            self._add_line("Low", "Speed", "400", template=copied)
        self.assertTrue(self._add_line("Low", "Speed", "500", template=copied))

    def test_a_copy_keeps_dates_and_defaults_of_its_options(self):
        self._ptav("700").write({"phase_out_date": "2020-01-01"})
        self._ptav("500").is_option_default = True
        copied = self.bike.with_user(self.maker).copy()
        self.assertEqual(str(self._ptav("700", copied).phase_out_date), "2020-01-01")
        self.assertTrue(self._ptav("500", copied).is_option_default)

    def test_a_copy_can_be_made_without_the_rules(self):
        copied = self.bike.copy({"option_rule_set_ids": [Command.clear()]})
        self.assertFalse(copied.option_rule_set_ids)

    def test_product_maker_edits_and_deletes(self):
        item = self.bike.with_user(self.maker).copy()
        line = item.attribute_line_ids.filtered(lambda each: each.attribute_id == self.battery)
        line.value_ids -= self._value("700")
        item.write({"name": "Edited", "list_price": 5.0, "phase_out_date": "2099-01-01"})
        self.assertNotIn("700", item._option_values().mapped("name"))
        self.assertFalse(item.option_state(["Speed"])["missing"] == [])
        item.unlink()
        self.assertFalse(item.exists())

    def test_product_maker_excludes_values_of_a_governed_end_item(self):
        values = self.bike.with_user(self.maker).attribute_line_ids.product_template_value_ids
        high, city = (values.filtered(lambda v, name=name: v.name == name) for name in ("High", "City"))
        high.exclude_for = [
            Command.create({"product_tmpl_id": self.bike.id, "value_ids": [Command.set(city.ids)]})
        ]
        with self.assertRaisesRegex(ValidationError, "High does not go with City|does not go with"):
            self._add_line("High", "City", "500")

    def test_seller_configures_confirms_and_replays(self):
        order = self.order.with_user(self.seller)
        line = order.order_line.browse(order.create_option_line(self.bike.id, ["Low", "Speed", "500"]))
        order.action_confirm()
        self.assertEqual(line.replay_option_configuration()["rule_revisions"][0]["revision"], 1)
        self.assertTrue(line.read() and order.read())

    def test_seller_is_told_why_not(self):
        order = self.order.with_user(self.seller)
        with self.assertRaisesRegex(ValidationError, "The Speed motor needs 500 Wh or more."):
            order.create_option_line(self.bike.id, ["Low", "Speed", "400"])
        self.assertFalse(order.order_line)

    def test_keeper_delivers_a_configured_line(self):
        line = self._add_line("Low", "Speed", "500")
        self._stock(line.product_id, 1)
        self.order.action_confirm()
        picking = self.order.picking_ids.with_user(self.keeper)
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        self.assertEqual(picking.state, "done")
