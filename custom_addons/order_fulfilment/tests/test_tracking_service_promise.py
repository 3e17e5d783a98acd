from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .test_tracking_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestServicePromise(LedgerCase):
    """Ordered on 12 January, promised for the 16th, put off on the 15th to the 20th, shipped on the 19th."""

    def _put_off(self, lines=None):
        with freeze_time("2026-01-12 08:00:00"):
            order = self._confirmed(lines, commitment_date=datetime(2026, 1, 16, 11))
        with freeze_time("2026-01-15 08:00:00"):
            order.commitment_date = datetime(2026, 1, 20, 11)
        return order

    def _rows(self, model, order, day=None):
        self.env.invalidate_all()
        context = {"service_as_of": f"2026-01-{day} 12:00:00"} if day else {}
        return self.env[model].with_context(**context).search([("order_id", "=", order.id)])

    def test_the_promise_of_that_day_is_the_measure(self):
        order = self._put_off()
        with freeze_time("2026-01-19 08:00:00"):
            self._process(order.picking_ids)
        for model in ("fulfilment.service", "fulfilment.service.drop"):
            promised = {day: str(self._rows(model, order, day).deadline)[:10] for day in ("14", "17")}
            self.assertEqual(promised, {"14": "2026-01-16", "17": "2026-01-20"}, model)
            row = self._rows(model, order)
            self.assertEqual((str(row.deadline)[:10], row.on_time, row.is_otif_first), ("2026-01-20", 1, 0))

    def test_a_day_promised_ends_at_the_place_of_delivery(self):
        self.customer.tz = "America/New_York"
        with freeze_time("2026-01-12 08:00:00"):
            order = self._confirmed()
            order._record_promise("promised", False, datetime(2026, 1, 16, 12), "By day", whole_day=True)
        now, then = self._rows("fulfilment.service", order), self._rows("fulfilment.service", order, "14")
        self.assertEqual(str(then.deadline), "2026-01-17 04:59:59")
        self.assertEqual(then.deadline, now.deadline)

    def test_history_taken_over_later_counts_from_the_beginning(self):
        with freeze_time("2026-03-01 08:00:00"):
            order = self._confirmed(commitment_date=datetime(2026, 1, 16, 11))
        self.env.cr.execute("UPDATE sale_order SET date_order = '2026-01-12' WHERE id = %s", [order.id])
        self.assertEqual(str(self._rows("fulfilment.service", order, "17").deadline)[:10], "2026-01-16")

    def test_what_was_given_up_failed_and_does_not_wait(self):
        order = self._put_off([(self.chain, 2), (self.brake_pads, 2)])
        order.picking_ids.move_ids[0].write({"quantity": 2, "picked": True})
        with freeze_time("2026-01-19 08:00:00"):
            order.picking_ids.with_context(
                skip_backorder=True, picking_ids_not_to_backorder=order.picking_ids.ids
            ).button_validate()
        rows = self._rows("fulfilment.service", order)
        self.assertEqual(sorted(rows.mapped("is_otif")), [0, 1])
        self.assertEqual(rows.mapped("backorder_days"), [0, 0])

    def test_services_and_lines_taken_off_do_not_count(self):
        fitting = self.env["product.product"].create({"name": "Fitting", "type": "service"})
        order = self._put_off([(self.chain, 2), (self.brake_pads, 2), (fitting, 1)])
        order.order_line[1].product_uom_qty = 0
        self.assertEqual(self._rows("fulfilment.service", order).line_id, order.order_line[0])
