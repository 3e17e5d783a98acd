from odoo import api, models

from ...tools.entry.reference_key import reference_key


class AfterSalesTicket(models.Model):
    """Any number that a customer has in hand, read as a clue to what the ticket is about."""

    _inherit = "after.sales.ticket"

    @api.model
    def _read_reference(self, text, partner=None):
        """Values of the ticket for a serial, order, delivery, invoice or customer's reference; {} if unknown.

        :param partner: only what was sold to this customer counts; what is another's looks like unknown
        """
        text = str(text or "").strip()[:64]
        if len(text) < 2:
            return {}
        names = list(dict.fromkeys([text, text.upper(), text.lower()]))
        for model, field in (("sale.order", "sale_order_id"), ("stock.picking", "picking_id")):
            for found in self._search_clue(model, [("name", "in", names)]):
                if self._was_sold_to(found.partner_id, partner):
                    return {field: found.id}
        return (
            self._read_serial(names, partner)
            or self._read_invoice(names, partner)
            or self._read_customer_reference(text, partner)
        )

    def _search_clue(self, model, domain):
        company = ("company_id", "in", [False, self.env.company.id])
        return self.env[model].sudo().search([*domain, company], limit=20)

    @api.model
    def _was_sold_to(self, found, partner):
        return not partner or found.commercial_partner_id == partner.commercial_partner_id

    def _read_serial(self, names, partner):
        """A serial or lot that was delivered; to this customer, where we know him."""
        lots = self._search_clue("stock.lot", [("name", "in", names)])
        for lot in lots:
            if self._get_delivery_of_lot(lot, {"partner_id": partner.id if partner else False}):
                return {"lot_id": lot.id}
        return {"lot_id": lots[0].id} if lots and not partner else {}

    def _read_invoice(self, names, partner):
        domain = [("name", "in", names), ("state", "=", "posted"), ("move_type", "=", "out_invoice")]
        for invoice in self._search_clue("account.move", domain):
            if self._was_sold_to(invoice.partner_id, partner):
                return {"invoice_id": invoice.id}
        return {}

    def _read_customer_reference(self, text, partner):
        key = reference_key(text)
        orders = self._search_clue("sale.order", [("reference_key", "=", key)]) if key else ()
        for order in orders:
            if self._was_sold_to(order.partner_id, partner):
                return {"sale_order_id": order.id}
        return {}
