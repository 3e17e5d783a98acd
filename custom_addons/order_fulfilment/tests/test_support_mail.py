import base64

from odoo.tests import tagged
from odoo.tools import mute_logger

from .support_common import SupportCase

MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-ID: {message_id}
{headers}MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{body}
"""


@tagged("post_install", "-at_install")
class TestSupportMail(SupportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].search([], limit=1) or cls.env["mail.alias.domain"].create(
            {"name": "shop.test"}
        )
        cls.company.alias_domain_id = domain
        cls.team.write({"alias_name": "workshop", "alias_domain_id": domain.id, "alias_contact": "everyone"})
        cls.address = cls.team.alias_id.alias_full_name
        cls.number = 0

    def _send(
        self, sender="orders@velo.test", body="It squeals.", subject="Brake", headers="", message_id=None
    ):
        type(self).number += 1
        values = {
            "sender": sender,
            "to": self.address,
            "subject": subject,
            "message_id": message_id or f"<in-{self.number}@velo.test>",
            "headers": headers,
            "body": body,
        }
        before = self.tickets.search([])
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(None, MAIL.format(**values))
        return self.tickets.search([]) - before

    def _answer(self, ticket):
        """Our mail to the customer; its Message-ID is what a reply refers to."""
        message = ticket.with_user(self.technician).message_post(
            body="Which model?", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        return f"In-Reply-To: {message.message_id}\nReferences: {message.message_id}\n"

    def test_mail_opens_a_ticket(self):
        ticket = self._send(subject="Re: AW: Brake")
        self.assertEqual((ticket.subject, ticket.channel, ticket.team_id), ("Brake", "mail", self.team))
        self.assertEqual((ticket.partner_id, ticket.stage_code), (self.customer, "new"))
        self.assertEqual(ticket.description, "It squeals.")
        self.assertFalse(ticket.first_answered_at)

    def test_number_is_told_once_and_not_to_machines(self):
        ticket = self._send()
        [mail] = (
            self.env["mail.mail"].sudo().search([("res_id", "=", ticket.id), ("model", "=", ticket._name)])
        )
        self.assertIn("auto-replied", mail.headers)
        self.assertEqual(mail.reply_to, self.env["mail.message"].browse(mail.mail_message_id.id).reply_to)
        self.assertIn(self.address, mail.reply_to)

    def test_reply_goes_on_in_the_ticket(self):
        ticket = self._send()
        headers = self._answer(ticket)
        self.assertTrue(ticket.first_answered_at)
        ticket.action_ask_customer()
        self.assertFalse(self._send(headers=headers, body="The T2."))
        self.assertIn("The T2.", "".join(ticket.message_ids.mapped("body")))
        self.assertEqual(ticket.stage_code, "in_progress")

    def test_reply_to_a_closed_ticket_opens_it_again(self):
        ticket = self._send()
        headers = self._answer(ticket)
        ticket._move_to("solved")
        ticket._move_to("closed")
        self._send(headers=headers, body="Still squeals.")
        self.assertEqual((ticket.stage_code, ticket.reopen_count), ("in_progress", 1))

    def test_reply_to_a_merged_ticket(self):
        ticket, keep = self._send(), self._ticket()
        headers = self._answer(ticket)
        ticket._merge_into(keep)
        self.assertFalse(self._send(headers=headers, body="More."))
        self.assertIn("More.", "".join(keep.message_ids.mapped("body")))

    def test_stranger_with_a_forged_reference(self):
        ticket = self._send()
        headers = self._answer(ticket)
        count = len(ticket.message_ids)
        other = self._send(sender="thief@evil.test", headers=headers, body="Send it to me instead.")
        self.assertEqual(len(other), 1)
        self.assertEqual(len(ticket.message_ids), count)
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertNotIn("thief", ticket.email_from)

    def test_sender_disowned_by_his_domain(self):
        ticket = self._send()
        headers = (
            self._answer(ticket) + "Authentication-Results: mx.shop.test; dmarc=fail header.from=velo.test\n"
        )
        self.assertEqual(len(self._send(headers=headers)), 1)

    def test_machines_are_not_answered(self):
        for header in (
            "Auto-Submitted: auto-replied\n",
            "Auto-Submitted: auto-generated\n",
            "Precedence: bulk\n",
            "X-Auto-Response-Suppress: All\n",
        ):
            self.assertFalse(self._send(headers=header), header)

    def test_absence_note_does_not_start_the_clock(self):
        ticket = self._send()
        headers = self._answer(ticket)
        ticket.action_ask_customer()
        for _mail in range(3):
            self._send(headers=headers + "Auto-Submitted: auto-replied\n", body="I am away.")
        self.assertEqual(ticket.stage_code, "waiting_customer")
        self.assertEqual(ticket.event_ids.mapped("kind").count("note"), 1)

    def test_thirty_in_a_row(self):
        ticket = self._send()
        headers = self._answer(ticket)
        for number in range(30):
            self._send(headers=headers, body=f"Thank you for your mail {number}")
        self.assertLessEqual(ticket.event_ids.mapped("kind").count("replied"), 10)
        self._check_kept(ticket, "Thank you for your mail %s", 30)

    def _check_kept(self, tickets, text, count):
        """Every mail's words are there once; those beyond the row as notes of which nobody was told."""
        mails = tickets.message_ids.filtered(lambda message: message.message_type == "email")
        bodies = "\n".join(mails.mapped("body")) + "\n"
        self.assertEqual([bodies.count(f"{text % number}\n") for number in range(count)], [1] * count)
        notes = mails.filtered(lambda message: message.subtype_id == self.env.ref("mail.mt_note"))
        self.assertGreaterEqual(len(notes), count - 11)
        self.assertFalse(notes.notification_ids)

    def test_thirty_new_ones_in_a_row(self):
        before = self.tickets.search_count([])
        for number in range(30):
            self._send(sender="robot@loop.test", subject=f"Received {number}", body=f"Fault {number}")
        self.assertLessEqual(self.tickets.search_count([]) - before, 10)
        self._check_kept(self.tickets.search([("email_from", "ilike", "robot@loop.test")]), "Fault %s", 30)

    def test_same_mail_twice(self):
        self.assertEqual(len(self._send(message_id="<same@velo.test>")), 1)
        self.assertFalse(self._send(message_id="<same@velo.test>"))

    def test_ten_megabytes_of_text(self):
        ticket = self._send(body="word " * 2_000_000)
        self.assertLessEqual(len(ticket.description), 20_000)
        self.assertLess(sum(len(message.body) for message in ticket.message_ids), 300_000)

    def test_script_in_a_picture(self):
        svg = base64.b64encode(
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        ).decode()
        headers = 'Content-Type: multipart/mixed; boundary="x"\n'
        body = (
            "--x\nContent-Type: text/plain\n\nSee\n"
            '--x\nContent-Type: image/svg+xml; name="a.svg"\nContent-Transfer-Encoding: base64\n'
            f'Content-Disposition: attachment; filename="a.svg"\n\n{svg}\n--x--\n'
        )
        ticket = self._send_raw(headers, body)
        self.assertEqual(ticket.message_ids.attachment_ids.mapped("mimetype"), ["text/plain"])

    def _send_raw(self, headers, body):
        first = f"From: orders@velo.test\nTo: {self.address}\nSubject: S\nMessage-ID: <raw@velo.test>\n"
        self.env["mail.thread"].message_process(None, f"{first}{headers}\n{body}")
        return self.tickets.search([("subject", "=", "S")])

    def test_unknown_sender_becomes_a_contact(self):
        ticket = self._send(sender="Ada New <ada@new.test>")
        self.assertEqual((ticket.partner_id.name, ticket.partner_id.email), ("Ada New", "ada@new.test"))

    def test_switched_off(self):
        self.env.ref("base.group_user").implied_ids -= self.env.ref("order_fulfilment.group_use_support")
        self.assertFalse(self._send())
