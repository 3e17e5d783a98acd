from datetime import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import OrderFulfilmentCase


class LedgerCase(OrderFulfilmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(cls.chain, 100)
        cls._stock(cls.brake_pads, 100)
        cls.warehouse.delivery_steps = "ship_only"
        (cls.chain + cls.brake_pads).invoice_policy = "delivery"
        cls.customer.tz = "Europe/Berlin"

    def _confirmed(self, lines=None, **values):
        order = self._create_order(lines or [(self.chain, 10)], **values)
        order.action_confirm()
        return order

    def _process(self, picking, quantity=None, backorder=True):
        """Do ``quantity`` of each move (all of it if None); keep or cancel the rest."""
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty if quantity is None else quantity, "picked": True})
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=[] if backorder else picking.ids
        ).button_validate()

    def _return(self, picking, quantity, to_refund=True):
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": to_refund})
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._process(back)
        return back

    def _open(self, order):
        return order.picking_ids.filtered(
            lambda picking: picking.state in ("assigned", "confirmed", "waiting")
        )

    def _standing(self, line):
        ledger = line._get_ledger()
        self.assertEqual(sum(ledger.standing.values()), ledger.ordered)
        return {stage: float(quantity) for stage, quantity in ledger.standing.items() if quantity}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 08:00:00")
class TestLedger(LedgerCase):
    def test_quotation_stands_in_entered(self):
        order = self._create_order([(self.chain, 10)])
        self.assertEqual(self._standing(order.order_line), {"entered": 10})
        self.assertEqual(order.fulfilment_status, "entered")

    def test_one_step_with_backorder(self):
        order = self._confirmed()
        self.assertEqual(self._standing(order.order_line), {"released": 10})
        self._process(order.picking_ids, 6)
        self.assertEqual(self._standing(order.order_line), {"released": 4, "shipped": 6})
        self.assertEqual(order.fulfilment_status, "part_shipped")

    def test_the_day_of_an_invoice_is_the_same_day_west_of_greenwich(self):
        order = self._confirmed()
        self._process(order.picking_ids)
        order._create_invoices().action_post()
        time, _names = order.order_line._get_ledger().marks["invoiced"]
        there = fields.Datetime.context_timestamp(order.with_context(tz="America/Los_Angeles"), time)
        self.assertEqual(there.date(), order.invoice_ids.invoice_date)

    def test_cancelled_backorder(self):
        order = self._confirmed()
        self._process(order.picking_ids, 6, backorder=False)
        self.assertEqual(self._standing(order.order_line), {"shipped": 6, "cancelled": 4})
        self.assertEqual(order.fulfilment_status, "shipped")

    def test_backorder_cancelled_later(self):
        order = self._confirmed()
        self._process(order.picking_ids, 6)
        self._open(order).action_cancel()
        self.assertEqual(self._standing(order.order_line), {"shipped": 6, "cancelled": 4})

    def test_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirmed()
        self._process(order.picking_ids, 6)
        self.assertEqual(self._standing(order.order_line), {"released": 4, "picked": 6})
        out = self._open(order).filtered(lambda p: p.picking_type_code == "outgoing")
        self._process(out, 5)
        self.assertEqual(self._standing(order.order_line), {"released": 4, "picked": 1, "shipped": 5})
        self.assertEqual(order.fulfilment_status, "part_shipped")

    def test_three_steps_with_backorder_and_return(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._confirmed()
        line = order.order_line
        self._process(order.picking_ids, 8)
        pack = self._open(order).filtered(lambda p: p.picking_type_id == self.warehouse.pack_type_id)
        self._process(pack, 6)
        self.assertEqual(self._standing(line), {"released": 2, "picked": 2, "packed": 6})
        out = self._open(order).filtered(lambda p: p.picking_type_code == "outgoing")
        self._process(out, 5)
        self._return(out, 2)
        self.assertEqual(
            self._standing(line), {"released": 2, "picked": 2, "packed": 1, "shipped": 3, "returned": 2}
        )
        rows = order.fulfilment_ledger_ids.filtered("quantity")
        self.assertEqual(sum(rows.mapped("quantity")), 10)
        self.assertEqual(rows.filtered(lambda row: row.stage == "shipped").document, out.name)

    def test_units_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_order([])
        order.order_line = [
            Command.create({"product_id": self.chain.id, "product_uom_id": dozen.id, "product_uom_qty": 1})
        ]
        order.action_confirm()
        for _third in range(3):
            self._process(self._open(order), 4)
        self.assertEqual(self._standing(order.order_line), {"shipped": 1})

    def test_changed_quantities(self):
        order = self._confirmed()
        self._process(order.picking_ids, 6)
        order.order_line.product_uom_qty = 12
        self.assertEqual(self._standing(order.order_line), {"released": 6, "shipped": 6})
        order.order_line.product_uom_qty = 8
        self.assertEqual(self._standing(order.order_line), {"released": 2, "shipped": 6})

    def test_order_cancelled_after_shipping(self):
        order = self._confirmed()
        self._process(order.picking_ids, 6)
        order._action_cancel()
        self.assertEqual(self._standing(order.order_line), {"shipped": 6, "cancelled": 4})

    def test_order_changed_while_a_pick_is_running(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirmed()
        order.picking_ids.move_ids.write({"quantity": 4, "picked": True})
        self.assertEqual(self._standing(order.order_line), {"released": 6, "picked": 4})
        order.order_line.product_uom_qty = 12
        standing = self._standing(order.order_line)
        self.assertEqual(sum(standing.values()), 12)
        self.assertEqual(standing["picked"], 4)

    def test_picked_and_packed_now_though_planned_for_later(self):
        order = self._confirmed(commitment_date=datetime(2027, 3, 1, 11))
        move = order.picking_ids.move_ids
        self.assertGreater(move.date, datetime(2027, 2, 1))
        before = order.order_line.write_date.replace(microsecond=0)  # as the ledger keeps times
        move.write({"quantity": 4, "picked": True})
        move.move_line_ids.result_package_id = self.env["stock.package"].create({"name": "BOX"})
        marks = order.order_line._get_ledger().marks
        for stage in ("picked", "packed"):
            self.assertLessEqual(before, marks[stage][0])
            self.assertLess(marks[stage][0], move.date)

    def test_return_larger_than_the_delivery(self):
        order = self._confirmed()
        self._process(order.picking_ids)
        with self.assertRaisesRegex(UserError, r"\[OF-RMA-011\]"), self.env.cr.savepoint():
            self._return(order.picking_ids, 50)
        self.assertEqual(self._standing(order.order_line), {"shipped": 10})
        self._return(order.picking_ids, 10)
        self.assertEqual(self._standing(order.order_line), {"returned": 10})
        self.assertEqual(order.fulfilment_status, "returned")

    def test_invoice_credit_and_payment(self):
        order = self._confirmed()
        self._process(order.picking_ids, 6)
        invoice = order._create_invoices()
        self.assertEqual(self._standing(order.order_line), {"released": 4, "shipped": 6})
        invoice.action_post()
        self.assertEqual(self._standing(order.order_line), {"released": 4, "invoiced": 6})
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment.create({"amount": invoice.amount_total / 2})._create_payments()
        self.assertEqual(self._standing(order.order_line), {"released": 4, "invoiced": 3, "paid": 3})

    def test_several_warehouses(self):
        other = self.env["stock.warehouse"].create({"name": "North", "code": "NRT"})
        self._stock(self.brake_pads, 5, other.lot_stock_id)
        route = other.delivery_route_id
        route.sale_selectable = True
        order = self._create_order([(self.chain, 3), (self.brake_pads, 5)])
        order.order_line[1].route_ids = route
        order.action_confirm()
        self._process(order.picking_ids.filtered(lambda p: p.picking_type_id.warehouse_id == other))
        self.assertEqual(self._standing(order.order_line[0]), {"released": 3})
        self.assertEqual(self._standing(order.order_line[1]), {"shipped": 5})

    def test_summary_in_one_line(self):
        order = self._confirmed(
            [(self.chain, 3), (self.brake_pads, 5)], commitment_date=datetime(2026, 11, 24, 11, 0)
        )
        order._record_promise(
            "promised", datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 11), "Slot booked"
        )
        self.assertEqual(order.fulfilment_summary, "2 of 2 lines released, due Tue 24 Nov 10–12")
        order.picking_ids.move_ids[0].write({"quantity": 3, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        self.assertEqual(order.fulfilment_summary, "1 of 2 lines shipped, rest due Tue 24 Nov 10–12")
        self.assertIn(order, self.env["sale.order"].search([("fulfilment_status", "=", "part_shipped")]))

    def test_freight_and_notes_do_not_hold_the_order_open(self):
        freight = self.env["product.product"].create({"name": "Freight", "type": "service"})
        order = self._create_order([(self.chain, 2), (freight, 1)])
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "<script>alert(1)</script>"})
        ]
        order.action_confirm()
        self._process(order.picking_ids)
        self.assertEqual(order.fulfilment_status, "shipped")

    def test_salesperson_reads_only_own_orders(self):
        order = self._confirmed()
        order.user_id = self.manager
        rows = self.env["sale.fulfilment.ledger"].with_user(self.user).search([("order_id", "=", order.id)])
        self.assertFalse(rows)
        order.user_id = self.user
        rows = self.env["sale.fulfilment.ledger"].with_user(self.user).search([("order_id", "=", order.id)])
        self.assertEqual(rows.filtered("quantity").stage, "released")


@tagged("post_install", "-at_install")
class TestLedgerKit(LedgerCase):
    def test_kit_is_shipped_when_its_components_are(self):
        if "mrp.bom" not in self.env:
            self.skipTest("kits come with manufacturing")
        kit = self._create_product("Drive set", "SET", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.chain.id, "product_qty": 1}),
                    Command.create({"product_id": self.brake_pads.id, "product_qty": 2}),
                ],
            }
        )
        order = self._confirmed([(kit, 4)])
        self.assertEqual(self._standing(order.order_line), {"released": 4})
        for move in order.picking_ids.move_ids:
            move.write({"quantity": 4 if move.product_id == self.chain else 5, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self._standing(order.order_line), {"released": 2, "shipped": 2})
