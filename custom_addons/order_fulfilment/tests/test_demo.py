from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """Odoo leaves demo data out without a word to the user if one record of it fails."""

    def test_the_story_loads(self):
        if self.env.ref("order_fulfilment.demo_partner_brandt", raise_if_not_found=False):
            self.skipTest("This database has the demo data.")
        for file in Manifest.for_addon("order_fulfilment")["demo"]:
            convert_file(self.env, "order_fulfilment", file, {}, "init", noupdate=True)
        self.env.flush_all()
        for model in ("sale.order", "after.sales.ticket", "stock.picking.batch"):
            data = self.env["ir.model.data"].search(
                [("module", "=", "order_fulfilment"), ("name", "=like", "demo%"), ("model", "=", model)]
            )
            self.assertTrue(data, model)
