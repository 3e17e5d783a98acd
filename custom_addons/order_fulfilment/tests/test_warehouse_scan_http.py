import json

from odoo.tests import HttpCase, new_test_user, tagged

HEADERS = {"Content-Type": "application/json"}


@tagged("post_install", "-at_install")
class TestWarehouseScanHttp(HttpCase):
    """The ways in: who may, who may not, and what makes the page an app."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picker = new_test_user(cls.env, "of_http_picker", groups="order_fulfilment.group_warehouse")
        cls.clerk = new_test_user(cls.env, "of_http_clerk", groups="base.group_user")
        cls.customer = new_test_user(cls.env, "of_http_portal", groups="base.group_portal")

    def _scan(self, **values):
        body = {"params": {"scan_id": "http", "task": ["stock.picking", 10**8], **values}}
        answer = self.url_open("/order_fulfilment/scan", json.dumps(body), headers=HEADERS).json()
        return answer["error"]["data"]

    def test_a_stranger_is_asked_to_log_in(self):
        self.assertEqual(self._scan()["name"], "odoo.http.SessionExpiredException")

    def test_who_may_not_pick_learns_nothing(self):
        for login in ("of_http_clerk", "of_http_portal"):
            self.authenticate(login, login)
            with self.subTest(login=login):
                self.assertIn("OF-WH-035", self._scan()["message"])
                self.assertEqual(self.url_open("/order_fulfilment/scan/app").status_code, 404)

    def test_a_picker_is_told_that_a_task_is_none(self):
        self.authenticate("of_http_picker", "of_http_picker")
        self.assertIn("OF-WH-033", self._scan()["message"])
        self.assertIn("OF-WH-032", self._scan(task=["res.users", 1])["message"])

    def test_the_page_names_its_manifest_and_holds_no_tasks(self):
        self.authenticate("of_http_picker", "of_http_picker")
        page = self.url_open("/order_fulfilment/scan/app")
        self.assertEqual(page.status_code, 200)
        self.assertIn("/order_fulfilment/scan/manifest.webmanifest", page.text)
        self.assertIn("no-cache", page.headers["Cache-Control"])

    def test_manifest_and_worker_keep_to_the_scope_of_the_app(self):
        manifest = self.url_open("/order_fulfilment/scan/manifest.webmanifest").json()
        self.assertEqual(manifest["scope"], "/order_fulfilment/scan/")
        self.assertTrue(manifest["start_url"].startswith(manifest["scope"]))
        worker = self.url_open("/order_fulfilment/scan/service-worker.js")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/order_fulfilment/scan/")
        self.assertEqual(worker.headers["Content-Type"].split(";")[0], "text/javascript")
