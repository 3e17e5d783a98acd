from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestFlexibilityChanges(JitCase):
    """Ten pieces are promised for Wednesday; on Monday the customer asks for another quantity."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 06:00:00"))
        self.env["delivery.slot"].search([]).active = False
        self.slots = [
            self._create_slot(self._utc(f"2027-03-0{day} 09:00:00"), capacity_drops=5, capacity_kg=20)
            for day in (3, 4)
        ]
        self.chain.weight = 1
        self._stock(self.chain, 30)
        self.order = self._create_order([(self.chain, 10)])
        self.order.promise_delivery()
        self.order.action_confirm()
        self.line = self.order.order_line

    def _agree(self, *fences, **values):
        rule = {"product_tmpl_id": self.chain.product_tmpl_id.id, "partner_id": self.customer.id, **values}
        rule["fence_ids"] = [
            Command.create({"days": days, "flex_up": up, "flex_down": down}) for days, up, down in fences
        ]
        return self.env["order.quantity.rule"].create(rule)

    def _state(self):
        moves = self.order.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        return (self.line.product_uom_qty, sum(moves.mapped("product_uom_qty")), self.slots[0].claimed_kg)

    def test_change_inside_the_band_is_promised_at_once(self):
        self._agree((5, 20, 20))
        answer = self.line.request_quantity(12)
        self.assertEqual((answer["state"], answer["window_start"]), ("promised", "2027-03-03 09:00:00"))
        self.assertEqual(self._state(), (12.0, 12.0, 12.0))

    def test_less_inside_the_band_gives_room_back(self):
        self._agree((5, 20, 20))
        self.assertEqual(self.line.request_quantity(8)["state"], "promised")
        self.assertEqual(self._state(), (8.0, 8.0, 8.0))

    def test_change_outside_the_band_names_it_and_changes_nothing(self):
        self._agree((5, 20, 20), (30, 100, 100))
        answer = self.line.request_quantity(13)
        self.assertEqual((answer["state"], answer["bound_by"]), ("refused", "band"))
        self.assertIn("8 to 12 Units, 2 days before the delivery", answer["explanation"])
        self.assertEqual(self._state(), (10.0, 10.0, 10.0))

    def test_gate_does_not_judge_the_quantity_twice_but_the_rest(self):
        self._agree(
            (5, 20, 20), qty_agreed=10
        )  # the agreement itself leaves no room: 10, neither more nor less
        self.assertEqual(self.line.request_quantity(12)["state"], "promised")
        self.customer.order_hold = True
        answer = self.line.request_quantity(11.5)
        self.assertEqual(answer["state"], "promised")
        answer = self.line.request_quantity(12)
        self.assertEqual((answer["state"], answer["bound_by"]), ("refused", "gate"))
        self.assertIn("OF-GATE-CUSTOMER-ON-HOLD", answer["explanation"])
        self.assertEqual(self._state(), (11.5, 11.5, 11.5))

    def test_fence_farther_out_allows_more(self):
        self._agree((2, 0, 0), (30, 60, 60))
        self.assertEqual(self.line.request_quantity(16)["state"], "promised")

    def test_band_stays_around_what_was_ordered_first(self):
        self._agree((5, 20, 20))
        self.line.request_quantity(12)
        self.assertEqual(self.line.request_quantity(14)["bound_by"], "band")

    def test_band_of_the_agreement_before_all_fences(self):
        self._agree((1, 0, 0), qty_agreed=10, flex_up=10, flex_down=0)
        self.assertEqual(self.line.request_quantity(12)["bound_by"], "band")
        self.assertEqual(self.line.request_quantity(11)["state"], "promised")

    def test_calling_all_of_it_off_is_outside_the_band(self):
        self._agree((5, 20, 20))
        self.assertEqual(self.line.request_quantity(0)["bound_by"], "band")
        self.assertEqual(self._state(), (10.0, 10.0, 10.0))

    def test_calling_all_of_it_off_without_a_band_and_ordering_again(self):
        self._agree(qty_min=5)
        self.assertEqual(self.line.request_quantity(0)["state"], "promised")
        self.assertEqual(self.line.request_quantity(3)["bound_by"], "minimum")
        self.assertEqual(self.line.request_quantity(6)["state"], "promised")
        self.assertEqual(self._state()[:2], (6.0, 6.0))

    def test_band_counts_all_lines_of_the_product(self):
        self._agree((5, 20, 20))
        self.order.order_line = [Command.create({"product_id": self.chain.id, "product_uom_qty": 5})]
        self.assertEqual(self.line.request_quantity(13)["state"], "promised")
        self.assertEqual(self.line.request_quantity(14)["bound_by"], "band")

    def test_fences_bind_who_writes_the_quantity_itself(self):
        self._agree((5, 20, 20))
        self.line.product_uom_qty = 11.5
        self.line.product_uom_qty = 12
        with self.assertRaisesRegex(UserError, "OF-GATE-QUANTITY-BAND.*8 to 12"), self.env.cr.savepoint():
            self.order.order_line = [Command.update(self.line.id, {"product_uom_qty": 13})]
        self.line.invalidate_recordset()
        self.assertEqual((self._state()[:2], self.line.qty_first_ordered), ((12.0, 12.0), 10.0))
        self.assertEqual(self.line.request_quantity(13)["bound_by"], "band")  # around the same ten

    def test_what_is_no_change_meets_no_fence(self):
        self._agree((5, 0, 0), qty_agreed=9, flex_up=20)
        [answer] = self.order.check_gate()
        self.assertNotIn("OF-GATE-QUANTITY-BAND", [finding["code"] for finding in answer["findings"]])
        self.line.name = "Chain, black"
        self.assertEqual(self.line.qty_first_ordered, 0)

    def test_sum_of_lines_is_a_multiple_without_the_noise_of_fractions(self):
        self.chain.uom_id.rounding = 0.01
        self._agree(qty_multiple=0.1)
        self.order.order_line = [Command.create({"product_id": self.chain.id, "product_uom_qty": 0.2})]
        self.assertEqual(self.line.request_quantity(0.1)["state"], "promised")

    def test_full_slot_binds_and_is_named(self):
        self._hold("other", slot=self.slots[0], kg=8)
        answer = self.line.request_quantity(13)
        self.assertEqual((answer["state"], answer["bound_by"]), ("refused", "slot"))
        self.assertIn("(kg) is full", answer["explanation"])
        self.assertEqual(self._state(), (10.0, 10.0, 18.0))

    def test_missing_goods_bind_and_are_named(self):
        self.slots[0].capacity_kg = 0
        answer = self.line.request_quantity(31)
        self.assertEqual((answer["state"], answer["bound_by"]), ("refused", "goods"))
        self.assertIn("no stock and no supply of [CHAIN-11]", answer["explanation"])
        self.assertEqual(self._state(), (10.0, 10.0, 10.0))

    def test_key_asks_once(self):
        first = self.line.request_quantity(12, "ask-1")
        self.assertEqual(self.line.request_quantity(12, "ask-1"), first)
        self.assertEqual(len(self.line.change_request_ids), 1)
        with self.assertRaisesRegex(UserError, "JD-FLX-005"):
            self.line.request_quantity(13, "ask-1")

    def test_less_than_delivered_is_refused(self):
        self.line.qty_delivered_method = "manual"
        self.line.qty_delivered = 9
        self.assertEqual(self.line.request_quantity(8)["bound_by"], "delivered")

    def test_ratio_is_of_the_sums(self):
        self._agree((5, 20, 20))
        self.line.request_quantity(12)
        self.line.request_quantity(30)
        requests = self.env["delivery.change.request"]
        [(asked, met, ratio)] = requests._read_group(
            [("order_id", "=", self.order.id)], [], ["change_asked:sum", "change_met:sum", "ratio:avg"]
        )
        self.assertEqual((asked, met, ratio), (20.0, 2.0, 10.0))

    def test_only_lines_of_confirmed_orders(self):
        draft = self._create_order([(self.chain, 1)])
        with self.assertRaisesRegex(UserError, "JD-FLX-003"):
            draft.order_line.request_quantity(2)
        for quantity in (-1, "3", float("nan"), True):
            with self.assertRaisesRegex(UserError, "JD-FLX-004"):
                self.line.request_quantity(quantity)

    def test_outsider_is_refused_and_nobody_writes_the_history(self):
        outsider = self._create_user("of_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self.line.with_user(outsider).request_quantity(11)
        self.line.request_quantity(11)
        with self.assertRaises(AccessError):
            self.line.change_request_ids.with_user(self.jit_manager).qty_met = 99

    def test_wizard_tells_what_came_of_it(self):
        ask = self.env["delivery.change.ask"].create(
            {"order_id": self.order.id, "line_id": self.line.id, "quantity": 12}
        )
        self.assertEqual(ask.action_ask()["params"]["title"], "Promised")
        ask.quantity = 31
        self.assertEqual(ask.action_ask()["params"]["title"], "Not possible")
