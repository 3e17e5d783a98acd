import time
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.order_fulfilment.models.tracking import sale_order_tower

from .test_tracking_ledger import LedgerCase

SOON = datetime(2026, 11, 25, 11)
PAST = datetime(2020, 1, 7, 11)


@tagged("post_install", "-at_install")
class TestTower(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # an order that is late from the start: the gate would ask for another date
        cls.env.ref("order_fulfilment.check_date_past").severity = "off"

    def _row(self, order):
        self.env["fulfilment.tower"].invalidate_model()
        return self.env["fulfilment.tower"].search([("order_id", "=", order.id)])

    def test_an_order_on_its_way_needs_nobody(self):
        self.assertFalse(self._row(self._confirmed(commitment_date=datetime(2035, 1, 9))))

    def test_late_until_shipped(self):
        order = self._confirmed(commitment_date=PAST)
        row = self._row(order)
        self.assertEqual(row.reason, "late")
        self.assertEqual(row.action_fix()["res_id"], order.picking_ids.id)
        self._process(order.picking_ids)
        self.assertEqual(self._row(order).reason, "invoice")
        order._create_invoices().action_post()
        self.assertFalse(self._row(order))

    def test_a_drop_that_nobody_has_charged(self):
        order = self._confirmed([(self.chain, 10)], commitment_date=datetime(2035, 1, 9))
        self._process(order.picking_ids, 4)
        self.assertEqual(self._row(order).reason, "invoice")
        self.customer.invoice_calendar_id = self.env["sale.invoice.calendar"].create({"name": "Monthly"})
        self.assertFalse(self._row(order), "its calendar looks after it")

    def test_cancelled_after_shipping_until_the_goods_are_back(self):
        order = self._confirmed([(self.chain, 10)])
        self._process(order.picking_ids, 4)
        order._action_cancel()
        row = self._row(order)
        self.assertEqual((row.reason, row.action_fix()["res_id"]), ("cancelled", order.id))
        self._return(order.picking_ids.filtered("is_drop"), 4)
        self.assertFalse(self._row(order))

    def test_short_at_once(self):
        order = self._confirmed([(self.chain, 1000)], commitment_date=datetime(2035, 1, 9))
        self.assertEqual(self._row(order).reason, "short")

    def test_at_risk_only_beyond_what_comes_in_time(self):
        self.env["stock.quant"]._update_available_quantity(self.chain, self.stock_location, -100)
        first = self._confirmed(commitment_date=datetime(2035, 1, 9))
        second = self._confirmed(commitment_date=datetime(2035, 1, 10))
        third = self._confirmed(commitment_date=datetime(2035, 1, 20))
        for quantity, date in ((10, datetime(2035, 1, 8)), (10, datetime(2035, 1, 15))):
            self._expect(quantity, date)
        self.env["fulfilment.risk"]._refresh()
        risks = self.env["fulfilment.risk"].search([("order_id", "in", (first + second + third).ids)])
        self.assertEqual(risks.order_id, second + third)
        self.assertEqual(risks.filtered(lambda risk: risk.order_id == second).missing, 10)
        self.assertEqual(self._row(second).missing_product_id, self.chain)

    def _expect(self, quantity, date):
        move = self.env["stock.move"].create(
            {
                "product_id": self.chain.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
                "date": date,
            }
        )
        move._action_confirm()
        move.date = date

    def test_waits_for_proof(self):
        self.customer.invoice_trigger = "proof"
        order = self._confirmed(commitment_date=datetime(2035, 1, 9))
        self._process(order.picking_ids)
        row = self._row(order)
        self.assertEqual(row.reason, "proof")
        self.assertEqual(row.action_fix()["context"]["default_picking_id"], order.picking_ids.id)
        self.env["delivery.proof"].register("k", order.picking_ids.id, {"signer": "Ms Weber"})
        self.assertEqual(self._row(order).reason, "invoice")

    def test_ticket(self):
        order = self._confirmed(commitment_date=datetime(2035, 1, 9))
        order.sudo().has_open_ticket = True
        self.assertEqual(self._row(order).reason, "ticket")

    @freeze_time("2026-11-24 20:00:00")
    def test_a_day_is_kept_until_it_ends_there(self):
        order = self._confirmed()
        order._record_promise("promised", False, datetime(2026, 11, 24, 7), "By day", whole_day=True)
        self.assertEqual(order.promise_deadline, datetime(2026, 11, 24, 22, 59, 59))

    def test_change_is_announced_once(self):
        order = self._confirmed(commitment_date=PAST)
        self.env.cr.precommit.run()  # what came before is told
        since = self.env["bus.bus"].search([], order="id desc", limit=1).id
        self._process(order.picking_ids, 4)
        order.flush_recordset()
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].search([("id", ">", since), ("channel", "like", "order_fulfilment.tower")])
        self.assertEqual(len(told), 1)
        self.assertNotIn(order.name, told.message)

    def test_towers_told_a_moment_ago_are_not_told_again(self):
        order = self._confirmed(commitment_date=PAST)
        just_now = {self.env.cr.dbname: time.monotonic()}
        with (
            patch.dict(sale_order_tower._last_told, just_now),
            patch.object(self.env.registry["bus.bus"], "_sendone") as sendone,
        ):
            order._tell_towers()
        sendone.assert_not_called()

    def test_rights(self):
        order = self._confirmed(commitment_date=PAST)
        order.user_id = self.manager
        tower = self.env["fulfilment.tower"]
        self.assertFalse(tower.with_user(self.user).search([("order_id", "=", order.id)]))
        self.assertTrue(tower.with_user(self.manager).search([("order_id", "=", order.id)]))
        stranger = self._create_user("of_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            tower.with_user(stranger).search([])
        with self.assertRaises(AccessError):
            tower.with_user(stranger).action_refresh()
