from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase

PROMISED = datetime(2026, 11, 24, 11)


@tagged("post_install", "-at_install")
class TestServiceFigures(LedgerCase):
    def _figures(self, order):
        return self.env["fulfilment.service"].search([("order_id", "=", order.id)])

    def _shipped_at(self, moment, quantity=None, **values):
        with freeze_time("2026-11-20 08:00:00"):
            order = self._confirmed(commitment_date=PROMISED, **values)
        with freeze_time(moment):
            self._process(order.picking_ids, quantity, backorder=False)
        return order

    def test_on_time_and_in_full(self):
        row = self._figures(self._shipped_at("2026-11-24 11:00:00"))
        self.assertEqual((row.is_otif, row.is_otif_requested, row.is_perfect), (1, 1, 1))
        self.assertAlmostEqual(row.lead_days, 4.125)

    def test_late(self):
        row = self._figures(self._shipped_at("2026-11-24 11:00:01"))
        self.assertEqual((row.on_time, row.in_full, row.is_otif), (0, 1, 0))

    def test_late_tolerance(self):
        self.env["ir.config_parameter"].set_param("order_fulfilment.service_late_hours", "2")
        self.assertEqual(self._figures(self._shipped_at("2026-11-24 13:00:00")).is_otif, 1)

    def test_not_in_full(self):
        row = self._figures(self._shipped_at("2026-11-24 10:00:00", 6))
        self.assertEqual((row.on_time, row.in_full, row.is_otif), (1, 0, 0))

    def test_new_promise_does_not_improve_the_first(self):
        with freeze_time("2026-11-20 08:00:00"):
            order = self._confirmed(commitment_date=PROMISED)
            order.commitment_date = datetime(2026, 11, 30, 11)
        with freeze_time("2026-11-28 08:00:00"):
            self._process(order.picking_ids)
        row = self._figures(order)
        self.assertEqual((row.is_otif, row.is_otif_first, row.is_otif_requested), (1, 0, 0))

    def test_open_and_overdue_is_a_failure_today(self):
        order = self._confirmed(commitment_date=datetime(2020, 1, 7, 11))
        self.assertEqual(self._figures(order).is_otif, 0)
        self.assertGreater(self._figures(order).backorder_days, 1000)

    def test_rights(self):
        stranger = self._create_user("of_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["fulfilment.service"].with_user(stranger).search([])
