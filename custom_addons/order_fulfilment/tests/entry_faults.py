"""Every check with an order that it refuses, and what puts that order right.

Each fault takes the test case and a clean, draft order and spoils exactly what its check looks at; each cure
takes them back. ``FIXED_IN_ONE_CLICK`` are those whose one-click fix cures by itself.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command


def _line(order):
    return order.order_line[:1]


def _write(record, **values):
    record.write(values)


def _rule(case, **values):
    case.env["order.quantity.rule"].create(
        {"product_tmpl_id": case.chain.product_tmpl_id.id, "partner_id": case.customer.id, **values}
    )


def _drop_rules(case, order):
    case.env["order.quantity.rule"].search([]).unlink()


def _twin(case, order, **values):
    twin = case._clean_order(**values)
    twin.action_confirm()
    return twin


def _duplicate_reference(case, order):
    _twin(case, order, client_order_ref="PO-00777", quantity=17)
    order.client_order_ref = "p0 777"


def _carrier(case, **values):
    product = case._create_product("Freight", "FREIGHT", type="service", is_storable=False)
    return case.env["delivery.carrier"].create({"name": "Van", "product_id": product.id, **values})


def _unreachable(case, order):
    order.carrier_id = _carrier(case, country_ids=[Command.set(case.env.ref("base.fr").ids)])


def _needs(measure):
    def fault(case, order):
        order.carrier_id = _carrier(case, **{f"needs_{measure}": True})
        case.chain[measure] = 0.0

    return fault


def _has(measure):
    return lambda case, order: _write(case.chain, **{measure: 1.0})


def _no_contact(case, order):
    case.customer.write({"email": False, "phone": False})


def _foreign_position(case, order):
    order.fiscal_position_id = case.env["account.fiscal.position"].create(
        {"name": "France", "country_id": case.env.ref("base.fr").id}
    )


def _option(case, order):
    attribute = case.env["product.attribute"].create(
        {
            "name": "Engraving",
            "create_variant": "no_variant",
            "value_ids": [Command.create({"name": "None"}), Command.create({"name": "Logo"})],
        }
    )
    values = [
        Command.create({"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]})
    ]
    # the rules of the options capability would refuse to save the line; this check is for where it is off
    switch = case.env.ref("order_fulfilment.group_use_options")
    case.env.ref("base.group_user").implied_ids = [Command.unlink(switch.id)]
    # by way of the template: a variant made by itself carries a context that suppresses the values
    case.env["product.template"].browse(case.chain.product_tmpl_id.id).attribute_line_ids = values
    _line(order).product_no_variant_attribute_value_ids = [Command.clear()]


def _choose_option(case, order):
    template = case.chain.product_tmpl_id
    option = case.env["product.template.attribute.value"].search(
        [("product_tmpl_id", "=", template.id)], limit=1
    )
    _line(order).product_no_variant_attribute_value_ids = [Command.set(option.ids)]


def _credit_limit(case, order):
    case.customer.credit_limit = order.amount_total - 1


def _closed_day(case, order):
    calendar = case.env["resource.calendar"].create({"name": "Monday to Friday", "tz": "Europe/Berlin"})
    case.customer.receiving_calendar_id = calendar
    today = fields.Date.today()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 + 7)
    order.commitment_date = fields.Datetime.to_datetime(saturday) + timedelta(hours=12)


def _days(number):
    return fields.Datetime.now() + timedelta(days=number)


def _own_terms(case, order):
    agreed, other = case.env["account.payment.term"].create([{"name": "Agreed 30"}, {"name": "Never 90"}])
    case.customer.allowed_payment_term_ids = agreed
    order.payment_term_id = other


FAULTS = {
    "no_lines": lambda case, order: order.order_line.unlink(),
    "reference_missing": lambda case, order: _write(order, client_order_ref=False),
    "reference_duplicate": _duplicate_reference,
    "same_content": lambda case, order: _write(
        _line(order), product_uom_qty=case.earlier_order.order_line.product_uom_qty
    ),
    "customer_on_hold": lambda case, order: _write(
        case.customer, order_hold=True, order_hold_reason="unpaid"
    ),
    "credit_limit": _credit_limit,
    "payment_term_not_allowed": _own_terms,
    "notice_contact_missing": _no_contact,
    "address_incomplete": lambda case, order: _write(case.customer, street=False),
    "zip_format": lambda case, order: _write(case.customer, zip="1011 AB"),
    "carrier_unreachable": _unreachable,
    "weight_missing": _needs("weight"),
    "volume_missing": _needs("volume"),
    "vat_missing": lambda case, order: _write(case.customer, vat=False),
    "vat_invalid": lambda case, order: _write(case.customer, vat="DE136695977"),
    "fiscal_mismatch": _foreign_position,
    "product_not_sold": lambda case, order: _write(case.chain, sale_ok=False),
    "options_incomplete": _option,
    "unit_mismatch": lambda case, order: _write(
        _line(order), product_uom_id=case.env.ref("uom.product_uom_kgm").id
    ),
    "quantity_not_positive": lambda case, order: _write(_line(order), product_uom_qty=0),
    "quantity_minimum": lambda case, order: _rule(case, qty_min=50),
    "quantity_multiple": lambda case, order: _rule(case, qty_multiple=7),
    "quantity_band": lambda case, order: _rule(case, qty_agreed=10, flex_up=10, flex_down=10),
    "price_zero": lambda case, order: _write(_line(order), price_unit=0),
    "price_under_cost": lambda case, order: _write(case.chain, standard_price=30),
    "price_off_list": lambda case, order: _write(_line(order), price_unit=25),
    "discount_over_limit": lambda case, order: _write(_line(order), discount=8),
    "date_past": lambda case, order: _write(order, commitment_date=_days(-3)),
    "date_too_early": lambda case, order: (
        _write(_line(order), customer_lead=20),
        _write(order, commitment_date=_days(5)),
    ),
    "date_not_receiving": _closed_day,
}

CURES = {
    "no_lines": lambda case, order: order.write({"order_line": case._clean_lines()}),
    "reference_missing": lambda case, order: _write(order, client_order_ref="PO-1"),
    "reference_duplicate": lambda case, order: _write(order, client_order_ref="PO-778"),
    "same_content": lambda case, order: _write(_line(order), product_uom_qty=13),
    "customer_on_hold": lambda case, order: _write(case.customer, order_hold=False),
    "credit_limit": lambda case, order: _write(case.customer, credit_limit=order.amount_total),
    "notice_contact_missing": lambda case, order: _write(case.customer, email="a@velo.test"),
    "address_incomplete": lambda case, order: _write(case.customer, street="Testweg 1"),
    "zip_format": lambda case, order: _write(case.customer, zip="10115"),
    "weight_missing": _has("weight"),
    "volume_missing": _has("volume"),
    "vat_missing": lambda case, order: _write(case.customer, vat="DE136695976"),
    "vat_invalid": lambda case, order: _write(case.customer, vat="DE136695976"),
    "product_not_sold": lambda case, order: _write(case.chain, sale_ok=True),
    "options_incomplete": _choose_option,
    "quantity_not_positive": lambda case, order: _write(_line(order), product_uom_qty=13),
    "quantity_band": _drop_rules,
    "price_under_cost": lambda case, order: _write(case.chain, standard_price=5),
}

FIXED_IN_ONE_CLICK = (
    "payment_term_not_allowed",
    "carrier_unreachable",
    "fiscal_mismatch",
    "unit_mismatch",
    "quantity_minimum",
    "quantity_multiple",
    "price_zero",
    "price_off_list",
    "discount_over_limit",
    "date_past",
    "date_too_early",
    "date_not_receiving",
)
