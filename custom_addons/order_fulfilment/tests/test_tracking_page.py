import json
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.order_fulfilment.controllers import order_status

from .test_tracking_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestOrderPage(HttpCase, LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order([(cls.chain, 5)], commitment_date=datetime(2030, 1, 8, 11))
        cls.order.action_confirm()
        cls.startClassPatcher(patch.object(order_status, "ANSWER_AFTER", 0.0))

    def _find(self, reference, post_code):
        self.authenticate(None, None)
        data = {"reference": reference, "post_code": post_code, "csrf_token": Request.csrf_token(self)}
        return self.url_open("/order-status", data=data)

    def test_right_pair_in_lower_case_and_with_spaces(self):
        for reference, post_code in ((self.order.name, "10115"), (f" {self.order.name.lower()} ", "101 15")):
            page = self._find(reference, post_code)
            self.assertIn(self.chain.name, page.text)
            self.assertIn("Tue 8 Jan", page.text)
            self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_a_reference_in_mixed_case_and_wide_digits(self):
        self.order.name = "Ord-2026_7"
        self.assertIn(self.chain.name, self._find("ord-2026_7", "１０１１５").text)
        self.assertNotIn(self.chain.name, self._find("Ord-2026%", "10115").text)
        self.assertNotIn(self.chain.name, self._find("Ord-2026-7", "10115").text)

    def test_wrong_and_unknown_answer_alike(self):
        answers = {}
        for name, pair in {
            "wrong": (self.order.name, "99999"),
            "unknown": ("S99999999", "10115"),
            "quotation": (self._create_order([(self.chain, 1)]).name, "10115"),
            "empty": (self.order.name, ""),
        }.items():
            answer = self._find(*pair)
            answers[name] = (answer.status_code, self._without_token(answer.text))
        self.assertEqual(len(set(answers.values())), 1, "nothing may tell which half was right")
        self.assertNotIn(self.order.name, answers["wrong"][1])

    def _without_token(self, text):
        lines = text.splitlines()
        return "\n".join(line for line in lines if "csrf" not in line)

    def test_looking_writes_nothing(self):
        self._process(self.order.picking_ids)
        invoice = self.order._create_invoices()
        invoice.action_post()
        invoice.access_token = False  # as one that was posted before
        token = self.order._get_page_token()
        self.assertIn(
            f"access_token={invoice.access_token}", self.url_open(f"/order-status/view?token={token}").text
        )
        invoice.access_token = False
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute("SET LOCAL transaction_read_only = on")
            page = self.url_open(f"/order-status/view?token={token}")
            savepoint.rollback()
        self.assertIn(f'href="/my/invoices/{invoice.id}"', page.text)

    def test_limit_per_order_and_per_address(self):
        for limit in ("ORDER_LIMIT", "ADDRESS_LIMIT"):
            self.env["order.page.limit"].search([]).unlink()
            with self.subTest(limit=limit), patch.object(order_status, limit, (3, 900)):
                codes = [self._find(self.order.name, "99999").status_code for _try in range(5)]
                self.assertEqual(codes, [200, 200, 200, 429, 429])
                self.assertEqual(self._find(self.order.name, "10115").status_code, 429)

    def test_limit_ends(self):
        limits = self.env["order.page.limit"]
        self.assertEqual([limits._allow("t", "a", 2, 900) for _try in range(3)], [True, True, False])
        limits.search([]).expires_at = datetime(2020, 1, 1)
        limits.invalidate_model()
        limits.flush_model()
        self.assertTrue(limits._allow("t", "a", 2, 900))

    def test_forged_and_foreign_tokens(self):
        token = self.order._get_page_token()
        good = self.url_open(f"/order-status/view?token={token}")
        self.assertIn(self.order.name, good.text)
        for bad in ("", "x", token[:-2] + "AA", token[4:], "AQ" * 50):
            page = self.url_open(f"/order-status/view?token={bad}")
            self.assertNotIn(self.order.name, page.text, bad)

    def test_portal_routes_own_foreign_missing(self):
        other = new_test_user(self.env, login="of_portal", groups="base.group_portal")
        own = self._create_order([(self.chain, 1)], partner_id=other.partner_id.id)
        own.action_confirm()
        self.authenticate("of_portal", "of_portal")
        self.assertIn(own.name, self.url_open(f"/my/orders/{own.id}/status").text)
        foreign = self.url_open(f"/my/orders/{self.order.id}/status")
        missing = self.url_open("/my/orders/99999999/status")
        self.assertEqual(foreign.url, missing.url)
        self.assertNotIn(self.order.name, foreign.text)
        token = self.order._portal_ensure_token()
        page = self.url_open(f"/my/orders/{self.order.id}/status?access_token={token}")
        self.assertIn(self.order.name, page.text)
        page = self.url_open(f"/my/orders/{own.id}/status?access_token={token}")
        self.assertIn(own.name, page.text, "own order needs no token")

    def test_report_a_problem_with_a_script_in_it(self):
        self.authenticate(None, None)
        data = {
            "token": self.order._get_page_token(),
            "line_id": self.order.order_line.id,
            "text": "<script>alert(1)</script> bent",
            "csrf_token": Request.csrf_token(self),
        }
        page = self.url_open("/order-status/report", data=data)
        self.assertIn("Thank you", page.text)
        self.assertNotIn("<script>alert(1)", page.text)
        ticket = self.env["after.sales.ticket"].search([("sale_order_id", "=", self.order.id)])
        self.assertEqual(ticket.sale_line_id, self.order.order_line)
        self.assertEqual(ticket.description, "<script>alert(1)</script> bent", "plain text, shown escaped")
        self.assertNotIn("<script>alert(1)", self.url_open(ticket.get_portal_url()).text)

    def test_report_a_problem_without_support_is_a_note_on_the_order(self):
        self.env.ref("base.group_user").implied_ids -= self.env.ref("order_fulfilment.group_use_support")
        self.order._report_problem(self.order.order_line, "<script>alert(1)</script> <img src=x> bent")
        message = self.order.message_ids[0].body + self.order.activity_ids.note
        self.assertEqual(message.count("&lt;img src=x&gt; bent"), 2)
        self.assertNotIn("<script>", message)

    def test_line_of_another_order_is_not_taken(self):
        self.authenticate(None, None)
        other = self._create_order([(self.brake_pads, 1)])
        data = {
            "token": self.order._get_page_token(),
            "line_id": other.order_line.id,
            "text": "bent",
            "csrf_token": Request.csrf_token(self),
        }
        page = self.url_open("/order-status/report", data=data)
        self.assertNotIn(self.brake_pads.name, page.text)

    def test_open_drop_follows_the_promise_when_part_of_it_is_picked(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._create_order([(self.chain, 10)], commitment_date=datetime(2030, 1, 8, 11))
        order.action_confirm()
        self._process(order.picking_ids, 4)
        order.commitment_date = datetime(2030, 2, 15, 11)
        page = self.url_open(f"/order-status/view?token={order._get_page_token()}").text
        self.assertRegex(page, r"Planned\s+<span>\s*15 Feb|Planned\s+15 Feb")
        self.assertNotRegex(page, r"Planned\s+(<span>)?\s*(?!15 Feb)\d")
        drop = order._get_drops()
        drop.move_ids.date = datetime(2030, 3, 1, 11)
        self.assertEqual(drop._get_page_date(), datetime(2030, 3, 1, 11), "what is late is not hidden")

    def test_switched_off(self):
        group = self.env.ref("order_fulfilment.group_use_tracking")
        self.env.ref("base.group_user").implied_ids -= group
        self.assertEqual(self.url_open("/order-status").status_code, 404)
        page = self.url_open(f"/order-status/view?token={self.order._get_page_token()}")
        self.assertEqual(page.status_code, 404)


@tagged("post_install", "-at_install")
class TestNoticesAndApi(LedgerCase):
    def _mails(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.customer.ids)])

    def test_mail_when_a_promise_changes(self):
        order = self._confirmed(commitment_date=datetime(2030, 1, 8, 11))
        self.assertFalse(self._mails())
        order.with_context(promise_reason="Bridge closed").commitment_date = datetime(2030, 1, 9, 11)
        self.assertIn("Bridge closed", self._mails().body_html)

    def test_customer_chose_no_mail(self):
        self.customer.notice_promise = False
        order = self._confirmed(commitment_date=datetime(2030, 1, 8, 11))
        order.commitment_date = datetime(2030, 1, 9, 11)
        self.assertFalse(self._mails())

    def test_mails_when_shipped_and_arrived(self):
        self.customer.write({"notice_shipped": True, "notice_delivered": True})
        order = self._confirmed()
        self._process(order.picking_ids)
        self.assertIn("on its way", self._mails().subject)
        order.picking_ids.action_arrived()
        order.picking_ids.action_arrived()
        self.assertEqual(len(self._mails()), 2)

    def _texts(self):
        return self.env["sms.sms"].search([("partner_id", "in", self.customer.ids)])

    def test_sms_where_it_is_set_up_and_chosen(self):
        if "sms.sms" not in self.env:
            self.skipTest("Odoo's SMS module is not installed")
        self.customer.write({"notice_promise": False, "sms_promise": True, "sms_shipped": True})
        order = self._confirmed(commitment_date=datetime(2030, 1, 8, 11))
        order.commitment_date = datetime(2030, 1, 9, 11)
        self.assertFalse(self._texts(), "not before somebody sets it up")
        self.env["ir.config_parameter"].set_param("order_fulfilment.sms_notices", "True")
        order.commitment_date = datetime(2030, 1, 10, 11)
        self.assertIn("Thu 10 Jan", self._texts().body)
        self.assertFalse(self._mails())
        self._process(order.picking_ids)
        order.picking_ids.action_arrived()
        self.assertEqual(len(self._texts()), 2, "arrival was not chosen")
        self.assertEqual(set(self._texts().mapped("state")), {"outgoing"})

    def test_no_notices_at_all_and_taken_back(self):
        self.customer.delivery_notice = "none"
        order = self._confirmed(commitment_date=datetime(2030, 1, 8, 11))
        order.commitment_date = datetime(2030, 1, 9, 11)
        self.assertFalse(self._mails())
        self.customer._choose_notices({"notice_shipped", "name"})
        self.assertEqual((self.customer.notice_promise, self.customer.notice_shipped), (False, True))
        self._process(order.picking_ids)
        self.assertIn("on its way", self._mails().subject)

    def test_notice_goes_to_the_contact_for_notices(self):
        contact = self.env["res.partner"].create(
            {"name": "Dock", "parent_id": self.customer.id, "email": "dock@velo.test"}
        )
        self.customer.notice_contact_id = contact
        order = self._confirmed(commitment_date=datetime(2030, 1, 8, 11))
        order.commitment_date = datetime(2030, 1, 9, 11)
        self.assertFalse(self._mails())
        self.assertTrue(self.env["mail.mail"].search([("recipient_ids", "in", contact.ids)]))

    def test_get_fulfilment_is_plain(self):
        order = self._confirmed(commitment_date=datetime(2030, 1, 8, 11))
        order.user_id = self.user
        [answer] = order.with_user(self.user).get_fulfilment()
        self.assertEqual(json.loads(json.dumps(answer)), answer)
        self.assertEqual(answer["lines"][0]["standing"]["released"], 10)
        self.assertEqual(answer["promised"][1], "2030-01-08 11:00:00")
        order.user_id = self.manager
        with self.assertRaises(AccessError):
            order.with_user(self.user).get_fulfilment()
