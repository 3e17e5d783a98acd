from unittest.mock import patch

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.order_fulfilment.controllers import portal_access, support

from .support_common import SupportCase


@tagged("post_install", "-at_install")
class TestSupportPageLimits(SupportCase, HttpCase):
    """How often somebody may try and write, and what a wrong key tells him: nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot, cls.order = cls._deliver_serial("SN-3001")
        cls.portal = cls._create_user("of_customer", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer
        cls.ticket = cls.env["after.sales.ticket"].create({"subject": "Noise", "partner_id": cls.customer.id})
        cls.startClassPatcher(patch.object(support, "ANSWER_AFTER", 0.0))
        cls.startClassPatcher(patch.object(support, "ORDER_LIMIT", (3, 900)))
        cls.startClassPatcher(patch.object(portal_access, "REPORT_LIMIT", (2, 900)))

    def _post(self, path, **data):
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(path, data=data, allow_redirects=False)

    def test_all_spellings_of_a_reference_count_together(self):
        self.order.client_order_ref = "PO-77"
        self.authenticate(None, None)
        spellings = ("PO-77", "po 77", "P.O. 77", "PO_77", "P-O-77")
        codes = [self._post("/support", reference=name, post_code="1").status_code for name in spellings]
        self.assertEqual(codes, [200, 200, 200, 429, 429])
        self.assertEqual(self._post("/support", reference="PO-78", post_code="1").status_code, 200)

    def test_too_many_replies_by_link_do_not_silence_who_has_logged_in(self):
        self.authenticate(None, None)
        reply = {"access_token": self.ticket._portal_ensure_token(), "text": "Still noisy"}
        path = f"/my/tickets/{self.ticket.id}/reply"
        self.assertEqual([self._post(path, **reply).status_code for _try in range(3)], [303, 303, 429])
        self.authenticate("of_customer", "of_customer")
        codes = [self._post(path, text="It is me").status_code for _try in range(3)]
        self.assertEqual(codes, [303, 303, 429])

    def test_a_key_of_odd_letters_tells_nothing(self):
        self.authenticate(None, None)
        for key in ("é", "\u0661"):
            for path in ("/my/orders/%s/status", "/my/orders/%s/ticket", "/my/tickets/%s"):
                known = self.order.id if "orders" in path else self.ticket.id
                answers = [
                    self.url_open(f"{path % number}?access_token={key}", allow_redirects=False)
                    for number in (known, 99999999)
                ]
                self.assertEqual(
                    [(page.status_code, page.headers["Location"]) for page in answers],
                    [(303, answers[1].headers["Location"])] * 2,
                )
