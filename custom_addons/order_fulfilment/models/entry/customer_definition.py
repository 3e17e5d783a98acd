from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import escape_psql

from ...tools.entry.customer_payload import customer_errors

ADDRESS = ("name", "ref", "street", "street2", "zip", "city", "email", "phone")
PLAIN = {
    **{name: name for name in (*ADDRESS, "vat", "is_company", "credit_limit", "duplicate_reason")},
    "order_reference_required": "order_reference_required",
    "shipping": "order_shipping_policy",
    "service_class": "service_class",
    "delivery_notice": "delivery_notice",
    "invoice_trigger": "invoice_trigger",
}
SELECTIONS = ("shipping", "service_class", "delivery_notice", "invoice_trigger")
NAMED = {
    "country": ("country_id", "res.country", "code"),
    "payment_term": ("property_payment_term_id", "account.payment.term", "name"),
    "pricelist": ("property_product_pricelist", "product.pricelist", "name"),
    "fiscal_position": ("property_account_position_id", "account.fiscal.position", "name"),
    "receiving_calendar": ("receiving_calendar_id", "resource.calendar", "name"),
    "invoice_calendar": ("invoice_calendar_id", "sale.invoice.calendar", "name"),
}
NO_OBJECT = ("OF-CUS-010", "OF-CUS-015")  # nothing to look up codes in
PURPOSES = {
    "orders": "order_contact_id",
    "notices": "notice_contact_id",
    "invoices": "invoice_contact_id",
    "support": "support_contact_id",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def define_customer(self, payload):
        """Make a customer from codes, with addresses and contacts; the guided form for programs.

        Returns {customer_id, name, completeness, missing}. All mistakes are named in one error, and so is a
        customer that exists already unless ``duplicate_reason`` says how they differ.
        """
        self.browse().check_access("create")
        wrong = customer_errors(payload)
        errors = [error.as_text() for error in wrong]
        if any(error.code in NO_OBJECT for error in wrong if "." not in error.path):
            raise UserError("\n".join(errors))
        values = self._customer_values(payload, "", errors)
        values["child_ids"] = self._customer_children(payload, errors)
        if errors:
            raise UserError("\n".join(errors))
        customer = self.create({"is_company": True, **values, "is_order_customer": True})
        for purpose, field in PURPOSES.items():
            contact = customer.child_ids.filtered(lambda child, ref=purpose: child.function == ref)[:1]
            if contact:
                customer[field] = contact
        return {
            "customer_id": customer.id,
            "name": customer.name,
            "completeness": customer.customer_completeness,
            "missing": customer.customer_missing,
        }

    def _customer_values(self, payload, path, errors):
        """Return field values for what ``payload`` names; codes not found are added to ``errors``."""
        values = {PLAIN[name]: content for name, content in payload.items() if name in PLAIN}
        for name, (field, model, code_field) in NAMED.items():
            code = payload.get(name)
            if not code or not isinstance(code, str):
                continue
            found = self.env[model].search([(code_field, "=ilike", escape_psql(code))], limit=2)
            values[field] = found[:1].id
            if len(found) != 1:
                text = self.env._(
                    "[OF-CUS-011] %(path)s: no single match for “%(code)s”.", path=path + name, code=code
                )
                errors.append(text)
        errors += self._selection_errors(values, path)
        return values

    def _selection_errors(self, values, path):
        wrong = []
        for name in SELECTIONS:
            field = PLAIN[name]
            allowed = dict(self._fields[field]._description_selection(self.env))
            if values.get(field) and str(values[field]) not in allowed:
                text = self.env._(
                    "[OF-CUS-013] %(path)s: one of %(allowed)s.",
                    path=path + name,
                    allowed=", ".join(allowed),
                )
                wrong.append(text)
        return wrong

    def _customer_children(self, payload, errors):
        """Return commands for contacts (one per purpose, kept in ``function``) and further addresses."""
        commands = []
        for number, contact in enumerate(payload.get("contacts") or []):
            values = self._customer_values(contact, f"contacts[{number}].", errors)
            commands.append(Command.create({**values, "type": "contact", "function": contact.get("purpose")}))
        for number, address in enumerate(payload.get("addresses") or []):
            values = self._customer_values(address, f"addresses[{number}].", errors)
            commands.append(Command.create({**values, "type": address.get("type") or "delivery"}))
        return commands
