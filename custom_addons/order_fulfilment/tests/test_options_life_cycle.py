from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.options import sale_order
from .options_common import OptionsCase


@tagged("post_install", "-at_install")
class TestOptionsLifeCycle(OptionsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.yesterday = cls.today - timedelta(days=1)
        cls.old = cls._create_product("Chain 10-speed", "CHAIN-10", list_price=10.0)

    def _succeed(self, **values):
        self.old.product_tmpl_id.write({"successor_id": self.chain.product_tmpl_id.id, **values})

    def test_new_line_gets_the_successor_with_a_notice(self):
        self._succeed(phase_out_date=self.yesterday)
        line = self._create_order([(self.old, 2)]).order_line
        self.assertEqual((line.product_id, line.product_uom_qty, line.price_unit), (self.chain, 2, 20.0))
        self.assertIn("superseded", line.option_notice)

    def test_successor_only_after_the_last_day(self):
        self._succeed(phase_out_date=self.today)
        self.assertEqual(self._create_order([(self.old, 1)]).order_line.product_id, self.old)

    def test_successor_when_the_stock_is_used_up(self):
        self._succeed(supersession_mode="stock")
        self._stock(self.old, 5)
        self.assertEqual(self._create_order([(self.old, 1)]).order_line.product_id, self.old)
        self._stock(self.old, -5)
        self.env.invalidate_all()
        self.assertEqual(self._create_order([(self.old, 1)]).order_line.product_id, self.chain)

    def test_chain_of_two(self):
        self._succeed(phase_out_date=self.yesterday)
        self.chain.product_tmpl_id.write(
            {"phase_out_date": self.yesterday, "successor_id": self.brake_pads.product_tmpl_id.id}
        )
        self.assertEqual(self._create_order([(self.old, 1)]).order_line.product_id, self.brake_pads)
        self.assertEqual(
            self.chain.product_tmpl_id._supersession_chain(),
            (self.old | self.chain | self.brake_pads).product_tmpl_id,
        )

    def test_successor_that_cannot_be_ordered_is_passed_over(self):
        pads = self.brake_pads.product_tmpl_id
        self._succeed(phase_out_date=self.yesterday)
        self.chain.product_tmpl_id.successor_id = pads
        tomorrow = self.today + timedelta(days=1)
        for vals in ({"sale_ok": False}, {"sale_ok": True, "phase_in_date": tomorrow}):
            self.chain.product_tmpl_id.write(vals)
            self.assertEqual(self._create_order([(self.old, 1)]).order_line.product_id, self.brake_pads)
        pads.active = False
        with self.assertRaisesRegex(ValidationError, "OF-OPT-024"):
            self._create_order([(self.old, 1)])

    def test_circle_is_refused(self):
        self._succeed()
        with self.assertRaisesRegex(ValidationError, "OF-OPT-022"):
            self.chain.product_tmpl_id.successor_id = self.old.product_tmpl_id

    def test_phased_out_without_successor_is_refused(self):
        self.old.phase_out_date = self.yesterday
        with self.assertRaisesRegex(ValidationError, "OF-OPT-024"):
            self._create_order([(self.old, 1)])

    def test_not_yet_phased_in_is_refused(self):
        self.old.phase_in_date = self.today + timedelta(days=3)
        with self.assertRaisesRegex(ValidationError, "OF-OPT-021"):
            self._create_order([(self.old, 1)])

    def test_configured_end_item_keeps_its_options_on_the_successor(self):
        new = self._bike("Bike II")
        line = self._add_line("Low", "Speed", "700")
        self.bike.write({"phase_out_date": self.yesterday, "successor_id": new.id})
        copied = self.order.copy().order_line
        self.assertEqual(copied.product_template_id, new)
        self.assertEqual(copied._option_ptavs().mapped("name"), line._option_ptavs().mapped("name"))

    def test_changeover_day_tells_the_salesperson_once(self):
        order = self._create_order([(self.old, 1)], user_id=self.user.id)
        self._succeed(phase_out_date=self.yesterday)
        self.env["sale.order"]._recheck_open_quotations()
        self.env["sale.order"]._recheck_open_quotations()
        self.assertEqual(order.activity_ids.user_id, self.user)
        self.assertEqual(len(order.activity_ids), 1)
        self.assertIn("OF-OPT-023", order.order_line.option_notice)

    def test_the_changeover_job_goes_on_where_its_time_was_over(self):
        orders = [self._create_order([(self.old, 1), (self.chain, 1)]) for _number in range(3)]
        self._succeed(phase_out_date=self.yesterday)
        sales, jobs = self.env["sale.order"], self.env.registry["ir.cron"]
        told = []
        with (
            patch.object(sale_order, "CHANGEOVER_BATCH", 2),
            patch.object(jobs, "_commit_progress", lambda *_args, **_values: 0),
        ):
            for _turn in range(2):
                sales._cron_option_changeover()
                told.append([bool(order.activity_ids) for order in orders])
        self.assertEqual(told, [[True, True, False], [True, True, True]])
        self.assertFalse(self.env["ir.config_parameter"].get_param(sale_order.CHANGEOVER_FROM))

    def _demand(self, product):
        action = product.product_tmpl_id.action_view_demand_history()
        self.env.flush_all()
        found = self.env[action["res_model"]]._read_group(
            action["domain"], ["product_tmpl_id"], ["product_uom_qty:sum"]
        )
        return {template.product_variant_id: quantity for template, quantity in found}

    def test_demand_history_adds_up_along_the_chain(self):
        for product, quantity in ((self.old, 5), (self.old, 2), (self.chain, 3)):
            self._create_order([(product, quantity)]).action_confirm()
        self._create_order([(self.old, 100)])  # a quotation is no demand
        self._succeed(phase_out_date=self.yesterday)
        self._create_order([(self.old, 4)]).action_confirm()
        expected = {self.old: 7, self.chain: 3 + 4}
        self.assertEqual((self._demand(self.chain), self._demand(self.old)), (expected, expected))
