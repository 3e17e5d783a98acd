from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .support_cure_common import CureCase


@tagged("post_install", "-at_install")
class TestRecall(CureCase):
    """A battery lot is built into two bikes; one is delivered, one is in stock, batteries are left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.battery = cls._create_product("Battery", "BAT", tracking="lot")
        cls.cells = cls.env["stock.lot"].create({"name": "C-118", "product_id": cls.battery.id})
        cls.env["stock.quant"]._update_available_quantity(
            cls.battery, cls.stock_location, 20, lot_id=cls.cells
        )
        cls.production = cls.env["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.built = cls.env["stock.lot"].create(
            [{"name": f"B{number}", "product_id": cls.bike.id} for number in (1, 2)]
        )
        for lot in cls.built:
            cls._build(lot, cls.cells)
        cls.other = cls.env["res.partner"].create({"name": "Fleet", "email": "fleet@test.example"})
        cls.sold = cls._sell(cls.built[0], cls.other)

    @classmethod
    def _build(cls, lot, part):
        """What manufacturing writes: a part consumed, an end item made, and the link between their lines."""
        used = cls._move(part.product_id, part, cls.stock_location, cls.production)
        made = cls._move(lot.product_id, lot, cls.production, cls.stock_location)
        made.move_line_ids.consume_line_ids = used.move_line_ids

    @classmethod
    def _move(cls, product, lot, source, target, **values):
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "location_id": source.id,
                "location_dest_id": target.id,
                **values,
            }
        )
        move._action_confirm(merge=False)
        move.move_line_ids.unlink()
        line = {**move._prepare_move_line_vals(), "quantity": 1, "lot_id": lot.id}
        move.move_line_ids = [Command.create(line)]
        move.picked = True
        move._action_done()
        return move

    @classmethod
    def _sell(cls, lot, partner):
        order = cls._create_order([(lot.product_id, 1)], partner_id=partner.id)
        order.action_confirm()
        move = order.picking_ids.move_ids
        move.move_line_ids.unlink()
        line = {**move._prepare_move_line_vals(), "quantity": 1, "lot_id": lot.id}
        move.move_line_ids = [Command.create(line)]
        move.picked = True
        order.picking_ids._action_done()
        return order

    def _recall(self, *lots):
        recall = self.env["after.sales.recall"].create(
            {
                "subject": "Cells",
                "message": "Stop riding.",
                "lot_ids": [Command.set([lot.id for lot in lots])],
            }
        )
        return recall.with_user(self.lead)

    def test_a_part_is_found_in_what_was_delivered_and_what_lies_here(self):
        recall = self._recall(self.cells)
        recall.action_trace()
        self.assertEqual(recall.line_ids.lot_id, self.built[0])
        self.assertEqual(recall.notice_ids.partner_id, self.other)
        quarantine = self.warehouse.quarantine_location_id
        self.assertEqual(recall.sudo().quant_ids.location_id, quarantine)
        held = {quant.lot_id: quant.quantity for quant in recall.sudo().quant_ids}
        self.assertEqual(held, {self.cells: 18, self.built[1]: 1})
        self.assertEqual(recall.quantity_open_stock, 0)
        recall.action_trace()
        self.assertEqual(len(recall.line_ids), 1)

    def test_what_was_reserved_is_freed_and_cannot_be_taken_again(self):
        order = self._create_order([(self.battery, 5)])
        order.action_confirm()
        self.assertEqual(order.picking_ids.move_ids.state, "assigned")
        self._recall(self.cells).action_trace()
        self.assertEqual(order.picking_ids.move_ids.state, "confirmed")
        quarantined = self.cells.quant_ids.filtered(lambda quant: quant.location_id.usage == "internal")
        self.assertEqual(sum(quarantined.mapped("reserved_quantity")), 0)
        with self.assertRaisesRegex(UserError, "OF-RCL-010"), self.cr.savepoint():
            self._move(self.battery, self.cells, self.warehouse.quarantine_location_id, self.production)

    def test_to_its_end_with_the_goods_back(self):
        recall = self._recall(self.cells)
        recall.action_trace()
        with self.assertRaisesRegex(UserError, "OF-RCL-007"):
            recall.action_done()
        recall.action_notify()
        notice = recall.notice_ids
        self.assertTrue(notice.sent_at)
        self.assertTrue(notice.register_answer("return").startswith("RMA"))
        self.assertEqual(notice.return_id.state, "confirmed")
        self.assertEqual(recall.progress, 0)
        self._receive(notice.return_id)
        recall.invalidate_recordset()
        recall.line_ids.invalidate_recordset()
        self.assertEqual(recall.progress, 100)
        recall.action_done()
        self.assertEqual(recall.state, "done")
        with self.assertRaisesRegex(UserError, "OF-RCL-006"):
            notice.register_answer("used_up")
        self.assertEqual(notice.answer, "return")

    def test_many_customers_are_told_by_the_job_each_once(self):
        recall = self._recall(self.cells)
        recall.action_trace()
        people = self.env["res.partner"].create(
            [{"name": f"Rider {number}", "email": f"rider{number}@test.example"} for number in range(60)]
        )
        notices = self.env["after.sales.recall.notice"]
        notices.create([{"recall_id": recall.id, "partner_id": person.id} for person in people])
        recall.action_notify()
        self.assertEqual(recall.to_tell_count, 11)
        progress = patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=1.0)
        with progress:
            notices._cron_tell()
            notices._cron_tell()
        recall.action_notify()
        self.assertEqual((recall.to_tell_count, all(recall.notice_ids.mapped("sent_at"))), (0, True))
        domain = [("model", "=", notices._name), ("res_id", "in", recall.notice_ids.ids)]
        mails = self.env["mail.mail"].search(domain)
        self.assertEqual(sorted(mails.recipient_ids.ids), sorted((people | self.other).ids))
        self.assertEqual(len(mails), 61)

    def test_the_contact_is_told_where_the_company_has_no_address(self):
        self.other.email = False
        person = {"name": "Workshop", "parent_id": self.other.id, "email": "w@test.example"}
        contact = self.env["res.partner"].create(person)
        self._sell(self.built[1], contact)
        recall = self._recall(self.cells)
        recall.action_trace()
        recall.action_notify()
        mail = self.env["mail.mail"].search([("model", "=", "after.sales.recall.notice")], limit=1)
        self.assertEqual(mail.recipient_ids, contact)

    def test_who_has_no_address_is_called(self):
        self.other.email = False
        recall = self._recall(self.cells)
        recall.action_trace()
        recall.action_notify()
        recall.action_notify()
        self.assertEqual(len(recall.activity_ids), 1)
        self.assertFalse(recall.notice_ids.sent_at)

    def test_settled_by_answer_or_by_hand_with_a_reason(self):
        recall = self._recall(self.cells, self.serials[0])
        recall.action_trace()
        recall.action_notify()
        first, second = recall.notice_ids.sorted("partner_id")
        first.register_answer("destroyed")
        self.assertEqual(recall.progress, 50)
        with self.assertRaisesRegex(UserError, "OF-RCL-008"):
            second.line_ids.settle("")
        second.line_ids.settle("lost in a fire")
        recall.invalidate_recordset()
        self.assertEqual(recall.progress, 100)

    def test_products_without_numbers_are_found_by_time(self):
        recall = self.env["after.sales.recall"].create(
            {"subject": "Chains", "message": "Check.", "product_ids": [Command.set(self.chain.ids)]}
        )
        recall.action_trace()
        self.assertEqual((recall.line_ids.quantity, recall.line_ids.is_certain), (10, False))
        quants = recall.quant_ids.filtered(lambda quant: quant.product_id == self.chain)
        self.assertEqual(sum(quants.mapped("quantity")), 90)

    def test_only_the_lead_runs_it(self):
        recall = self._recall(self.cells).with_user(self.technician)
        with self.assertRaises(AccessError):
            recall.action_trace()
        self.assertEqual(recall.state, "draft")

    def test_released_lots_can_be_sold_again(self):
        recall = self._recall(self.cells)
        recall.action_trace()
        for odd in ([], self.serials[0].ids, [True], "all", [{}], [10**30]):
            with self.assertRaisesRegex(UserError, "OF-RCL-012"):
                recall.release_lots(odd, "tested, sound")
        self.assertEqual(recall.release_lots(self.built[1].ids, "tested, sound"), 1)
        self.assertFalse(self.built[1].recall_id)
        self.assertEqual(self._places(self.built[1]), {self.stock_location: 1})
        recall.action_trace()
        self.assertEqual((self.built[1].recall_id.id, recall.quantity_open_stock), (False, 0))

    def _places(self, lot):
        quants = lot.quant_ids.filtered(lambda quant: quant.location_id.usage == "internal")
        return {quant.location_id: quant.quantity for quant in quants if quant.quantity}

    def test_a_cancelled_recall_gives_the_stock_back(self):
        shelf = self.env["stock.location"].create({"name": "S", "location_id": self.stock_location.id})
        self.env["stock.quant"]._update_available_quantity(self.battery, shelf, 5, lot_id=self.cells)
        before = self._places(self.cells)
        recall = self._recall(self.cells)
        recall.action_trace()
        quarantine = self.warehouse.quarantine_location_id
        self.assertEqual(self._places(self.cells), {quarantine: 23})
        scrap = {"product_id": self.battery.id, "lot_id": self.cells.id, "scrap_qty": 2}
        self.env["stock.scrap"].create({**scrap, "location_id": quarantine.id}).do_scrap()
        recall.action_cancel()
        self.assertEqual(sum(self._places(self.cells).values()), 21)
        self.assertEqual(set(self._places(self.cells)), set(before))
        self.assertEqual(self._places(self.built[1]), {self.stock_location: 1})

    def test_what_another_recall_holds_stays_in_quarantine(self):
        first, second = self._recall(self.cells), self._recall(self.built[1])
        first.action_trace()
        second.action_trace()
        first.action_cancel()
        self.assertEqual(self._places(self.built[1]), {self.warehouse.quarantine_location_id: 1})
        self.assertEqual(self._places(self.cells), {self.stock_location: 18})

    def test_a_lot_of_two_recalls_stays_blocked_when_one_ends(self):
        first, second = self._recall(self.cells), self._recall(self.cells)
        first.action_trace()
        second.action_trace()
        first.action_cancel()
        self.assertEqual(self.cells.recall_id, second)

    def test_who_manages_stock_cannot_release(self):
        self._recall(self.cells).action_trace()
        keeper = self._create_user("of_keeper", "stock.group_stock_manager")
        with self.assertRaisesRegex(UserError, "OF-RCL-011"):
            self.cells.with_user(keeper).recall_id = False
        self.assertTrue(self.cells.recall_id)

    def test_a_part_inside_an_end_item_has_its_own_warranty_from_the_delivery(self):
        ticket = self.env["after.sales.ticket"].create(
            {"subject": "Battery", "partner_id": self.other.id, "lot_id": self.cells.id}
        )
        self.assertEqual(ticket.entitlement, "covered")
        self.assertIn("B1", ticket.entitlement_reason)
