from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import OrderFulfilmentCase


@tagged("post_install", "-at_install")
class TestNamedRecords(OrderFulfilmentCase):
    """A program that names records by something else than ids gets a typed answer from every method."""

    METHODS = (
        ("after.sales.ticket", "action_take"),
        ("after.sales.ticket", "action_view_order"),
        ("after.sales.return", "action_confirm"),
        ("after.sales.return.line", "action_send_back"),
        ("after.sales.recall", "action_trace"),
        ("sale.order", "check_gate"),
        ("sale.order", "confirm_checked"),
        ("sale.order", "action_view_tickets"),
        ("res.partner", "action_view_tickets"),
    )

    def test_odd_ids(self):
        for model, method in self.METHODS:
            for ids in (["x"], "x", [None], [True], {"a": 1}, [[1]], [1.5]):
                with (
                    self.subTest(f"{model}.{method} {ids}"),
                    self.assertRaisesRegex(UserError, "OF-RPC-001"),
                ):
                    call_kw(self.env[model], method, [ids], {})

    def test_one_record_too_few(self):
        for model, method, *arguments in (
            ("after.sales.ticket", "action_view_order"),
            ("after.sales.return.line", "action_send_back"),
            ("sale.order", "override_finding", "price_zero:1", "agreed on the phone"),
            ("sale.order", "fix_finding", "price_zero:1"),
        ):
            with self.subTest(method), self.assertRaisesRegex(UserError, "OF-RPC-002"):
                call_kw(self.env[model], method, [[], *arguments], {})
