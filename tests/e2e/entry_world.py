"""A shop with one customer and one product per fault, made over XML-RPC, so that all faults live side by
side.

``FAULTS`` says for each check what is spoiled on which record; everything else is complete and right.
"""

from datetime import date, timedelta
from itertools import count

CUSTOMER = {
    "is_company": True,
    "street": "Testweg 1",
    "zip": "10115",
    "city": "Berlin",
    "vat": "DE136695976",
    "email": "orders@customer.test",
    "phone": "+49 30 1234567",
    "order_reference_required": True,
    "tz": "Europe/Berlin",
}
PRODUCT = {
    "type": "consu",
    "list_price": 20.0,
    "standard_price": 5.0,
    "weight": 1.0,
    "volume": 0.01,
    "taxes_id": [(5,)],
}


def _day(offset):
    return f"{date.today() + timedelta(days=offset)} 12:00:00"


def _next_saturday():
    today = date.today()
    return f"{today + timedelta(days=(5 - today.weekday()) % 7 + 7)} 12:00:00"


# check: what is spoiled, by record; "$name" is the id of a record that World makes
FAULTS = {
    "no_lines": {"order": {"order_line": []}},
    "reference_missing": {"order": {"client_order_ref": False}},
    "reference_duplicate": {
        "twin": {"client_order_ref": "PO-00123"},
        "order": {"client_order_ref": "p0 123"},
    },
    "same_content": {"twin": {}},
    "customer_on_hold": {"customer": {"order_hold": True, "order_hold_reason": "unpaid"}},
    "credit_limit": {"customer": {"credit_limit": 1.0}},
    "payment_term_not_allowed": {
        "customer": {"allowed_payment_term_ids": "$agreed"},
        "order": {"payment_term_id": "$other"},
    },
    "notice_contact_missing": {"customer": {"email": False, "phone": False}},
    "address_incomplete": {"customer": {"street": False}},
    "zip_format": {"customer": {"zip": "1011 AB"}},
    "carrier_unreachable": {"order": {"carrier_id": "$french_carrier"}},
    "weight_missing": {"product": {"weight": 0}, "order": {"carrier_id": "$weighing_carrier"}},
    "volume_missing": {"product": {"volume": 0}, "order": {"carrier_id": "$measuring_carrier"}},
    "vat_missing": {"customer": {"vat": False}},
    "vat_invalid": {"customer": {"vat": "DE136695977"}},
    "fiscal_mismatch": {"order": {"fiscal_position_id": "$french_position"}},
    "product_not_sold": {"product": {"sale_ok": False}},
    "options_incomplete": {"options": True},
    "unit_mismatch": {"line": {"product_uom_id": "$kilogram"}},
    "quantity_not_positive": {"line": {"product_uom_qty": 0}},
    "quantity_minimum": {"rule": {"qty_min": 50}},
    "quantity_multiple": {"rule": {"qty_multiple": 7}},
    "quantity_band": {"rule": {"qty_agreed": 100, "flex_up": 5, "flex_down": 5}},
    "price_zero": {"line": {"price_unit": 0}},
    "price_under_cost": {"product": {"standard_price": 30}},
    "price_off_list": {"line": {"price_unit": 40}},
    "discount_over_limit": {"line": {"discount": 8}},
    "date_past": {"order": {"commitment_date": _day(-5)}},
    "date_too_early": {"line": {"customer_lead": 20}, "order": {"commitment_date": _day(5)}},
    "date_not_receiving": {
        "customer": {"receiving_calendar_id": "$weekdays"},
        "order": {"commitment_date": _next_saturday()},
    },
}


class World:
    """Records on one served Odoo; every order it makes of one fault is refused for the same reason."""

    def __init__(self, server):
        self.server = server
        self.numbers = count(1)
        self.ids = {}
        self._make_shared()

    def create(self, model, **values):
        return self.server.rpc(model, "create", [values])

    def set_check(self, code, **values):
        ids = self.server.rpc("order.check", "search", [[("code", "=", code)]])
        self.server.rpc("order.check", "write", [ids, values])

    def _make_shared(self):
        self.server.rpc("order.check", "action_preset_strict", [[]])
        self.set_check("discount_over_limit", number=5)
        # the options capability refuses incomplete options when the line is saved, before the gate could
        options = self.server.ref("order_fulfilment.group_use_options")
        self.server.rpc(
            "res.groups", "write", [[self.server.ref("base.group_user")], {"implied_ids": [(3, options)]}]
        )
        self.set_check("same_content", severity="off")  # all orders of one fault are alike
        french = self.server.ref("base.fr")
        freight = self.create("product.product", name="Freight", type="service")
        carrier = {"product_id": freight, "delivery_type": "fixed"}
        term = {"line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 30})]}
        self.ids = {
            "agreed": self.create("account.payment.term", name="Agreed 30", **term),
            "other": self.create("account.payment.term", name="Never 90", **term),
            "french_carrier": self.create(
                "delivery.carrier", name="France only", country_ids=[(6, 0, [french])], **carrier
            ),
            "weighing_carrier": self.create("delivery.carrier", name="Weighs", needs_weight=True, **carrier),
            "measuring_carrier": self.create(
                "delivery.carrier", name="Measures", needs_volume=True, **carrier
            ),
            "french_position": self.create("account.fiscal.position", name="France", country_id=french),
            "kilogram": self.server.ref("uom.product_uom_kgm"),
            "weekdays": self.create("resource.calendar", name="Monday to Friday", tz="Europe/Berlin"),
        }

    def _resolve(self, values):
        resolved = {}
        for name, value in (values or {}).items():
            if isinstance(value, str) and value.startswith("$"):
                found = self.ids[value[1:]]
                resolved[name] = [(6, 0, [found])] if name.endswith("_ids") else found
            else:
                resolved[name] = value
        return resolved

    def prepare(self, check):  # long: one world
        """Make customer, product, rules and twin of one fault; return a function that makes an order."""
        fault = FAULTS[check]
        country = self.server.ref("base.de")
        customer = {
            **CUSTOMER,
            "name": f"Customer {check}",
            "country_id": country,
            **self._resolve(fault.get("customer")),
        }
        customer = self.create("res.partner", **customer)
        product = {**PRODUCT, "name": f"Product {check}", "default_code": check, **fault.get("product", {})}
        not_sold = product.pop("sale_ok", True) is False
        product = self.create("product.product", **product)
        [template] = self.server.rpc("product.product", "read", [[product], ["product_tmpl_id"]])
        if fault.get("rule"):
            self.create(
                "order.quantity.rule", product_tmpl_id=template["product_tmpl_id"][0], **fault["rule"]
            )
        if fault.get("options"):
            self._add_option_class(template["product_tmpl_id"][0])
        if check in ("same_content", "reference_duplicate"):
            self.set_check(check, partner_ids=[(6, 0, [customer])], severity="block")
        if "twin" in fault:
            self.server.rpc(
                "sale.order", "action_confirm", [[self._order(customer, product, fault["twin"], {})]]
            )

        def make():
            order = self._order(
                customer, product, self._resolve(fault.get("order")), self._resolve(fault.get("line"))
            )
            if not_sold:
                self.server.rpc("product.product", "write", [[product], {"sale_ok": False}])
            return order

        return make

    def _add_option_class(self, template):
        attribute = self.create(
            "product.attribute",
            name="Engraving",
            create_variant="no_variant",
            value_ids=[(0, 0, {"name": "None"}), (0, 0, {"name": "Logo"})],
        )
        [values] = self.server.rpc("product.attribute", "read", [[attribute], ["value_ids"]])
        line = {"attribute_id": attribute, "value_ids": [(6, 0, values["value_ids"])]}
        self.server.rpc("product.template", "write", [[template], {"attribute_line_ids": [(0, 0, line)]}])

    def _order(self, customer, product, order, line):
        values = {
            "partner_id": customer,
            "client_order_ref": f"NR-{next(self.numbers)}",
            "order_line": [(0, 0, {"product_id": product, "product_uom_qty": 13, **line})],
            **order,
        }
        return self.create("sale.order", **values)
