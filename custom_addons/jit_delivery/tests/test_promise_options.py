from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_fulfilment.tests.options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestPromiseOptions(OptionsCase):
    """What an order line's options need is promised, also where the option makes no variant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["delivery.slot"].search([]).active = False
        cls.warehouse.partner_id.tz = "Europe/Berlin"
        cls.packs = {name: cls._create_product(f"Battery {name}", name) for name in ("400", "500", "700")}
        cls.tube = cls._create_product("Frame tube", "TUBE")
        cls.bench = cls.env["mrp.workcenter"].create({"name": "Bench", "time_start": 0, "time_stop": 0})
        cls.bench.resource_calendar_id = False
        routes = cls.warehouse.manufacture_pull_id.route_id | cls.warehouse.mto_pull_id.route_id
        routes.active = True
        cls.bike.route_ids = routes

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.bike.id,
                "bom_line_ids": [self._component(self.tube, 2)]
                + [self._component(pack, 1, name) for name, pack in self.packs.items()],
            }
        )

    def _component(self, product, quantity, option=None):
        options = self._ptav(option).ids if option else []
        return Command.create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "bom_product_template_attribute_value_ids": [Command.set(options)],
            }
        )

    def _recipe_of(self, line):
        world, _route, [rule] = self.env["delivery.promise"]._get_facts(self.order)
        self.assertEqual(rule.key, line.id)
        return {self.env["product.product"].browse(part): n for part, n in rule.recipe.components}

    def test_recipe_follows_the_options_of_the_line(self):
        line = self._add_line("Low", "City", "500", quantity=1)
        self.assertEqual(self._recipe_of(line), {self.tube: 2.0, self.packs["500"]: 1.0})

    def test_missing_component_of_another_option_does_not_matter(self):
        self._stock(self.tube, 2)
        self._stock(self.packs["500"], 1)
        self._add_line("Low", "City", "500", quantity=1)
        self.assertTrue(self.order.promise_delivery()["delivery_window_start"])

    def test_missing_component_of_the_chosen_option_is_named(self):
        self._stock(self.tube, 2)
        self._stock(self.packs["500"], 1)
        self._add_line("Low", "City", "700", quantity=1)
        with self.assertRaisesRegex(UserError, "no stock and no supply of .*Battery 700"):
            self.order.promise_delivery()

    def test_two_lines_with_different_options_take_their_own(self):
        self._stock(self.tube, 4)
        for name in ("500", "700"):
            self._stock(self.packs[name], 1)
            self._add_line("Low", "City", name, quantity=1)
        self.assertTrue(self.order.promise_delivery()["delivery_window_start"])
        self.order.order_line[1].product_uom_qty = 2
        with self.assertRaisesRegex(UserError, "Battery 700|Frame tube"):
            self.order.promise_delivery()

    def test_operation_of_the_option_takes_time(self):
        operation = {"name": "Fit 700", "workcenter_id": self.bench.id, "time_cycle_manual": 90}
        values = [Command.set(self._ptav("700").ids)]
        self.bom.operation_ids = [
            Command.create({**operation, "bom_product_template_attribute_value_ids": values})
        ]
        facts = {}
        for name in ("500", "700"):
            self.order.order_line.unlink()
            self._add_line("Low", "City", name, quantity=1)
            _world, _route, [rule] = self.env["delivery.promise"]._get_facts(self.order)
            facts[name] = rule.recipe.steps
        self.assertEqual(facts["700"], ((self.bench.id, 90.0, 0.0),))
        self.assertEqual(facts["500"], ((None, 0, 0.0),))

    def test_manufacturing_order_gets_the_components_and_times_of_the_option(self):
        routes = self.warehouse.mto_pull_id.route_id | self.warehouse.manufacture_pull_id.route_id
        routes.active = True
        self.bike.route_ids = routes
        operation = {"name": "Fit", "workcenter_id": self.bench.id, "time_cycle_manual": 90}
        self.bom.operation_ids = [Command.create(operation)]
        self._stock(self.tube, 2)
        self._stock(self.packs["500"], 1)
        self._add_line("Low", "City", "500", quantity=1)
        self.order.promise_delivery()
        self.order.action_confirm()
        production = self.order._get_chain_productions()
        self.assertEqual(production.move_raw_ids.product_id, self.tube | self.packs["500"])
        self.assertEqual(production.date_finished, self.order.pick_start_date)
