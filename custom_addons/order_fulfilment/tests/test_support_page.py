from odoo.tests import HttpCase, tagged

from .support_common import SupportCase


@tagged("post_install", "-at_install")
class TestSupportPage(SupportCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot, cls.order = cls._deliver_serial("SN-3001")
        cls.portal = cls._create_user("of_customer", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer

    def _csrf(self, page):
        return page.text.split('name="csrf_token" value="')[1].split('"')[0]

    def _find(self, reference, post_code="10115"):
        page = self.url_open("/support")
        values = {"reference": reference, "post_code": post_code, "csrf_token": self._csrf(page)}
        return self.url_open("/support", data=values)

    def _send(self, page, **form):
        values = {"csrf_token": self._csrf(page), "token": page.url.split("token=")[1], **form}
        return self.url_open("/support/new", data=values)

    def test_customer_reports_through_the_public_page(self):
        page = self._find("sn-3001")
        self.assertIn("SN-3001", page.text)
        category = self.env.ref("order_fulfilment.after_sales_category_question")
        page = self._send(page, subject="Which oil?", text="<b>Bold</b>", category_id=str(category.id))
        ticket = self.env["after.sales.ticket"].search([("lot_id", "=", self.lot.id)])
        self.assertIn(ticket.name, page.text)
        self.assertEqual((ticket.channel, ticket.partner_id), ("public", self.customer))
        self.assertEqual((ticket.sale_order_id, ticket.category_id), (self.order, category))
        self.assertIn("&lt;b&gt;Bold", page.text)

    def test_form_says_what_is_missing(self):
        page = self._find(self.order.name)
        category = self.env.ref("order_fulfilment.after_sales_category_defect")
        page = self._send(page, subject="Broken", category_id=str(category.id))
        self.assertIn("OF-TKT-031", page.text)
        self.assertIn('value="Broken"', page.text)
        self.assertFalse(self.env["after.sales.ticket"].search([("sale_order_id", "=", self.order.id)]))

    def test_wrong_post_code_looks_like_unknown_number(self):
        wrong, unknown = self._find("SN-3001", "99999"), self._find("SN-NONE", "10115")
        self.assertIn("We know no delivery", wrong.text)
        self.assertIn("We know no delivery", unknown.text)
        self.assertNotIn("SN-3001", wrong.text)

    def test_a_serial_of_two_products_and_small_letters(self):
        other = self.env["res.partner"].create({"name": "Other", "zip": "8011"})
        lot, order = self._deliver_serial("SN-3002", other)
        (lot | self.lot).name = "sn-30xy"
        self.assertEqual(self.tickets._find_for_page("sn-30xy", "8011"), (order, lot))
        self.assertEqual(self.tickets._find_for_page(" sn-30xy", "10115"), (self.order, self.lot))
        self.assertFalse(any(self.tickets._find_for_page("sn-30xy", "1")))

    def test_portal_user_sees_his_tickets_only(self):
        mine = self._ticket(subject="Mine")
        other = self.env["res.partner"].create({"name": "Other"})
        foreign = self._ticket(subject="Not mine", partner_id=other.id)
        self.authenticate("of_customer", "of_customer")
        page = self.url_open("/my/tickets")
        self.assertIn(mine.name, page.text)
        self.assertNotIn(foreign.name, page.text)
        self.assertIn("Mine", self.url_open(f"/my/tickets/{mine.id}").text)
        answer = self.url_open(f"/my/tickets/{foreign.id}", allow_redirects=False)
        missing = self.url_open("/my/tickets/987654321", allow_redirects=False)
        self.assertEqual((answer.status_code, answer.headers["Location"]), (303, missing.headers["Location"]))

    def test_ticket_of_another_company_is_seen_by_its_link_alone(self):
        company = self.env["res.company"].create({"name": "Second"})
        ticket = self._ticket(subject="At the second").sudo()
        team = self.env["after.sales.team"].with_company(company).create({"name": "There"})
        ticket.write({"company_id": company.id, "team_id": team.id})
        self.authenticate("of_customer", "of_customer")
        self.assertNotIn(ticket.name, self.url_open("/my/tickets").text)
        there = self.url_open(f"/my/tickets/{ticket.id}", allow_redirects=False)
        missing = self.url_open("/my/tickets/987654321", allow_redirects=False)
        self.assertEqual((there.status_code, there.headers["Location"]), (303, missing.headers["Location"]))
        link = f"/my/tickets/{ticket.id}?access_token={ticket._portal_ensure_token()}"
        self.assertIn("At the second", self.url_open(link).text)

    def test_reply_opens_again(self):
        ticket = self._ticket(subject="Mine")
        ticket._move_to("solved")
        self.authenticate("of_customer", "of_customer")
        page = self.url_open(f"/my/tickets/{ticket.id}")
        values = {"csrf_token": self._csrf(page), "text": "Still broken"}
        page = self.url_open(f"/my/tickets/{ticket.id}/reply", data=values)
        self.assertIn("Still broken", page.text)
        self.assertEqual(ticket.stage_code, "in_progress")
        self.assertEqual(ticket._get_page_messages()[-1:].author_id, self.portal.partner_id)

    def test_notes_among_us_stay_with_us(self):
        ticket = self._ticket(subject="Mine")
        ticket.message_post(body="He is difficult", subtype_xmlid="mail.mt_note")
        page = self.url_open(f"/my/tickets/{ticket.id}?access_token={ticket.access_token}")
        self.assertIn("Mine", page.text)
        self.assertNotIn("difficult", page.text)

    def test_picture_with_a_script_is_a_file(self):
        page = self._find("SN-3001")
        question = self.env.ref("order_fulfilment.after_sales_category_question")
        values = {"csrf_token": self._csrf(page), "token": page.url.split("token=")[1], "subject": "See"}
        files = {"files": ("<img src=x>.svg", b"<svg><script>alert(1)</script></svg>", "image/svg+xml")}
        self.url_open("/support/new", data={**values, "category_id": str(question.id)}, files=files)
        ticket = self.env["after.sales.ticket"].search([("subject", "=", "See")])
        [file] = ticket.message_ids.attachment_ids
        self.assertEqual((file.mimetype, file.name), ("text/plain", "_img src=x_.svg"))

    def test_report_on_the_order_page_opens_a_ticket(self):
        words = self.order.sudo()._report_problem(self.order.order_line, "Chain missing")
        ticket = self.env["after.sales.ticket"].search([("sale_order_id", "=", self.order.id)])
        self.assertIn(ticket.name, words)
        self.assertEqual(ticket.sale_line_id, self.order.order_line)
        self.assertTrue(self.order.has_open_ticket)
        [row] = self.env["fulfilment.tower"].search([("order_id", "=", self.order.id)])
        fix = row._fix_ticket()
        self.assertEqual((fix["res_model"], fix["res_id"]), ("after.sales.ticket", ticket.id))
        self.order.sudo()._report_problem(self.order.order_line, "And a pedal")
        self.assertEqual(self.env["after.sales.ticket"].search_count(row._fix_ticket()["domain"]), 2)

    def test_mark_does_not_open_the_ticket_again(self):
        ticket = self._ticket()
        ticket._move_to("solved")
        token = ticket._rating_get_access_token()
        page = self.url_open(f"/rate/{token}/5")
        self.assertEqual(page.status_code, 200)
        ticket.sudo().rating_apply(5, token=token, feedback="Thanks")
        self.assertEqual((ticket.stage_code, ticket.rating_last_value), ("solved", 5))

    def test_switched_off(self):
        self.env.ref("base.group_user").implied_ids -= self.env.ref("order_fulfilment.group_use_support")
        self.assertEqual(self.url_open("/support").status_code, 404)
