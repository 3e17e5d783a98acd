from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_invoicing_drops import FAR
from .test_tracking_ledger import LedgerCase


class DropCase(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["sale.invoice.calendar"].create({"name": "Monthly", "is_posted": True})
        cls.customer.invoice_calendar_id = cls.calendar

    def _run(self, cutoff=FAR):
        return self.env["sale.drop.invoicing"]._invoice_payer(self.customer, self.calendar, cutoff)

    def _refuse(self, order, refused, key="k"):
        [drop] = order.picking_ids.filtered("is_drop")
        line = {
            "move_id": drop.move_ids.id,
            "delivered": 10 - refused,
            "refused": refused,
            "reason": "damaged",
        }
        answer = self.env["delivery.proof"].register(key, drop.id, {"signer": "A"}, [line])
        return drop, self.env["stock.picking"].search([("name", "=", answer["return"])])


@tagged("post_install", "-at_install")
class TestRefusedAndReturned(DropCase):
    """Delivered 10, 2 refused, 1 of the accepted returned before the refused are back: 7 are invoiced."""

    def _is_charged_for_seven(self):
        order = self._confirmed([(self.chain, 10)])
        self._process(order.picking_ids)
        drop, refused = self._refuse(order, 2)
        self._return(drop, 1)
        self.assertEqual(order.order_line.qty_to_invoice, 7)
        day = order.date_order.date().replace(year=2098)
        open_at = self.env["fulfilment.accrual"].get_open_at(str(day))["lines"]
        self.assertEqual([row["quantity"] for row in open_at if row["order"] == order.name], [7])
        self.assertEqual(self._run().invoice_line_ids.quantity, 7)
        self._process(refused)
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertFalse(self._run())
        return order

    def test_on_shipment(self):
        self._is_charged_for_seven()

    def test_on_proof(self):
        self.customer.invoice_trigger = "proof"
        order = self._is_charged_for_seven()
        self.assertEqual(self._standing(order.order_line), {"invoiced": 7, "returned": 3})

    def test_returned_before_the_proof_that_refuses_more(self):
        self.customer.invoice_trigger = "proof"
        order = self._confirmed([(self.chain, 10)])
        self._process(order.picking_ids)
        self._return(order.picking_ids.filtered("is_drop"), 4)
        self._refuse(order, 2)
        self.assertEqual(order.order_line.qty_to_invoice, 4)

    def test_brought_back_by_another_return_than_the_proof_opened(self):
        order = self._confirmed([(self.chain, 10)])
        self._process(order.picking_ids)
        drop, refused = self._refuse(order, 2)
        refused.action_cancel()
        self._return(drop, 2)
        self.assertEqual(self._run().invoice_line_ids.quantity, 8)


@tagged("post_install", "-at_install")
class TestCreditByHand(DropCase):
    def test_a_return_credited_by_hand_is_not_credited_again(self):
        order = self._confirmed([(self.chain, 20)])
        self._process(order.picking_ids, 10)
        invoice = self._run()
        self._return(order.picking_ids.filtered("is_drop"), 3)
        credit = invoice._reverse_moves()
        credit.invoice_line_ids.quantity = 3
        credit.action_post()
        self.assertEqual(credit.invoice_line_ids.drop_name, invoice.invoice_line_ids.drop_name)
        self._process(self._open(order), 5)
        following = self._run()
        self.assertEqual((following.move_type, following.invoice_line_ids.quantity), ("out_invoice", 5))

    def test_credited_at_the_price_that_was_charged(self):
        order = self._confirmed([(self.chain, 10)])
        self._process(order.picking_ids)
        self._run()
        order.order_line.price_unit = 99
        self._return(order.picking_ids.filtered("is_drop"), 3)
        self.assertEqual(self._run().amount_untaxed, 60)

    def test_no_credit_for_a_draft(self):
        self.calendar.is_posted = False
        order = self._confirmed([(self.chain, 10)])
        self._process(order.picking_ids)
        invoice = self._run()
        self._return(order.picking_ids.filtered("is_drop"), 3)
        self.assertFalse(self._run())
        invoice.action_post()
        self.assertEqual(self._run().reversed_entry_id, invoice)


@tagged("post_install", "-at_install")
class TestDownPayment(DropCase):
    def _paid_ahead(self, percent):
        tax = self.env["account.tax"].create({"name": "19 of test", "amount": 19})
        order = self._create_order([(self.chain, 10)])
        order.order_line.tax_ids = [Command.set(tax.ids)]
        order.action_confirm()
        wizard = {"advance_payment_method": "percentage", "amount": percent, "sale_order_ids": order.ids}
        self.env["sale.advance.payment.inv"].create(wizard).create_invoices()
        order.invoice_ids.action_post()
        return order

    def test_drops_wait_until_they_are_worth_what_was_paid_ahead(self):
        order = self._paid_ahead(30)
        self._process(order.picking_ids, 2)
        self.assertFalse(self._run())
        self._process(self._open(order), 2)
        invoice = self._run()
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (20, 3.8))
        self._process(self._open(order))
        self.assertEqual(self._run().amount_untaxed, 120)
        self.assertAlmostEqual(sum(order.invoice_ids.mapped("amount_total")), 238, 6)
        self.assertFalse(self._run())


@tagged("post_install", "-at_install")
class TestKitInvoicing(DropCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls._create_product(
            "Set", "SET", is_storable=False, invoice_policy="delivery", list_price=31
        )
        if "mrp.bom" in cls.env:
            parts = [
                {"product_id": cls.chain.id, "product_qty": 1},
                {"product_id": cls.brake_pads.id, "product_qty": 2},
            ]
            bom = {"product_tmpl_id": cls.kit.product_tmpl_id.id, "type": "phantom"}
            cls.env["mrp.bom"].create({**bom, "bom_line_ids": [Command.create(part) for part in parts]})

    def setUp(self):
        super().setUp()
        if "mrp.bom" not in self.env:
            self.skipTest("kits come with manufacturing")

    @freeze_time("2026-11-20 10:00:00")
    def _ship(self):
        """4 ordered; of the parts there are 3 and 5, so that 2 are complete."""
        order = self._confirmed([(self.kit, 4)])
        for move in order.picking_ids.move_ids:
            move.write({"quantity": 3 if move.product_id == self.chain else 5, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        return order

    def _open_quantity(self, order, day):
        found = self.env["fulfilment.accrual"].get_open_at(day)["lines"]
        return sum(row["quantity"] - row["quantity_ahead"] for row in found if row["order"] == order.name)

    def test_only_whole_kits_and_not_before_the_cut_off(self):
        order = self._ship()
        self.assertEqual(self._open_quantity(order, "2026-11-19"), 0)
        self.assertEqual(self._open_quantity(order, "2026-11-20"), 2)
        self.assertFalse(self._run(datetime(2026, 11, 19)))
        invoice = self._run(datetime(2026, 11, 21))
        self.assertEqual((invoice.invoice_line_ids.quantity, invoice.amount_untaxed), (2, 62))
        self.assertEqual(invoice.invoice_line_ids.drop_name, order.picking_ids.filtered("is_drop").name)
        self.assertFalse(self._run())

    def test_a_kit_that_comes_back_is_credited(self):
        order = self._ship()
        invoice = self._run()
        drop = order.picking_ids.filtered("is_drop")
        wizard = (
            self.env["stock.return.picking"].with_context(active_id=drop.id).create({"picking_id": drop.id})
        )
        for line in wizard.product_return_moves:
            line.write({"quantity": 1 if line.product_id == self.chain else 2, "to_refund": True})
        back = wizard._create_return()
        self._process(back)
        credit = self._run()
        self.assertEqual(
            (credit.move_type, credit.amount_untaxed, credit.reversed_entry_id), ("out_refund", 31, invoice)
        )
        self.assertEqual(self._open_quantity(order, "2098-01-01"), 0)

    def test_a_kit_with_a_refused_part_is_not_charged(self):
        order = self._ship()
        drop = order.picking_ids.filtered("is_drop")
        lines = [
            {
                "move_id": move.id,
                "delivered": move.quantity - refused,
                "refused": refused,
                "reason": "damaged",
            }
            for move, refused in (
                (move, 2 if move.product_id == self.brake_pads else 0) for move in drop.move_ids
            )
        ]
        self.env["delivery.proof"].register("kit", drop.id, {"signer": "A"}, lines)
        self.assertEqual(self._run().invoice_line_ids.quantity, 1)


@tagged("post_install", "-at_install")
class TestOrdinaryInvoices(DropCase):
    def test_lines_of_odoos_own_invoice_name_their_drops(self):
        order = self._confirmed([(self.chain, 10)], client_order_ref="PO-7")
        self._process(order.picking_ids, 4)
        first = order.picking_ids.filtered("is_drop")
        line = order._create_invoices().invoice_line_ids
        self.assertEqual(
            (line.drop_move_id, line.drop_name, line.drop_reference), (first.move_ids, first.name, "PO-7")
        )
        line.move_id.button_cancel()
        self._process(self._open(order))
        line = order._create_invoices().invoice_line_ids
        self.assertEqual(line.drop_name.split(", "), order.picking_ids.sorted("id").mapped("name"))
        self.assertFalse(line.drop_move_id)

    def test_a_dozen_in_thirds_is_invoiced_as_a_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        by_hand, by_calendar = self._create_order([]), self._create_order([])
        for order in by_hand + by_calendar:
            values = {"product_id": self.chain.id, "product_uom_id": dozen.id, "price_unit": 20}
            order.order_line = [Command.create({**values, "product_uom_qty": 1})]
            order.action_confirm()
            for _third in range(3):
                self._process(self._open(order), 4)
                if order == by_hand:
                    order._create_invoices()
        invoice = self._run()
        self.assertEqual(sorted(invoice.invoice_line_ids.mapped("quantity")), [0.33, 0.33, 0.34])
        for order in by_hand + by_calendar:
            self.assertAlmostEqual(sum(order.invoice_ids.mapped("amount_untaxed")), 20, 6)
            self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (1, 0))
        self.assertFalse(self._run())

    def test_each_invoice_has_the_date_of_its_own_drop(self):
        order, by_calendar = self._confirmed([(self.chain, 10)]), self._confirmed([(self.chain, 10)])
        dates = []
        for day in ("2026-11-02", "2026-11-20"):
            with freeze_time(f"{day} 10:00:00"):
                for each in order + by_calendar:
                    self._process(self._open(each), 5)
            with freeze_time("2026-11-30 10:00:00"):
                dates.append((order._create_invoices() + self._run()).mapped("delivery_date"))
        self.assertEqual([set(map(str, pair)) for pair in dates], [{"2026-11-02"}, {"2026-11-20"}])

    def test_terms_and_journals_are_not_merged_by_odoos_button_either(self):
        term = self.env["account.payment.term"].create({"name": "Other"})
        journal = self.env["account.journal"].search([("type", "=", "sale")], limit=1).copy()
        values = ({}, {}, {"payment_term_id": term.id}, {"journal_id": journal.id})
        orders = self.env["sale.order"].union(
            *(self._confirmed([(self.chain, 1)], **value) for value in values)
        )
        for order in orders:
            self._process(order.picking_ids)
        invoices = orders._create_invoices()
        self.assertEqual(sorted(len(move.invoice_line_ids) for move in invoices), [1, 1, 2])

    def test_one_payer_that_cannot_be_invoiced_does_not_hold_up_the_others(self):
        payers = self.customer + self.customer.copy(
            {"name": "Other payer", "invoice_calendar_id": self.calendar.id}
        )
        for payer in payers:
            self._process(self._confirmed([(self.chain, 1)], partner_id=payer.id).picking_ids)
        invoicing = self.env.registry["sale.drop.invoicing"]
        ordinary = invoicing._get_lines

        def get_lines(this, payer, calendar):
            if payer == payers[0]:
                raise UserError(this.env._("There is no account"))
            return ordinary(this, payer, calendar)

        with patch.object(invoicing, "_get_lines", get_lines):
            for payer in payers + payers:
                self.calendar._invoice_or_tell(payer, FAR)
        self.assertFalse(payers[0].invoice_ids)
        self.assertEqual(len(payers[0].activity_ids), 1)
        self.assertIn("no account", payers[0].activity_ids.note)
        self.assertEqual(len(payers[1].invoice_ids), 1)
