from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_fulfilment.tests.options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsBom(OptionsCase):
    """Odoo's bill of materials by option value, with n of a component."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["product.attribute.value"].create(
            {
                "name": "Spare",
                "attribute_id": cls.battery.id,
                "is_custom": True,
                "is_option_quantity": True,
            }
        )
        line = cls.bike.attribute_line_ids.filtered(lambda each: each.attribute_id == cls.battery)
        line.value_ids |= cls.battery.value_ids
        cls.cell = cls._create_product("Battery pack", "PACK")
        cls.tube = cls._create_product("Frame tube", "TUBE")

    def _bom(self, kind):
        return self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.bike.id,
                "type": kind,
                "bom_line_ids": [
                    Command.create({"product_id": self.tube.id, "product_qty": 2}),
                    Command.create(
                        {
                            "product_id": self.cell.id,
                            "product_qty": 1,
                            "bom_product_template_attribute_value_ids": [
                                Command.set(self._ptav("Spare").ids)
                            ],
                        }
                    ),
                ],
            }
        )

    def _confirmed_line(self, *options):
        line = self._add_line(*options, quantity=2)
        self.order.action_confirm()
        return line

    def test_manufacturing_order_takes_n_of_the_component(self):
        self._bom("normal")
        routes = self.warehouse.mto_pull_id.route_id | self.warehouse.manufacture_pull_id.route_id
        routes.active = True
        self.bike.route_ids = routes
        self._confirmed_line("Low", "City", "Spare:3")
        production = self.env["mrp.production"].search([("product_id.product_tmpl_id", "=", self.bike.id)])
        quantities = {m.product_id: m.product_uom_qty for m in production.move_raw_ids}
        self.assertEqual(quantities, {self.tube: 4.0, self.cell: 6.0})

    def test_kit_takes_n_of_the_component(self):
        self._bom("phantom")
        line = self._confirmed_line("Low", "City", "Spare:3")
        quantities = {m.product_id: m.product_uom_qty for m in line.move_ids}
        self.assertEqual(quantities, {self.tube: 4.0, self.cell: 6.0})

    def test_replay_keeps_the_components_after_the_bom_changed(self):
        bom = self._bom("phantom")
        line = self._confirmed_line("Low", "City", "Spare:3")
        before = line.replay_option_configuration()["components"]
        self.assertEqual([(c["code"], c["quantity"]) for c in before], [("TUBE", 2.0), ("PACK", 3.0)])
        bom.bom_line_ids.product_qty = 9
        self.assertEqual(line.replay_option_configuration()["components"], before)

    def test_component_of_another_option_stays_out(self):
        self._bom("phantom")
        line = self._confirmed_line("Low", "City", "400")
        self.assertEqual(line.move_ids.product_id, self.tube)
