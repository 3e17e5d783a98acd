from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...tools.entry.customer_match import phone_key
from ...tools.entry.reference_key import reference_key


class AfterSalesTicket(models.Model):
    """Finding tickets by anything a caller may say, and their neighbours."""

    _inherit = "after.sales.ticket"

    any_reference = fields.Char(
        "Any number", compute="_compute_any_reference", search="_search_any_reference"
    )
    same_customer_count = fields.Integer(compute="_compute_same_customer_count")

    def _compute_any_reference(self):
        for ticket in self:
            ticket.any_reference = ticket.name

    @api.model
    def _search_any_reference(self, operator, value):
        """Ticket, serial, order, delivery, invoice, customer's own number, mail address, telephone, words.

        The numbers are looked up where they belong first, so that each is one index look-up and not a scan
        over joined tables.
        """
        if operator not in ("ilike", "=", "in", "=ilike"):
            return NotImplemented
        values = [value] if isinstance(value, str) else list(value or [])
        texts = (str(text).replace("\0", "").strip() for text in values)
        return Domain.OR(self._get_reference_domain(text) for text in texts if text)

    def _get_reference_domain(self, text):
        names = [text, text.upper()]
        found = [
            Domain("name", "in", names),
            Domain("subject", "ilike", escape_psql(text)),
            Domain("email_from", "ilike", escape_psql(text)),
        ]
        for field in ("lot_id", "sale_order_id", "picking_id", "invoice_id"):
            records = (
                self.env[self._fields[field].comodel_name].sudo().search([("name", "in", names)], limit=50)
            )
            if records:
                found.append(Domain(field, "in", records.ids))
        key = reference_key(text)
        orders = self.env["sale.order"].sudo().search([("reference_key", "=", key)], limit=50) if key else ()
        if orders:
            found.append(Domain("sale_order_id", "in", orders.ids))
        partners = self._search_people(text)
        if partners:
            found.append(Domain("commercial_partner_id", "in", partners.commercial_partner_id.ids))
        return Domain.OR(found)

    def _search_people(self, text):
        partners = self.env["res.partner"].sudo()
        key = phone_key(text)
        domain = Domain("ref", "=", text) | Domain("complete_name", "ilike", escape_psql(text))
        if key and not any(letter.isalpha() for letter in text):
            domain |= Domain("match_phone", "=", key)
        return partners.search(domain, limit=50)

    def _compute_same_customer_count(self):
        for ticket in self:
            customer = ticket.commercial_partner_id
            domain = [("commercial_partner_id", "=", customer.id)]
            ticket.same_customer_count = self.search_count(domain, limit=1000) if customer else 0

    def action_view_same(self):
        """Show all tickets of the customer."""
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.after_sales_ticket_action")
        domain = [("commercial_partner_id", "in", self.commercial_partner_id.ids)]
        return {**action, "domain": domain, "context": {}}

    def action_view_order(self):
        """Show the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.sale_order_id.id,
            "views": [(False, "form")],
        }

    def action_view_ratings(self):
        """Show the marks the customer gave."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Marks"),
            "res_model": "rating.rating",
            "views": [(False, "list"), (False, "form")],
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id), ("consumed", "=", True)],
        }
