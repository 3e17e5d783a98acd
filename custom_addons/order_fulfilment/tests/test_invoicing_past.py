import os
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .sequence_world import Sequence
from .test_tracking_sequences import TestRandomSequences

SEQUENCES = int(os.environ.get("ORDER_FULFILMENT_SEQUENCES", "6"))
FIRST = datetime(2026, 1, 12, 8)
STEPS = 8
FIGURES = ["delivered_at", "on_time", "in_full", "is_perfect", "fill_rate", "backorder_days"]


class GoodsSequence(Sequence):
    """Without news of the past: when it arrived, and what was to be delivered."""

    STEPS = ("ship", "ship", "ship", "cancel_transfer", "take_back", "invoice", "cancel_order")

    def __init__(self, case, seed):
        super().__init__(case, seed)
        self.order._record_promise("promised", False, FIRST + timedelta(days=2), "Promised")


@tagged("post_install", "-at_install")
class TestPast(TestRandomSequences):
    """What a past day's figures say does not depend on what came after it."""

    test_ledger_after_every_step = None

    def test_what_is_not_invoiced(self):
        self._try(Sequence, self._say_open)

    def test_service_figures(self):
        self._try(GoodsSequence, self._say_service)

    def _try(self, sequence_type, say):
        for seed in range(SEQUENCES):
            with self.subTest(seed=seed):
                order, told, said = self._live(sequence_type, seed, say)
                for day, before in enumerate(said):
                    moment = FIRST + timedelta(days=day)
                    self.assertEqual(self._fresh(say, order, moment), before, (day, told))

    def _live(self, sequence_type, seed, say):
        """One step a day; the order, what happened to it, and what was said of it on each day."""
        sequence, told, said = None, [], []
        for day in range(STEPS):
            moment = FIRST + timedelta(days=day)
            self.env.cr._now = moment
            with freeze_time(moment):
                sequence = sequence or sequence_type(self, seed)
                told.append(sequence.step() if day else "confirmed")
                said.append(self._fresh(say, sequence.order, moment))
        return sequence.order, told, said

    def _fresh(self, say, order, moment):
        self.env.flush_all()
        self.env.invalidate_all()
        return say(order, moment)

    def _say_open(self, order, moment):
        rows = self.env["fulfilment.accrual"]._gather(self.company, moment.date())
        return {
            row["order_line_id"]: (row["quantity"], row["quantity_ahead"], row["amount"])
            for row in rows
            if row["order_line_id"] in order.order_line.ids
        }

    def _say_service(self, order, moment):
        """Of lines that count; what is not due yet says nothing."""
        rows = self.env["fulfilment.service"].with_context(service_as_of=str(moment + timedelta(hours=1)))
        return rows.search_read([("order_id", "=", order.id), ("on_time", "!=", False)], FIGURES, order="id")
