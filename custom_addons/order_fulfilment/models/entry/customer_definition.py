from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

ADDRESS = ("name", "ref", "street", "street2", "zip", "city", "email", "phone")
PLAIN = {
    **{name: name for name in (*ADDRESS, "vat", "is_company", "credit_limit", "duplicate_reason")},
    "order_reference_required": "order_reference_required",
    "shipping": "order_shipping_policy",
    "service_class": "service_class",
    "delivery_notice": "delivery_notice",
    "invoice_trigger": "invoice_trigger",
}
NAMED = {
    "country": ("country_id", "res.country", "code"),
    "payment_term": ("property_payment_term_id", "account.payment.term", "name"),
    "pricelist": ("property_product_pricelist", "product.pricelist", "name"),
    "fiscal_position": ("property_account_position_id", "account.fiscal.position", "name"),
    "receiving_calendar": ("receiving_calendar_id", "resource.calendar", "name"),
    "invoice_calendar": ("invoice_calendar_id", "sale.invoice.calendar", "name"),
}
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
        if not isinstance(payload, dict) or not payload.get("name"):
            raise UserError(self.env._("[OF-CUS-010] name: a customer needs a name."))
        errors = []
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
        """Return field values for what ``payload`` names; unknown fields and codes are added to "
        "``errors``."""
        values = {}
        for name, content in payload.items():
            if name in PLAIN:
                values[PLAIN[name]] = content
            elif name in NAMED and content:
                field, model, code_field = NAMED[name]
                found = self.env[model].search([(code_field, "=ilike", str(content))], limit=2)
                values[field] = found[:1].id
                if len(found) != 1:
                    errors.append(
                        self.env._(
                            "[OF-CUS-011] %(path)s: no single match for “%(code)s”.",
                            path=path + name,
                            code=content,
                        )
                    )
            elif name not in (*NAMED, "contacts", "addresses", "purpose", "type"):
                errors.append(self.env._("[OF-CUS-012] %s: is not known.", path + name))
        errors += self._selection_errors(values, path)
        return values

    def _selection_errors(self, values, path):
        wrong = []
        for field in ("order_shipping_policy", "service_class", "delivery_notice", "invoice_trigger"):
            allowed = dict(self._fields[field]._description_selection(self.env))
            if values.get(field) and values[field] not in allowed:
                text = self.env._(
                    "[OF-CUS-013] %(field)s: one of %(allowed)s.",
                    field=path + field,
                    allowed=", ".join(allowed),
                )
                wrong.append(text)
        return wrong

    def _customer_parts(self, payload, name, errors):
        """Return the list of objects under ``name``; anything else is an error and counts as none."""
        parts = payload.get(name) or []
        if isinstance(parts, list) and all(isinstance(part, dict) for part in parts):
            return parts
        errors.append(self.env._("[OF-CUS-015] %s: must be a list of objects.", name))
        return []

    def _customer_children(self, payload, errors):
        """Return commands for contacts (one per purpose, kept in ``function``) and further addresses."""
        commands = []
        for number, contact in enumerate(self._customer_parts(payload, "contacts", errors)):
            path = f"contacts[{number}]."
            if contact.get("purpose") not in PURPOSES:
                errors.append(
                    self.env._(
                        "[OF-CUS-014] %(path)spurpose: one of %(allowed)s.",
                        path=path,
                        allowed=", ".join(PURPOSES),
                    )
                )
            values = self._customer_values(contact, path, errors)
            commands.append(Command.create({**values, "type": "contact", "function": contact.get("purpose")}))
        for number, address in enumerate(self._customer_parts(payload, "addresses", errors)):
            values = self._customer_values(address, f"addresses[{number}].", errors)
            commands.append(Command.create({**values, "type": address.get("type") or "delivery"}))
        return commands
