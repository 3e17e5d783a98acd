from odoo.tests import HttpCase, tagged

from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsTour(OptionsCase, HttpCase):
    def test_salesperson_repairs_a_choice(self):
        self._speed_needs_big_battery()
        self._ptav("Speed").price_extra = 300.0
        self.env.ref("base.user_admin").group_ids |= self.env.ref("order_fulfilment.group_manager")
        self.start_tour("/odoo", "order_fulfilment_options", login="admin")
        line = self.env["sale.order.line"].search([("product_template_id", "=", self.bike.id)])
        self.assertEqual(line._option_ptavs().mapped("name"), ["Low", "City", "400"])
