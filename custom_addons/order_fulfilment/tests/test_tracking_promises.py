from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OrderFulfilmentCase

ASKED = datetime(2026, 11, 24, 9, 0)
LATER = datetime(2026, 11, 26, 11, 0)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 08:00:00")
class TestPromiseHistory(OrderFulfilmentCase):
    def _confirmed_order(self, steps="ship_only", **values):
        self.warehouse.delivery_steps = steps
        self._stock(self.chain, 20)
        order = self._create_order([(self.chain, 5)], **values)
        order.action_confirm()
        return order

    def _validate_next(self, order):
        picking = order.picking_ids.filtered(lambda p: p.state == "assigned")[:1]
        picking.move_ids.picked = True
        picking._action_done()

    def _open_moves(self, order):
        return order.order_line.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))

    def test_an_order_that_was_promised_is_kept(self):
        order = self._confirmed_order(commitment_date=ASKED + timedelta(days=9))
        order._action_cancel()
        manager = self._create_user("of_keeper", "sales_team.group_sale_manager")
        for state in ("cancel", "draft"):
            with self.assertRaisesRegex(UserError, "OF-TRK-012"):
                order.with_user(manager).unlink()
            self.assertEqual(order.promise_ids.mapped("kind"), ["requested", "first"], state)
            order.action_draft()
        self.assertTrue(self._create_order([(self.chain, 1)]).with_user(manager).unlink())

    def test_date_on_the_quotation_is_asked_and_promised(self):
        order = self._confirmed_order(commitment_date=ASKED)
        self.assertEqual(order.promise_ids.mapped("kind"), ["requested", "first"])
        self.assertEqual(order.requested_date_to, ASKED)
        self.assertEqual(order.first_promised_date_to, ASKED)
        self.assertEqual(order.commitment_date, ASKED)

    def test_by_midnight_is_another_promise_than_the_day_that_begins(self):
        self.customer.tz = "Europe/Berlin"
        order = self._confirmed_order(commitment_date=datetime(2031, 3, 2, 23))
        self.assertEqual(order.promise_deadline, datetime(2031, 3, 3, 22, 59, 59))
        midnight = datetime(2031, 3, 2, 23)
        order._record_promise("promised", False, midnight, "Until 24:00 the day before")
        self.assertEqual(order.promise_deadline, midnight)
        self.assertEqual(order.promise_ids.mapped("is_whole_day"), [True, True, False])

    def test_without_a_date_nothing_was_asked(self):
        order = self._confirmed_order()
        self.assertEqual(order.promise_ids.mapped("kind"), ["first"])
        self.assertTrue(order.promise_ids.is_whole_day)
        self.assertFalse(order.requested_date_to)
        self.assertFalse(order.commitment_date, "Odoo's own date stays empty for Odoo's own expectation")

    def test_later_date_is_a_new_row_and_keeps_the_first(self):
        order = self._confirmed_order(commitment_date=ASKED)
        order.with_context(promise_reason="Truck broke down").commitment_date = LATER
        self.assertEqual(order.promise_ids.mapped("kind"), ["requested", "first", "promised"])
        self.assertEqual(order.promise_ids[-1].reason, "Truck broke down")
        self.assertEqual(order.first_promised_date_to, ASKED)
        self.assertEqual(order.promised_date_to, LATER)

    def test_same_promise_twice_is_one_row(self):
        order = self._confirmed_order(commitment_date=ASKED)
        start = LATER - timedelta(hours=2)
        first = order._record_promise("promised", start, LATER, "Window agreed")
        again = order._record_promise("promised", start, LATER, "Window agreed")
        self.assertEqual(first, again)
        self.assertEqual(order.commitment_date, LATER)
        self.assertEqual(order.promised_date_from, start)

    def test_change_reaches_every_step(self):
        for steps, count in (("ship_only", 1), ("pick_ship", 2), ("pick_pack_ship", 3)):
            with self.subTest(steps=steps):
                order = self._confirmed_order(steps, commitment_date=ASKED)
                for step in range(count):
                    new = LATER + timedelta(days=step)
                    planned = self._open_moves(order).date
                    order.commitment_date = new
                    moves = self._open_moves(order)
                    self.assertEqual(set(moves.mapped("date_deadline")), {new})
                    self.assertGreater(moves.date, planned)
                    self._validate_next(order)
                self.assertFalse(self._open_moves(order))

    def test_backorder_follows_the_new_promise(self):
        order = self._confirmed_order("pick_ship", commitment_date=ASKED)
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking._action_done()
        order.commitment_date = LATER
        moves = self._open_moves(order)
        self.assertEqual(len(moves), 2)
        self.assertEqual(set(moves.mapped("date_deadline")), {LATER})

    def test_rows_cannot_be_changed_through_odoo(self):
        row = self._confirmed_order(commitment_date=ASKED).promise_ids[0]
        for action in (lambda: row.sudo().write({"reason": "x"}), row.sudo().unlink, row.copy):
            with self.assertRaisesRegex(UserError, r"\[OF-TRK-00[13]\]"):
                action()

    def test_rows_cannot_be_changed_in_the_database(self):
        row = self._confirmed_order(commitment_date=ASKED).promise_ids[0]
        statements = (
            "UPDATE sale_order_promise SET date_to = now() WHERE id = %s",
            "DELETE FROM sale_order_promise WHERE id = %s",
        )
        for statement in statements:
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
                self.cr.execute(statement, [row.id])
        self.assertEqual(len(row.order_id.promise_ids), 2)

    def test_window_that_ends_before_it_starts(self):
        order = self._confirmed_order(commitment_date=ASKED)
        with self.assertRaisesRegex(UserError, r"\[OF-TRK-002\]"):
            order._record_promise("promised", LATER, ASKED, "No")
        self.assertEqual(len(order.promise_ids), 2)
        self.assertEqual(order.commitment_date, ASKED)

    def test_salesperson_may_read_but_not_add(self):
        row = self._confirmed_order(commitment_date=ASKED).promise_ids[0]
        row.order_id.user_id = self.user
        self.assertEqual(row.with_user(self.user).kind, "requested")
        with self.assertRaises(AccessError):
            self.env["sale.order.promise"].with_user(self.user).create({"order_id": row.order_id.id})

    def test_salesperson_changes_the_promise_of_an_own_order(self):
        order = self._confirmed_order(commitment_date=ASKED)
        order.user_id = self.user
        order.with_user(self.user).commitment_date = LATER
        self.assertEqual(order.promise_ids[-1].user_id, self.user)
