import unicodedata

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.entry import postcode
from ...tools.entry.customer_match import phone_key
from ...tools.entry.reference_key import reference_key

CARD_ORDERS = 10
MAX_HITS = 1000  # customers share references such as "1": the post code has to tell them apart
MAX_QUERY = 100


class CallerDesk(models.AbstractModel):
    """Answers the phone: any number the caller has, and the post code, open the customer's card.

    The post code is what proves the caller; without the matching one the answer is the same as for a number
    that does not exist. The desk looks through all orders of the allowed companies, also those of colleagues
    (a caller does not know who entered the order), which is why it reads with all rights after the check.
    """

    _name = "caller.desk"
    _description = "Caller Desk"

    @api.model
    def find(self, query, zip_code):
        """Return {"found": bool, "card": {…}}: the card of the customer whose number and post code match.

        :param query: order number, customer's reference, delivery, invoice, serial number or phone number
        """
        if not self.env.user.has_group("order_fulfilment.group_user"):
            raise AccessError(self.env._("[OF-DESK-001] The caller desk is for users of Order Fulfilment."))
        nothing = {"found": False, "card": {}}
        query, code = (unicodedata.normalize("NFKC", str(text or "")).strip() for text in (query, zip_code))
        if not 2 <= len(query) <= MAX_QUERY or not query.isprintable() or not postcode.compact(code):
            return nothing
        for partner, order in self.sudo()._candidates(query):
            if self._zip_matches(partner, order, code):
                return {"found": True, "card": self.sudo()._card(partner.commercial_partner_id, order)}
        return nothing

    def _zip_matches(self, partner, order, code):
        """Compare with the addresses the caller may know: the order's, else those of the contact and "
        "its entity."""
        addresses = partner.sudo() | partner.sudo().commercial_partner_id
        addresses |= order.partner_shipping_id | order.partner_invoice_id | order.partner_id
        return any(postcode.same(address.zip, code, address.country_id.code) for address in addresses)

    # --- finding ---

    @api.model
    def _candidates(self, query):
        """Yield (partner, order or empty) for each kind of number, most likely kind first."""
        for search in self._get_searches():
            yield from search(query)

    @api.model
    def _get_searches(self):
        """Return the searches in turn. Hook: tickets append theirs."""
        return [
            self._search_orders,
            self._search_deliveries,
            self._search_invoices,
            self._search_references,
            self._search_serials,
            self._search_phones,
        ]

    def _spellings(self, query):
        """Numbers are typed in lower case and without leading mark as often as not."""
        return list(dict.fromkeys([query, query.upper()]))

    def _company_domain(self):
        return [("company_id", "in", [False, *self.env.companies.ids])]

    def _search_orders(self, query):
        domain = [("name", "in", self._spellings(query)), *self._company_domain()]
        for order in self.env["sale.order"].search(domain, limit=MAX_HITS):
            yield order.partner_id, order

    def _search_references(self, query):
        key = reference_key(query)
        domain = [("reference_key", "=", key), *self._company_domain()]
        for order in self.env["sale.order"].search(domain, limit=MAX_HITS) if key else ():
            yield order.partner_id, order

    def _search_deliveries(self, query):
        domain = [("name", "in", self._spellings(query)), *self._company_domain()]
        for picking in self.env["stock.picking"].search(domain, limit=MAX_HITS):
            if picking.partner_id or picking.sale_id:
                yield picking.partner_id or picking.sale_id.partner_id, picking.sale_id

    def _search_invoices(self, query):
        domain = [
            ("name", "in", self._spellings(query)),
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_refund")),
            *self._company_domain(),
        ]
        for move in self.env["account.move"].search(domain, limit=MAX_HITS):
            yield move.partner_id, move.line_ids.sale_line_ids.order_id[:1]

    def _search_serials(self, query):
        lots = self.env["stock.lot"].search([("name", "in", self._spellings(query)), *self._company_domain()])
        lines = self.env["stock.move.line"].search(
            [("lot_id", "in", lots.ids), ("location_dest_usage", "=", "customer"), ("state", "=", "done")],
            order="id desc",
            limit=MAX_HITS,
        )
        for picking in lines.picking_id:
            if picking.partner_id:
                yield picking.partner_id, picking.sale_id

    def _search_phones(self, query):
        key = phone_key(query)
        if not key or not query.lstrip("+(0").replace(" ", "")[:1].isdigit():
            return
        domain = [("match_phone", "=", key), *self._company_domain()]
        for partner in self.env["res.partner"].search(domain, limit=MAX_HITS):
            yield partner, self.env["sale.order"]

    # --- card ---

    @api.model
    def _card(self, customer, order):
        """Return what the person on the phone needs to see. Hook: capabilities add sections."""
        return {
            "customer": self._card_customer(customer),
            "order": self._card_order(order) if order else {},
            "orders": [self._card_order(known) for known in self._customer_orders(customer)],
            "tickets": self._get_open_tickets(customer),
        }

    def _card_customer(self, customer):
        return {
            "id": customer.id,
            "name": customer.name,
            "ref": customer.ref or "",
            "address": "\n".join(
                filter(str.strip, customer._display_address(without_company=True).splitlines())
            ),
            "phone": customer.phone or "",
            "email": customer.email or "",
            "on_hold": customer.order_hold,
            "service_class": customer.service_class or "",
        }

    def _customer_orders(self, customer):
        """Latest orders over the whole commercial entity; the index on customers makes it one short "
        "look-up."""
        family = self.env["res.partner"].search([("commercial_partner_id", "=", customer.id)])
        domain = [("partner_id", "in", family.ids), *self._company_domain()]
        return self.env["sale.order"].search(domain, limit=CARD_ORDERS)

    def _card_order(self, order):
        return {
            "id": order.id,
            "name": order.name,
            "reference": order.client_order_ref or "",
            "date": fields.Date.to_string(order.date_order),
            "promised": fields.Datetime.to_string(order.commitment_date) or "",
            "status": self._get_order_status(order),
            "late": self._is_order_late(order),
            "total": order.amount_total,
            "currency": order.currency_id.name,
        }

    def _get_order_status(self, order):
        """Return the order's status, in one line where the fulfilment ledger knows it. Hook."""
        if order.fulfilment_summary and self.env["order.fulfilment.capability"]._is_on("tracking"):
            return order.fulfilment_summary
        labels = dict(order._fields["state"]._description_selection(self.env))
        if order.state == "sale" and order.delivery_status:
            labels = dict(order._fields["delivery_status"]._description_selection(self.env))
            return labels[order.delivery_status]
        return labels.get(order.state, "")

    def _is_order_late(self, order):
        """Say whether something promised is overdue. Hook: the promise history knows better."""
        promised = order.commitment_date or order.expected_date
        is_open = order.state == "sale" and order.delivery_status in ("pending", "started", "partial")
        return bool(is_open and promised and promised.date() < fields.Date.today())

    def _get_open_tickets(self, customer):
        """Return the open tickets as {id, name, stage}. Hook for after-sales support."""
        return []


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # The core index on the name is a trigram one and absent where the database has no pg_trgm.
    _name_desk_idx = models.Index("(name)")


class StockLot(models.Model):
    _inherit = "stock.lot"

    _name_desk_idx = models.Index("(name)")


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    _lot_desk_idx = models.Index("(lot_id) WHERE lot_id IS NOT NULL")


class AccountMove(models.Model):
    _inherit = "account.move"

    _name_desk_idx = models.Index("(name) WHERE move_type IN ('out_invoice', 'out_refund')")
