import re

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import JitCase


@tagged("post_install", "-at_install")
class TestPromisePortal(JitCase, HttpCase):
    """The customer chooses a window on the quotation; the first slot is full."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["delivery.slot"].search([("id", "!=", cls.slot.id)]).active = False
        cls.later = cls._create_slot(cls.slot.stop, capacity_drops=2)
        cls.slot.capacity_drops = 1
        cls._stock(cls.chain, 10)
        cls.order = cls._create_order([(cls.chain, 4)])
        cls.order._portal_ensure_token()
        cls.portal = cls.env["res.users"].create(
            {
                "name": "Jule",
                "login": "jit_portal",
                "password": "jit_portal_1",
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                "partner_id": cls.customer.id,
            }
        )

    def setUp(self):
        super().setUp()
        self._hold("other", slot=self.slot)
        self.page = f"/my/orders/{self.order.id}/windows"

    def _take(self, **values):
        page = self.url_open(self.page, allow_redirects=True)
        token = re.search(r'csrf_token" value="([^"]+)"', page.text)
        data = {"csrf_token": token.group(1) if token else "", **values}
        return self.url_open(self.page, data=data, allow_redirects=False)

    def test_customer_sees_windows_and_why_earlier_ones_fail(self):
        self.authenticate("jit_portal", "jit_portal_1")
        page = self.url_open(self.page).text
        self.assertIn("(drops) is full", page)
        self.assertIn(f'name="slot" value="{self.later.id}"', page)
        self.assertNotIn(f'name="slot" value="{self.slot.id}"', page)

    def test_choosing_promises_and_holds(self):
        self.authenticate("jit_portal", "jit_portal_1")
        answer = self._take(slot=self.later.id, start=str(self.later.start))
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.order.delivery_slot_id, self.later)
        self.assertEqual(self.later.held_drops, 1)
        self.assertIn(self.order.delivery_window_local, self.url_open(self.order.get_portal_url()).text)

    def test_slot_that_filled_up_meanwhile_is_refused_and_nothing_is_written(self):
        self.authenticate("jit_portal", "jit_portal_1")
        self._hold("two", slot=self.later, drops=2)
        other = self._create_slot(self.later.stop, capacity_drops=1)
        answer = self._take(slot=self.later.id, start=str(self.later.start))
        self.assertEqual((answer.status_code, self.order.slot_hold_key), (200, False))
        self.assertIn("JD-PRM-005", answer.text)
        self.assertIn(f'name="slot" value="{other.id}"', answer.text)
        self.assertFalse(self.order.promise_ids)

    def test_foreign_and_missing_orders_look_alike(self):
        stranger = self._create_order([(self.chain, 1)])
        stranger.partner_id = self.env["res.partner"].create({"name": "Somebody else"})
        self.authenticate("jit_portal", "jit_portal_1")
        for order_id in (stranger.id, 987654321):
            answer = self.url_open(f"/my/orders/{order_id}/windows", allow_redirects=False)
            self.assertEqual((answer.status_code, answer.headers["Location"][-3:]), (303, "/my"))

    def test_link_with_token_needs_no_login(self):
        self.authenticate(None, None)
        self.assertEqual(self.url_open(self.page, allow_redirects=False).status_code, 303)
        self.page += f"?access_token={self.order.access_token}"
        self.assertIn("Choose", self.url_open(self.page).text)
        answer = self._take(slot=self.later.id, access_token=self.order.access_token)
        self.assertEqual((answer.status_code, self.order.delivery_slot_id), (303, self.later))

    def test_confirmed_orders_are_not_moved_by_the_customer(self):
        self.order.action_confirm()
        self.authenticate("jit_portal", "jit_portal_1")
        self.assertEqual(self.url_open(self.page, allow_redirects=False).status_code, 303)

    def test_page_is_gone_when_the_capability_is_off(self):
        slots = self.env.ref("jit_delivery.group_use_slots")
        self.env.ref("base.group_user").implied_ids -= slots
        self.authenticate("jit_portal", "jit_portal_1")
        self.assertEqual(self.url_open(self.page, allow_redirects=False).status_code, 303)
