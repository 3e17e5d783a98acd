import uuid

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .support_cure_common import CureCase


@tagged("post_install", "-at_install")
class TestReturnScan(CureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picker = cls._create_user("of_picker", "order_fulfilment.group_warehouse")
        cls.chain.barcode = "4012345999993"

    def _scan(self, picking, barcode, key=None):
        scans = self.env["warehouse.scan"].with_user(self.picker)
        return scans.scan(key or str(uuid.uuid4()), ["stock.picking", picking.id], barcode)

    def test_the_floor_receives_by_scan(self):
        order = self._return({"lot_id": self.serials[0].id}, {"product_id": self.chain.id, "quantity": 2})
        order.action_confirm()
        picking = order.sudo().picking_ids
        tasks = self.env["warehouse.scan"].with_user(self.picker).tasks()
        self.assertIn(["stock.picking", picking.id], [task["task"] for task in tasks])
        foreign = self._scan(picking, "SN2")["message"]
        self.assertEqual((foreign["code"], foreign["type"]), ("unknown_return", "danger"))
        self.assertEqual(self._scan(picking, "SN1")["message"]["code"], "return_line_done")
        key = str(uuid.uuid4())
        first = self._scan(picking, "4012345999993", key)
        self.assertEqual(self._scan(picking, "4012345999993", key), first, "a repeat counts once")
        self.assertEqual(first["message"]["code"], "return_counted")
        self.assertEqual(self._scan(picking, "4012345999993")["message"]["code"], "return_done")
        self.assertEqual((picking.state, order.state), ("done", "in_progress"))

    def test_a_received_return_leaves_a_batch_that_goes_on(self):
        """Odoo's own button takes it out; receiving by scan goes past it."""
        orders = [self._return({"product_id": self.chain.id, "quantity": 1}) for _ in range(2)]
        for order in orders:
            order.action_confirm()
        first, second = (order.sudo().picking_ids for order in orders)
        first.picking_type_id.sudo().write({"auto_batch": True, "batch_group_by_partner": True})
        self.assertEqual(first._find_auto_batch(), second.batch_id)
        self._scan(first, "4012345999993")
        self.assertEqual(
            (first.state, first.batch_id, len(second.batch_id)), ("done", second.batch_id[:0], 1)
        )
        third = self._return({"product_id": self.chain.id, "quantity": 1})
        third.action_confirm()
        self.assertEqual(third.sudo().picking_ids.batch_id, second.batch_id)

    def test_the_app_is_shown_what_is_announced(self):
        order = self._return({"lot_id": self.serials[0].id}, {"product_id": self.chain.id, "quantity": 2})
        order.action_confirm()
        picking = order.sudo().picking_ids
        scans = self.env["warehouse.scan"].with_user(self.picker)
        [task] = [task for task in scans.tasks() if task["task"] == ["stock.picking", picking.id]]
        self.assertIn(order.name, task["codes"])
        opened = scans.scan(str(uuid.uuid4()), task["task"], action="open")
        self.assertEqual([line["is_done"] for line in opened["data"]["receipt"]], [False, False])
        self._scan(picking, "4012345999993")
        lines = {line["product"]: line for line in self._scan(picking, "SN1")["data"]["receipt"]}
        self.assertEqual([lines[self.bike.display_name][name] for name in ("lot", "is_done")], ["SN1", True])
        self.assertEqual(lines[self.chain.display_name]["received"], 1)

    def test_only_the_warehouse_scans(self):
        order = self._return({"lot_id": self.serials[0].id})
        order.action_confirm()
        scans = self.env["warehouse.scan"].with_user(self.technician)
        with self.assertRaises(AccessError):
            scans.scan("1", ["stock.picking", order.sudo().picking_ids.id], "SN1")


@tagged("post_install", "-at_install")
class TestReturnPortal(CureCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_user("of_buyer", "base.group_portal")
        cls.buyer.partner_id.parent_id = cls.customer
        cls.stranger = cls._create_user("of_stranger", "base.group_portal")
        cls.rma = cls.env["after.sales.return"].create(
            {"partner_id": cls.customer.id, "line_ids": [(0, 0, {"lot_id": cls.serials[0].id})]}
        )
        cls.rma.action_confirm()

    def _get(self, url, login=None):
        self.authenticate(login, login)
        return self.url_open(url, allow_redirects=False)

    def test_own_foreign_missing_and_by_link(self):
        url = f"/my/returns/{self.rma.id}"
        self.assertIn("SN1", self._get(url, "of_buyer").text)
        self.assertEqual(self._get(url + "/label", "of_buyer").headers["Content-Type"], "application/pdf")
        for login in ("of_stranger", None):
            foreign = self._get(url, login)
            missing = self._get("/my/returns/98765432", login)
            self.assertEqual((foreign.status_code, foreign.text), (missing.status_code, missing.text))
            self.assertNotEqual(foreign.status_code, 200)
        token = self.rma._portal_ensure_token()
        self.assertEqual(self._get(f"{url}?access_token={token}").status_code, 200)
        self.assertNotEqual(self._get(f"{url}?access_token={'0' * 32}").status_code, 200)

    def test_the_customer_asks_for_what_is_theirs_only(self):
        rows = self.env["after.sales.return"]._get_returnable(self.buyer.partner_id)
        self.assertEqual({row["serial"] for row in rows}, {"SN2", "SN3", ""})
        ask = self.env["after.sales.return"]._ask_from_portal
        self.assertFalse(ask(self.stranger.partner_id, {rows[0]["key"]: 1.0}, "defect", ""))
        chain = next(row["key"] for row in rows if not row["serial"])
        order = ask(self.buyer.partner_id, {chain: 99.0, "nonsense": 1.0}, "defect", "<b>note</b>")
        self.assertEqual((order.state, order.line_ids.quantity), ("draft", 10))

    def test_the_recall_page_is_answered_by_its_own_customer(self):
        recall = self.env["after.sales.recall"].create(
            {"subject": "Cells", "message": "Stop.", "lot_ids": [(6, 0, self.serials[1].ids)]}
        )
        recall.action_trace()
        recall.action_notify()
        notice = recall.notice_ids
        url = f"/recall/{notice.id}?access_token={notice._portal_ensure_token()}"
        self.assertIn("SN2", self._get(url).text)
        self.assertFalse(notice.answer)
        self.assertNotEqual(self._get(f"/recall/{notice.id}", "of_stranger").status_code, 200)
        self.assertEqual(self._get(f"/recall/{notice.id}", "of_buyer").status_code, 200)
