import contextlib
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.order_fulfilment.models.tracking import fulfilment_event_delivery
from odoo.addons.order_fulfilment.tools.tracking import webhook

from .test_tracking_ledger import LedgerCase


class Receiver(BaseHTTPRequestHandler):
    """Answers with the next of ``server.answers`` (200 when there are none) and keeps what it got."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        answer = self.server.answers.pop(0) if self.server.answers else 200
        if answer == "slow":
            time.sleep(1)
            answer = 200
        self.send_response(answer)
        if answer == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # who asked may have hung up
            self.wfile.write(b"as you say")

    def log_message(self, *_args):
        pass


class WebhookCase(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        cls.server.got, cls.server.answers = [], []
        thread = threading.Thread(target=cls.server.serve_forever, daemon=True)
        thread.start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        cls.env["ir.config_parameter"].set_param("order_fulfilment.webhook_allow_private", "True")
        cls.url = f"http://127.0.0.1:{cls.server.server_port}/orders?from=us"
        cls.hook = cls.env["fulfilment.webhook"].create({"name": "Portal", "url": cls.url})
        cls.startClassPatcher(
            patch.object(cls.env.registry["ir.cron"], "_commit_progress", return_value=1000.0)
        )

    def setUp(self):
        super().setUp()
        self.server.got.clear()
        self.server.answers.clear()

    def _commit(self):
        """What a commit does before it commits."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _deliveries(self, order):
        return self.env["fulfilment.event.delivery"].search([("order_id", "=", order.id)], order="id")

    def _send(self):
        self.env["fulfilment.event.delivery"]._cron_send()
        return [json.loads(body) for _headers, body in self.server.got]

    def _told_order(self):
        order = self._confirmed()
        self._commit()
        return order


@tagged("post_install", "-at_install")
class TestWebhook(WebhookCase):
    def test_each_step_once_and_signed(self):
        order = self._told_order()
        self._commit()
        self._process(order.picking_ids, 6)
        self._commit()
        told = [event for event in self._send() if event["order"]["id"] == order.id]
        self.assertEqual([event["number"] for event in told], [1, 2])
        self.assertEqual([event["order"]["status"] for event in told], ["released", "part_shipped"])
        self.assertEqual(told[1]["order"]["lines"][0]["standing"]["shipped"], 6)
        headers, body = self.server.got[0]
        self.assertEqual(headers["X-Fulfilment-Event"], json.loads(body)["event"])
        signed = headers["X-Fulfilment-Signature"]
        self.assertTrue(webhook.is_signed(self.hook.secret, signed, body, int(time.time())))
        self.assertFalse(webhook.is_signed(self.hook.secret, signed, body + b" ", int(time.time())))
        self.assertEqual(set(self._deliveries(order).mapped("state")), {"done"})
        self.server.got.clear()
        self.assertEqual(self._send(), [])

    def test_old_and_new_secret_are_both_valid_for_a_day(self):
        old = self.hook.secret
        self.hook.action_new_secret()
        self._told_order()
        self._send()
        headers, body = self.server.got[0]
        for secret in (old, self.hook.secret):
            self.assertTrue(
                webhook.is_signed(secret, headers["X-Fulfilment-Signature"], body, int(time.time()))
            )
        self.hook.previous_secret_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.hook._get_secrets(), [self.hook.secret])

    def test_failure_is_tried_again_later_and_holds_back_its_order(self):
        order, other = self._told_order(), self._told_order()
        self._process(order.picking_ids)
        self._commit()
        self.server.answers[:] = [500]
        self.assertEqual(len(self._send()), 2, "the other order goes on, the second step waits")
        first, second = self._deliveries(order)
        self.assertEqual((first.state, first.failures, second.state), ("waiting", 1, "waiting"))
        self.assertIn("500 as you say", first.last_answer)
        self.assertEqual(self._deliveries(other).state, "done")
        first.sudo().next_try_at = fields.Datetime.now() - timedelta(seconds=1)
        repeated = self._send()[2:]
        self.assertEqual([event["number"] for event in repeated], [1, 2])
        self.assertEqual(repeated[0]["event"], first.event_id.event_key, "a repetition has the same key")

    def test_back_off_grows_until_it_is_given_up(self):
        order = self._told_order()
        delivery = self._deliveries(order)
        waited = []
        for _try in range(len(webhook.BACK_OFF) + 1):
            before = fields.Datetime.now()
            delivery._note_failure("no")
            waited.append(round((delivery.next_try_at - before).total_seconds() / 60))
        self.assertEqual(waited[:-1], list(webhook.BACK_OFF))
        self.assertEqual(delivery.state, "dead")
        self._process(order.picking_ids)
        self._commit()
        self.assertEqual(self._send(), [], "what was given up holds back its order")
        delivery.action_skip()
        self.assertEqual([event["number"] for event in self._send()], [2])
        with self.assertRaisesRegex(UserError, r"\[OF-HOOK-005\]"):
            delivery.action_retry()

    def test_given_up_and_sent_again_by_hand(self):
        delivery = self._deliveries(self._told_order())
        delivery.write({"state": "dead", "failures": 9})
        delivery.action_retry()
        self._send()
        self.assertEqual((delivery.state, delivery.failures), ("done", 0))

    def test_redirect_is_not_followed(self):
        delivery = self._deliveries(self._told_order())
        self.server.answers[:] = [302]
        self._send()
        self.assertEqual((delivery.state, len(self.server.got)), ("waiting", 1))
        self.assertIn("redirects are not followed", delivery.last_answer)

    def test_slow_receiver_is_not_waited_for(self):
        delivery = self._deliveries(self._told_order())
        self.server.answers[:] = ["slow"]
        hasty = lambda *args, **options: webhook_post(*args, **options, seconds=0.2)  # noqa: E731
        webhook_post = webhook.post
        with patch.object(webhook, "post", hasty):
            self._send()
        self.assertEqual((delivery.state, delivery.failures), ("waiting", 1))

    def test_receiver_that_is_down_gets_a_pause_and_others_do_not_wait(self):
        for _order in range(5):
            self._told_order()
        self.server.answers[:] = [503] * 5
        self._send()
        self.assertEqual(len(self.server.got), fulfilment_event_delivery.FAILURES_TO_PAUSE)
        self.assertTrue(self.hook._is_paused())
        self.hook.action_resume()
        self.server.answers.clear()
        self._send()
        self.assertEqual(set(self.hook.delivery_ids.mapped("state")), {"done"})

    def test_private_address_needs_the_setting(self):
        self.env["ir.config_parameter"].set_param("order_fulfilment.webhook_allow_private", "False")
        delivery = self._deliveries(self._told_order())
        self._send()
        self.assertEqual(self.server.got, [])
        self.assertIn("private address", delivery.last_answer)

    def test_only_for_the_customers_named(self):
        self.hook.partner_ids = self.env["res.partner"].create({"name": "Someone else"})
        self.assertFalse(self._deliveries(self._told_order()))

    def test_bad_addresses_and_secret(self):
        for url in ("ftp://a.test/x", "file:///etc/passwd", "javascript:alert(1)", "https://", "http://a b/"):
            with self.assertRaisesRegex(ValidationError, r"\[OF-HOOK-001\]"), self.env.cr.savepoint():
                self.hook.url = url
        with self.assertRaisesRegex(ValidationError, r"\[OF-HOOK-002\]"), self.env.cr.savepoint():
            self.hook.url = "https://user:pass@receiver.test/"
        with self.assertRaisesRegex(ValidationError, r"\[OF-HOOK-003\]"), self.env.cr.savepoint():
            self.hook.secret = "short"

    def test_secret_and_address_are_not_for_everyone(self):
        self.assertEqual(self.hook.with_user(self.manager).name, "Portal")
        for name in ("secret", "url"):
            with self.assertRaises(AccessError):
                self.hook.with_user(self.manager).read([name])
        with self.assertRaises(AccessError):
            self.hook.with_user(self.user).read(["name"])
        with self.assertRaises(AccessError):
            self.hook.with_user(self.manager).action_new_secret()
        with self.assertRaises(AccessError):
            self._deliveries(self._told_order()).with_user(self.manager).action_skip()

    def test_nobody_listens_nothing_is_written(self):
        self.hook.active = False
        order = self._told_order()
        self.assertFalse(self.env["fulfilment.event"].search([("order_id", "=", order.id)]))
