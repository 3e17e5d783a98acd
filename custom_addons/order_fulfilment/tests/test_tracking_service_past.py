from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase

LEVELS = ("fulfilment.service", "fulfilment.service.drop")


@tagged("post_install", "-at_install")
class TestServicePast(LedgerCase):
    """Ordered on 12 January, promised for the 16th at 11:00; refusals, returns, cancellations come later."""

    def _ordered(self, lines=None):
        with freeze_time("2026-01-12 08:00:00"):
            return self._confirmed(lines, commitment_date=datetime(2026, 1, 16, 11))

    def _ship(self, order, quantity=None):
        with freeze_time("2026-01-16 08:00:00"):
            self._process(self._open(order), quantity)
        return order.picking_ids.filtered("is_drop")

    def _rows(self, model, order, day=None):
        self.env.invalidate_all()
        context = {"service_as_of": f"2026-01-{day} 12:00:00"} if day else {}
        return self.env[model].with_context(**context).search([("order_id", "=", order.id)], order="id")

    def test_refused_and_returned_later_was_perfect_until_then(self):
        refused, returned = self._ordered(), self._ordered()
        drop = self._ship(refused)
        with freeze_time("2026-01-18 08:00:00"):
            line = {"move_id": drop.move_ids.id, "delivered": 8, "refused": 2, "reason": "damaged"}
            self.env["delivery.proof"].register("past", drop.id, {"signer": "Ms Weber"}, [line])
        drop = self._ship(returned)
        with freeze_time("2026-01-18 08:00:00"):
            self._return(drop, 3)
        for model in LEVELS:
            self.assertEqual(self._rows(model, returned, 17).is_perfect, 1, model)
            self.assertEqual(self._rows(model, returned, 19).is_perfect, 0, model)
            self.assertEqual(self._rows(model, returned, 19).is_otif, 1, model)
            self.assertFalse(self._rows(model, refused, 17).delivered_at, model)
            self.assertEqual(self._rows(model, refused, 19).in_full, 0, model)

    def test_the_rest_given_up_later_was_late_until_then(self):
        order = self._ordered()
        self._ship(order, 6)
        self._open(order).action_cancel()
        then = self._rows("fulfilment.service", order, 17)
        self.assertEqual((then.delivered_at, then.on_time, then.in_full), (False, 0, 0))
        self.assertAlmostEqual(then.backorder_days, 25 / 24)
        now = self._rows("fulfilment.service", order)
        self.assertEqual((str(now.delivered_at), now.on_time), ("2026-01-16 08:00:00", 1))
        self.assertEqual((now.in_full, now.backorder_days), (0, 0))
        drops = self._rows("fulfilment.service.drop", order, 17)
        self.assertEqual((drops.mapped("on_time"), drops.mapped("in_full")), ([1, 0], [0, 0]))
        self.assertEqual(len(self._rows("fulfilment.service.drop", order)), 1)

    def test_an_order_cancelled_later_was_late_until_then(self):
        order = self._ordered()
        with freeze_time("2026-01-18 08:00:00"):
            order._action_cancel()
        self.assertEqual(len(self._rows("fulfilment.service", order, 19)), 0)
        for model in (*LEVELS, "fulfilment.service.order"):
            then = self._rows(model, order, 17)
            self.assertEqual((then.is_otif, then.delivered_at), (0, False), model)
            self.assertGreater(then.backorder_days, 1, model)
            self.assertFalse(self._rows(model, order), model)

    def test_a_rest_counts_from_when_it_was_left_behind(self):
        order = self._ordered()
        self._ship(order, 6)
        self.assertEqual(len(self._rows("fulfilment.service.drop", order, 14)), 1)
        self.assertEqual(len(self._rows("fulfilment.service.drop", order, 17)), 2)

    def test_a_line_left_out_of_a_drop_is_not_in_full(self):
        order = self._ordered([(self.chain, 2), (self.brake_pads, 2)])
        order.picking_ids.move_ids[0].write({"quantity": 2, "picked": True})
        with freeze_time("2026-01-16 08:00:00"):
            order.picking_ids.with_context(
                skip_backorder=True, picking_ids_not_to_backorder=order.picking_ids.ids
            ).button_validate()
        drop = self._rows("fulfilment.service.drop", order)
        self.assertEqual((drop.on_time, drop.in_full, drop.fill_rate), (1, 0, 0.5))

    def test_a_line_taken_off_the_order_is_not_left_behind(self):
        order = self._ordered([(self.chain, 2), (self.brake_pads, 2)])
        order.order_line[1].product_uom_qty = 0
        order.picking_ids.move_ids.filtered("product_uom_qty").write({"quantity": 2, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        drop = self._rows("fulfilment.service.drop", order)
        self.assertEqual((drop.in_full, drop.fill_rate), (1, 1))
