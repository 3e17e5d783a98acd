from itertools import count

from odoo.fields import Command

from .common import OrderFulfilmentCase


class EntryGateCase(OrderFulfilmentCase):
    """Strict checks, and an order with which nothing is wrong."""

    numbers = count(1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Check = cls.env["order.check"]
        cls.Check._apply_preset("strict")
        cls.Check._by_code("discount_over_limit").number = 5
        cls.company.partner_id.tz = "Europe/Berlin"
        cls.customer.write(
            {"vat": "DE136695976", "order_reference_required": True, "ref": "C-100", "tz": "Europe/Berlin"}
        )
        cls.chain.write({"volume": 0.01, "standard_price": 5.0})
        cls.earlier_order = cls._clean_order(client_order_ref="PO-EARLIER", quantity=12)

    @classmethod
    def _clean_lines(cls, quantity=13):
        return [Command.create({"product_id": cls.chain.id, "product_uom_qty": quantity})]

    @classmethod
    def _clean_order(cls, quantity=13, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "client_order_ref": f"NR-{next(cls.numbers)}",
                "user_id": cls.user.id,
                "order_line": cls._clean_lines(quantity),
                **values,
            }
        )

    def _codes(self, order):
        """Return the codes of the checks that find something."""
        return [finding["check"] for finding in order.check_gate()[0]["findings"]]

    def _keys(self, order):
        return [finding["key"] for finding in order.check_gate()[0]["findings"]]
