from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .support_common import SupportCase


@tagged("post_install", "-at_install")
class TestSupportTicket(SupportCase):
    def test_serial_fills_in_everything(self):
        lot, order = self._deliver_serial("SN-1001")
        ticket = self.tickets.with_user(self.technician).create({"subject": "Noise", "lot_id": lot.id})
        self.assertEqual(ticket.product_id, lot.product_id)
        self.assertEqual(ticket.sale_order_id, order)
        self.assertEqual(ticket.sale_line_id, order.order_line)
        self.assertEqual(ticket.picking_id, order.picking_ids)
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.email_from, "orders@velo.test")

    def test_serial_that_was_never_delivered(self):
        product = self._create_product("Frame", "FRAME", tracking="serial")
        lot = self.env["stock.lot"].create({"name": "SN-NEVER", "product_id": product.id})
        ticket = self._ticket(partner_id=False, lot_id=lot.id)
        self.assertEqual(ticket.product_id, product)
        self.assertFalse(ticket.sale_order_id | ticket.sale_order_id)
        self.assertFalse(ticket.partner_id)

    def test_owner_moves_the_ticket(self):
        ticket = self._ticket()
        self.assertEqual(ticket.stage_code, "new")
        ticket.user_id = self.technician
        self.assertEqual(ticket.stage_code, "assigned")
        ticket.user_id = False
        self.assertEqual(ticket.stage_code, "new")

    def test_steps_the_table_does_not_have(self):
        ticket = self._ticket()
        ticket._move_to("cancelled")
        closed = self.env["after.sales.stage"]._get("closed")
        with self.assertRaisesRegex(UserError, "OF-TKT-001.*cannot become"):
            ticket.with_user(self.technician).write({"stage_id": closed.id})
        self.assertEqual(ticket.stage_code, "cancelled")

    def test_solving_needs_a_cause(self):
        ticket = self._ticket()
        with self.assertRaisesRegex(UserError, "OF-TKT-003"):
            ticket.action_solve()
        ticket.cause_id = self.env.ref("order_fulfilment.after_sales_cause_unknown")
        ticket.action_solve()
        self.assertEqual(ticket.stage_code, "solved")
        self.assertTrue(ticket.solved_at)

    def test_times_cannot_be_written(self):
        ticket = self._ticket()
        with self.assertRaisesRegex(UserError, "OF-TKT-021"):
            ticket.with_user(self.technician).write({"opened_at": "2020-01-01 00:00:00"})
        with self.assertRaisesRegex(UserError, "OF-TKT-020"):
            ticket.event_ids.write({"at": "2020-01-01 00:00:00"})
        with self.assertRaises(AccessError):
            ticket.event_ids.with_user(self.technician).unlink()

    def test_stage_in_use_stays(self):
        self._ticket()
        stage = self.env["after.sales.stage"]._get("new")
        with self.assertRaisesRegex(UserError, "OF-TKT-012"):
            stage.with_user(self.leader).unlink()

    def test_order_shows_an_open_ticket(self):
        _lot, order = self._deliver_serial("SN-1002")
        ticket = self._ticket(sale_order_id=order.id)
        self.assertTrue(order.has_open_ticket)
        ticket._move_to("cancelled")
        self.assertFalse(order.has_open_ticket)

    def test_order_of_two_tickets(self):
        _lot, order = self._deliver_serial("SN-1003")
        first, second = self._ticket(sale_order_id=order.id), self._ticket(sale_order_id=order.id)
        first._move_to("cancelled")
        self.assertTrue(order.has_open_ticket)
        second._move_to("cancelled")
        self.assertFalse(order.has_open_ticket)

    def test_form_asks_and_the_check_list_is_laid_out(self):
        category = self.env.ref("order_fulfilment.after_sales_category_defect")
        self.env["after.sales.check"].create({"name": "Pads dry?", "category_id": category.id})
        ticket = self._ticket(category_id=category.id)
        self.assertEqual(ticket.answer_ids.question_id, category.question_ids)
        self.assertEqual(ticket.check_ids.mapped("name"), ["Pads dry?"])
        self.assertEqual(ticket.open_question_count, 2)
        self.assertEqual(ticket.priority, "2")

    def test_technician_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        ticket = self._ticket(partner_id=False, team_id=False, company_id=other.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).read(["subject"])

    def test_portal_user_is_denied(self):
        portal = self._create_user("of_portal", "base.group_portal")
        ticket = self._ticket()
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            ticket.with_user(portal).read(["subject"])
        for call in (lambda t: t.open_ticket({"subject": "x"}, "k"), lambda t: t.ticket_state(ticket.name)):
            with self.assertRaises(AccessError):
                call(self.tickets.with_user(portal))


@tagged("post_install", "-at_install")
class TestSupportMerge(SupportCase):
    def test_merge_moves_what_was_said(self):
        keep, gone = self._ticket(), self._ticket(subject="Brake again")
        gone.message_post(body="More", subtype_xmlid="mail.mt_comment", message_type="comment")
        gone._merge_into(keep)
        self.assertEqual((gone.stage_code, gone.merged_into_id), ("merged", keep))
        self.assertIn("More", "".join(keep.message_ids.mapped("body")))
        self.assertEqual(gone._get_final(), keep)

    def test_tickets_of_two_customers_stay_apart(self):
        other = self.env["res.partner"].create({"name": "Somebody else"})
        with self.assertRaisesRegex(UserError, "OF-TKT-042"):
            self._ticket(partner_id=other.id)._merge_into(self._ticket())

    def test_merged_by_hand_needs_a_target(self):
        ticket = self._ticket()
        with self.assertRaisesRegex(UserError, "OF-TKT-002"):
            ticket._move_to("merged")

    def test_merged_once(self):
        one, other, third = (self._ticket() for _ticket in range(3))
        one._merge_into(other)
        with self.assertRaisesRegex(UserError, "OF-TKT-040.*merged already"):
            one._merge_into(third)
        self.assertEqual(one.merged_into_id, other)

    def test_no_ring(self):
        first, second = self._ticket(), self._ticket()
        first._merge_into(second)
        with self.assertRaisesRegex(UserError, "OF-TKT-040"):
            second._merge_into(first)

    def test_split(self):
        ticket = self._ticket()
        message = ticket.message_post(body="And the lamp", message_type="comment")
        new = ticket._split_off("Lamp", message)
        self.assertEqual((new.subject, new.split_from_id, message.res_id), ("Lamp", ticket, new.id))
        self.assertEqual((new.partner_id, new.stage_code), (self.customer, "new"))


@tagged("post_install", "-at_install")
class TestSupportApi(SupportCase):
    def test_open_by_serial_and_again(self):
        lot, order = self._deliver_serial("SN-2001")
        self.customer.ref = "C-2001"
        payload = {"subject": "Dead", "customer": "C-2001", "reference": "sn-2001", "counter_reading": 120}
        tickets = self.tickets.with_user(self.technician)
        answer = tickets.open_ticket(payload, "key-1")
        self.assertEqual(tickets.open_ticket(payload, "key-1"), answer)
        ticket = self.tickets.browse(answer["ticket_id"])
        self.assertEqual((ticket.lot_id, ticket.sale_order_id, ticket.counter_reading), (lot, order, 120))
        self.assertEqual(self.tickets.search_count([("lot_id", "=", lot.id)]), 1)

    def test_same_key_for_something_else(self):
        tickets = self.tickets.with_user(self.technician)
        tickets.open_ticket({"subject": "One"}, "key-2")
        with self.assertRaisesRegex(UserError, "OF-TKT-409"):
            tickets.open_ticket({"subject": "Two"}, "key-2")

    def test_all_mistakes_at_once(self):
        payload = {"subject": " ", "customer": "nobody", "priority": 9, "colour": "red", "product": "no such"}
        with self.assertRaises(UserError) as raised:
            self.tickets.open_ticket(payload, "key-3")
        for code in ("410", "411", "413", "414", "416"):
            self.assertIn(f"OF-TKT-{code}", str(raised.exception))

    def test_serial_delivered_to_somebody_else(self):
        other = self.env["res.partner"].create({"name": "Other", "ref": "C-OTHER"})
        self._deliver_serial("SN-2002")
        payload = {"subject": "Mine", "customer": other.ref, "reference": "SN-2002"}
        with self.assertRaisesRegex(UserError, "OF-TKT-412"):
            self.tickets.open_ticket(payload, "key-4")

    def test_telephone_with_slash_and_spaces(self):
        answer = self.tickets.open_ticket({"subject": "Call", "phone": "030 / 12 34 567"}, "key-5")
        self.assertEqual(self.tickets.browse(answer["ticket_id"]).partner_id, self.customer)

    def test_scripts_and_control_characters(self):
        payload = {
            "subject": "<script>alert(1)</script>\r\nBcc: x\u202e",
            "description": "a\x00b" + "x" * 10**6,
        }
        ticket = self.tickets.browse(self.tickets.open_ticket(payload, "key-6")["ticket_id"])
        self.assertEqual(ticket.subject, "<script>alert(1)</script> Bcc: x")
        self.assertNotIn("<script>", ticket.message_ids[-1:].body)
        self.assertLessEqual(len(ticket.description), 20_000)

    def test_odd_types(self):
        """What a program may send by mistake is named, and leaves nothing behind."""
        cases = [
            ({"subject": ["a"]}, "OF-TKT-423.*subject"),
            ({"subject": "A", "description": {"a": 1}}, "OF-TKT-423.*description"),
            ({"subject": "A", "customer": True}, "OF-TKT-423.*customer"),
            ({"subject": "A", "email": "x" * 300}, "OF-TKT-424.*email"),
            ({"subject": "A", "email": "nobody"}, "OF-TKT-425"),
            ({"subject": "A", "category": "%"}, "OF-TKT-415"),
            ({"subject": "A", "attachments": "abc"}, "OF-TKT-420"),
        ]
        for number, (payload, code) in enumerate(cases):
            with self.subTest(payload=str(payload)[:60]), self.assertRaisesRegex(UserError, code):
                self.tickets.open_ticket(payload, f"odd-{number}")
        self.assertFalse(self.tickets.search([("channel", "=", "api")]))
        answer = self.tickets.open_ticket({"subject": "A\0B", "customer": "\0", "phone": 3012345}, "odd")
        self.assertEqual(answer["subject"], "AB")
        with self.assertRaisesRegex(UserError, "OF-TKT-400"):
            self.tickets.open_ticket({"subject": "A"}, "a\0b")

    def test_reply_is_an_answer(self):
        ticket = self._ticket()
        state = self.tickets.with_user(self.technician).reply_ticket(
            ticket.name, "Have you tried oil?", "key-7"
        )
        self.assertTrue(state["first_answered_at"])
        self.assertEqual(len(ticket._get_page_messages()), 1)

    def test_required_question(self):
        payload = {"subject": "Broken", "category": "Defect", "answers": {"What do you notice?": "Noise"}}
        with self.assertRaisesRegex(UserError, "OF-TKT-031.*Since when"):
            self.tickets.open_ticket(payload, "key-8")
        payload["answers"]["Since when?"] = "2026-11-01"
        ticket = self.tickets.browse(self.tickets.open_ticket(payload, "key-9")["ticket_id"])
        self.assertEqual(ticket.symptom_id.name, "Noise")
        self.assertEqual(str(ticket.began_on), "2026-11-01")

    def test_caller_desk_hands_over_the_number(self):
        lot, order = self._deliver_serial("SN-CALL")
        desk = self.tickets.with_user(self.user)
        context = {"default_partner_id": self.customer.id, "ticket_clue": "sn-call"}
        found = desk.with_context(**context).default_get(["partner_id", "lot_id", "sale_order_id"])
        self.assertEqual((found["lot_id"], found["sale_order_id"]), (lot.id, order.id))
        other = self.env["res.partner"].create({"name": "Other"})
        context["default_partner_id"] = other.id
        self.assertNotIn("lot_id", desk.with_context(**context).default_get(["partner_id", "lot_id"]))

    def test_caller_desk_knows_the_ticket(self):
        ticket = self._ticket()
        answer = self.env["caller.desk"].with_user(self.user).find(ticket.name, "10115")
        self.assertEqual([t["id"] for t in answer["card"]["tickets"]], ticket.ids)
