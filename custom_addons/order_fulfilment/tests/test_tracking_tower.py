from datetime import datetime
from functools import partial
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.order_fulfilment.models.tracking import tower_news

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

    def test_a_calendar_that_makes_no_invoice_looks_after_nothing(self):
        order = self._confirmed(commitment_date=datetime(2035, 1, 9))
        self._process(order.picking_ids)
        calendar = self.customer.invoice_calendar_id = self.env["sale.invoice.calendar"].create({"name": "M"})
        self.assertFalse(self._row(order))
        calendar.active = False
        self.assertEqual(self._row(order).reason, "invoice")
        calendar.write({"active": True, "company_id": self.env["res.company"].create({"name": "Other"}).id})
        self.assertEqual(self._row(order).reason, "invoice")

    def test_late_opens_what_goes_out_and_not_what_comes_back(self):
        order = self._confirmed(commitment_date=PAST)
        drop = order.picking_ids
        self._process(drop, 6)
        rest = self._open(order)
        refused = {"move_id": drop.move_ids.id, "delivered": 5, "refused": 1, "reason": "damaged"}
        self.env["delivery.proof"].register("late", drop.id, {"signer": "A"}, [refused])
        (self._open(order) - rest).priority = "1"
        self.assertEqual(self._row(order).action_fix()["res_id"], rest.id)

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

    def _told(self, change):
        """What is to be told after the commit of what ``change`` does."""
        self.env.flush_all()
        self.env.cr.postcommit.clear()
        change()
        self.env.flush_all()
        return set(self.env.cr.postcommit.data) & {tower_news.CHANNEL, tower_news.RISK_JOB}

    def test_whatever_the_tower_shows_is_told(self):
        order = self._confirmed(commitment_date=datetime(2035, 1, 9))
        order.action_lock()
        both = {tower_news.CHANNEL, tower_news.RISK_JOB}
        self.assertEqual(self._told(lambda: self._process(order.picking_ids, 4)), both)
        self.assertEqual(self._told(lambda: order.write({"commitment_date": PAST})), both)
        for name, value in (("has_open_ticket", True), ("is_short", True), ("gate_status", "blocked")):
            told = self._told(partial(order.sudo().write, {name: value}))
            self.assertEqual(told, {tower_news.CHANNEL}, name)
        self.assertEqual(self._told(lambda: order.write({"note": "nothing that it shows"})), set())

    def test_receipts_and_other_orders_make_it_look_for_risks(self):
        self.assertIn(tower_news.RISK_JOB, self._told(lambda: self._expect(10, datetime(2035, 1, 8))))
        self.assertIn(tower_news.RISK_JOB, self._told(self._confirmed))

    def test_towers_are_told_once_a_second(self):
        with patch.dict(tower_news._last_told, clear=True), patch.object(tower_news, "_do_soon") as done:
            tower_news._tell(self.registry)
            tower_news._tell(self.registry)
        self.assertEqual(done.call_count, 1)

    def test_of_many_changes_the_first_and_the_last_are_looked_at(self):
        with patch.dict(tower_news._looks_until, clear=True), patch.object(tower_news, "_do_soon") as done:
            for _change in range(10):
                tower_news._wake_job(self.registry)
        waits = [call.args[1].args[0] for call in done.call_args_list]
        self.assertEqual(waits[0], 0)
        self.assertAlmostEqual(waits[1], tower_news.LOOK_EVERY_S, delta=1)
        self.assertEqual(len(waits), 2)

    def test_a_planned_look_is_enough(self):
        job = self.env.ref(tower_news.RISK_JOB)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        triggers.unlink()
        with patch.object(tower_news, "Timer"):
            tower_news._trigger(4, self.env)
            tower_news._trigger(4, self.env)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), 1)

    @freeze_time("2026-11-23 10:00:00")
    def test_after_a_long_look_the_job_rests_ten_times_as_long(self):
        job, now = self.env.ref(tower_news.RISK_JOB), datetime(2026, 11, 23, 10)
        job.lastcall = now
        rests = []
        for seconds in (3.0, 4.0, 0.1):
            self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]).unlink()
            tower_news.remember_look(self.env, seconds)
            with patch.object(tower_news, "Timer"):
                tower_news._trigger(0, self.env)
            trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
            rests.append((trigger.call_at - now).total_seconds())
        self.assertEqual(rests, [30, 30, 5])

    def test_orders_no_longer_at_risk_are_taken_out(self):
        order = self._confirmed([(self.chain, 1000)], commitment_date=datetime(2035, 1, 9))
        risks = self.env["fulfilment.risk"]
        risks._refresh()
        found = risks.search([("order_id", "=", order.id)])
        self.assertEqual(len(found), 1)
        risks._refresh()
        self.assertEqual(risks.search([("order_id", "=", order.id)]), found)
        self.env["stock.quant"]._update_available_quantity(self.chain, self.stock_location, 2000)
        risks._refresh()
        self.assertFalse(risks.search([("order_id", "=", order.id)]))

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
