from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """Odoo leaves demo data out without a word to the user if one record of it fails."""

    def test_the_story_goes_on(self):
        if self.env.ref("jit_delivery.demo_order_depot", raise_if_not_found=False):
            self.skipTest("This database has the demo data.")
        for module in ("order_fulfilment", "jit_delivery"):
            for file in Manifest.for_addon(module)["demo"]:
                convert_file(self.env, module, file, {}, "init", noupdate=True)
        self.env.flush_all()
        order = self.env.ref("jit_delivery.demo_order_depot")
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.delivery_window_stop)
