from odoo import api, models
from odoo.tools import hash_sign, verify_hash_signed

from ...tools.tracking import page_access
from .ticket_talk import OPENING

PAGE_SCOPE = "order_fulfilment.support"
PAGE_HOURS = 2


class AfterSalesTicket(models.Model):
    """What the customer sees of his tickets, in the portal and by link."""

    _inherit = "after.sales.ticket"

    def _compute_access_url(self):
        super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"

    def _after_create(self):
        result = super()._after_create()
        for ticket in self.sudo():
            ticket._portal_ensure_token()  # once, so that looking at the page writes nothing
        return result

    def _get_page_url(self):
        self.ensure_one()
        return f"{self.get_base_url()}{self.access_url}?access_token={self.sudo()._portal_ensure_token()}"

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if message.attachment_ids and not message.is_internal:
            message.attachment_ids.sudo().generate_access_token()  # the page links to them
        return result

    def _rating_apply_get_default_subtype_id(self):
        """A mark is no reply: it must not open the ticket again."""
        return self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")

    def _get_page_messages(self):
        """What was said between customer and us, oldest first; notes among us stay with us."""
        comment = self.env.ref("mail.mt_comment")
        domain = [
            ("model", "=", self._name),
            ("res_id", "=", self.id),
            ("subtype_id", "=", comment.id),
            ("is_internal", "=", False),
            ("message_type", "in", ("comment", "email")),
        ]
        return self.env["mail.message"].sudo().search(domain, order="id", limit=200)

    @api.model
    def _find_own(self, partner):
        """Domain of the tickets that a portal user sees: those of his commercial entity.

        As with his orders and returns, of his user's companies alone; another company's he sees by its link.
        """
        own = ("commercial_partner_id", "=", partner.commercial_partner_id.id)
        return [own, ("company_id", "in", self.env.companies.ids)]

    # ------------------------------------------------------------ without login

    @api.model
    def _find_for_page(self, reference, post_code):
        """(order, serial) for a number and the post code of the delivery; empty ones if they do not match.

        Takes as long whether the number is known or not; every kind of number ends in an order, for that is
        whose post code is asked.
        """
        orders, lots = self._get_page_candidates(page_access.without_control(reference or ""))
        orders = orders.filtered(lambda order: order.state == "sale")[: page_access.CANDIDATES]
        codes = [order.partner_shipping_id.zip or order.partner_id.zip or "" for order in orders]
        position = page_access.pair_matches(codes, post_code)
        if position < 0:
            return orders.browse(), self.env["stock.lot"]
        return orders[position], lots.get(orders[position], self.env["stock.lot"].sudo())

    def _get_page_candidates(self, reference):
        """(orders of a number, {order: serial}): two products may have the same serial number."""
        clue = self.with_context(prefetch_fields=False)._read_reference(reference)
        values = dict(clue)
        if clue.get("lot_id"):
            name = self.env["stock.lot"].sudo().browse(clue["lot_id"]).name
            lots = self._search_clue("stock.lot", [("name", "=", name)])
            delivered = [("state", "=", "done"), ("location_dest_usage", "=", "customer")]
            lines = lots.env["stock.move.line"].search(
                [("lot_id", "in", lots.ids), *delivered],
                order="date desc, id desc",
                limit=page_access.CANDIDATES,
            )
            found = {line.move_id.sale_line_id.order_id: line.lot_id for line in reversed(lines)}
            return lines.move_id.sale_line_id.order_id, found
        self._complete(values)
        return self.env["sale.order"].sudo().browse(values.get("sale_order_id")), {}

    @api.model
    def _get_form_token(self, order, lot):
        """A signed link to the form about this order; it opens nothing else."""
        values = [order.id, lot.id or 0]
        return hash_sign(self.sudo().env, PAGE_SCOPE, values, expiration_hours=PAGE_HOURS)

    @api.model
    def _find_by_form_token(self, token):
        try:
            values = verify_hash_signed(self.sudo().env, PAGE_SCOPE, token or "")
        except (ValueError, IndexError):
            values = None
        order_id, lot_id = values or (False, False)
        order = self.env["sale.order"].sudo().browse(order_id).exists()
        return order, self.env["stock.lot"].sudo().browse(lot_id or False).exists()

    @api.model
    def _get_public_categories(self, company):
        domain = [("is_public", "=", True), ("company_id", "in", [False, company.id])]
        return self.env["after.sales.category"].sudo().search(domain)

    def _open_from_page(self, order, lot, form, files, channel):
        """Open a ticket from a customer's form about an order (which may be empty in the portal).

        :param form: ``subject``, ``text``, ``category_id``, ``line_id``, ``answer_<question id>``
        """
        company = order.company_id or self.env.company
        category = self._get_public_categories(company).filtered(
            lambda known: str(known.id) == form.get("category_id")
        )
        line = order.order_line.filtered(lambda line: str(line.id) == form.get("line_id"))
        answers = {str(question.id): form.get(f"answer_{question.id}") for question in category.question_ids}
        answers |= self._name_photos(category, files)
        values = {
            "subject": form.get("subject") or category.name,
            "description": form.get("text"),
            "category_id": category.id,
            "sale_order_id": order.id,
            "sale_line_id": line.id,
            "lot_id": lot.id,
            "partner_id": order.partner_id.id,
        }
        ticket = self.with_company(company)._open(values, {"answers": answers}, channel)
        if files:
            ticket._post_files(files)
        return ticket

    @api.model
    def _name_photos(self, category, files):
        """A question for a photo is answered by a file that is there."""
        photos = category.question_ids.filtered(lambda question: question.kind == "photo")
        names = ", ".join(name for name, _content in files)
        return {str(question.id): names for question in photos} if files else {}

    def _post_files(self, files):
        self.with_context(order_fulfilment_opening=OPENING)._post_text("", self.partner_id, files)
