import time

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

from ..models.support.ticket_api import MAX_FILE_BYTES, MAX_FILES
from ..tools.entry.reference_key import reference_key
from ..tools.tracking import page_access
from .order_status import ADDRESS_LIMIT, ANSWER_AFTER, ORDER_LIMIT
from .portal_access import PortalAccess

PAGE_SIZE = 20


class Support(PortalAccess):
    """The customer's side of support: own tickets in the portal, and a form that needs no login."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ticket_count" in counters:
            tickets = request.env["after.sales.ticket"].sudo()
            domain = tickets._find_own(request.env.user.partner_id)
            values["ticket_count"] = tickets.search_count(domain) if self._is_support_on() else 0
        return values

    def _is_support_on(self):
        return request.env["order.fulfilment.capability"].sudo()._is_on("support")

    # ------------------------------------------------------------ portal

    @http.route(["/my/tickets", "/my/tickets/page/<int:page>"], type="http", auth="user", website=True)
    def portal_tickets(self, page=1, **_params):
        if not self._is_support_on():
            return request.redirect("/my")
        tickets = request.env["after.sales.ticket"].sudo()
        domain = tickets._find_own(request.env.user.partner_id)
        total = tickets.search_count(domain)
        paging = pager(url="/my/tickets", total=total, page=page, step=PAGE_SIZE)
        found = tickets.search(domain, order="id desc", limit=PAGE_SIZE, offset=paging["offset"])
        values = {"tickets": found, "pager": paging, "page_name": "tickets"}
        return request.render("order_fulfilment.portal_tickets", values)

    @http.route("/my/tickets/<int:ticket_id>", type="http", auth="public", methods=["GET"], website=True)
    def portal_ticket(self, ticket_id, access_token=None, **_params):
        ticket = self._support_get_ticket(ticket_id, access_token)
        if not ticket:
            return request.redirect("/my")
        return self._support_render_ticket(ticket, access_token)

    @http.route(
        "/my/tickets/<int:ticket_id>/reply", type="http", auth="public", methods=["POST"], website=True
    )
    def portal_ticket_reply(self, ticket_id, text="", access_token=None, **_params):
        ticket = self._support_get_ticket(ticket_id, access_token)
        if not ticket:
            return request.redirect("/my")
        if not self._allow_report():
            return self._support_refuse(self._support_render_ticket, ticket, access_token)
        try:
            self._support_reply(ticket, text)
        except UserError as error:
            return self._support_render_ticket(ticket, access_token, error=str(error))
        goal = ticket._get_final() if ticket._get_final().access_token else ticket
        token = f"?access_token={goal.access_token}" if access_token else ""
        return request.redirect(f"/my/tickets/{goal.id}{token}", code=303)

    def _support_reply(self, ticket, text):
        user = request.env.user
        # By the link alone it is the customer; whoever has logged in speaks for himself.
        author = ticket.partner_id if user._is_public() else user.partner_id
        ticket._get_final()._post_text(text, author, self._support_read_files())

    def _support_get_ticket(self, ticket_id, access_token):
        """The ticket with all rights if this visitor may see it; foreign and missing are alike."""
        if not self._is_support_on():
            return None
        ticket = request.env["after.sales.ticket"].sudo().browse(ticket_id)
        if not request.env.user._is_public() and ticket.exists() and self._support_is_own(ticket):
            return ticket
        try:
            return self._document_check_access("after.sales.ticket", ticket_id, access_token=access_token)
        except (AccessError, MissingError):
            return None

    def _support_is_own(self, ticket):
        is_ours = ticket.company_id in request.env.companies
        return is_ours and ticket._is_party(request.env.user.partner_id)

    def _support_render_ticket(self, ticket, access_token, error=""):
        values = {
            "ticket": ticket,
            "messages": ticket._get_page_messages(),
            "access_token": access_token or "",
            "error": error,
            "page_name": "tickets",
        }
        return self._support_private(request.render("order_fulfilment.portal_ticket", values))

    def _support_private(self, response):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"  # the address carries the token
        return response

    # ------------------------------------------------------------ without login

    @http.route("/support", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def support_find_form(self, **_params):
        if not self._is_support_on():
            raise request.not_found()
        return request.render("order_fulfilment.support_find", {"page_name": "support"})

    @http.route("/support", type="http", auth="public", methods=["POST"], website=True, sitemap=False)
    def support_find(self, reference="", post_code="", **_params):
        """Look for number and post code. Nothing but the final answer differs between wrong and unknown."""
        if not self._is_support_on():
            raise request.not_found()
        answer_at = time.monotonic() + ANSWER_AFTER
        allowed = self._support_is_within_limits(reference)
        tickets = request.env["after.sales.ticket"].sudo()
        order, lot = tickets._find_for_page(reference, post_code)
        token = tickets._get_form_token(order, lot) if allowed and order else ""
        time.sleep(max(0.0, answer_at - time.monotonic()))
        if token:
            return request.redirect(f"/support/new?token={token}", code=303)
        unknown = request.env._(
            "We know no delivery with this number and post code. Check both, and try again."
        )
        values = {"error": unknown if allowed else self._support_too_many(), "page_name": "support"}
        response = request.render("order_fulfilment.support_find", values)
        response.status_code = 200 if allowed else 429
        return response

    @http.route("/support/new", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def support_form(self, token="", category_id="", **_params):
        order, lot = self._support_get_goods(token)
        if not order:
            return request.redirect("/support")
        return self._support_render_form(order, lot, token, {"category_id": category_id})

    @http.route("/support/new", type="http", auth="public", methods=["POST"], website=True, sitemap=False)
    def support_open(self, token="", **form):
        order, lot = self._support_get_goods(token)
        if not order:
            return request.redirect("/support")
        if not self._allow_report():
            return self._support_refuse(self._support_render_form, order, lot, token, form)
        tickets = request.env["after.sales.ticket"].sudo()
        channel = "portal" if request.env.user._is_portal() else "public"
        try:
            ticket = tickets._open_from_page(order, lot, form, self._support_read_files(), channel)
        except UserError as error:
            return self._support_render_form(order, lot, token, form, str(error))
        return request.redirect(f"/my/tickets/{ticket.id}?access_token={ticket.access_token}", code=303)

    def _support_get_goods(self, token):
        if not self._is_support_on():
            return None, None
        return request.env["after.sales.ticket"].sudo()._find_by_form_token(token)

    def _support_render_form(self, order, lot, token, form, error=""):
        categories = request.env["after.sales.ticket"]._get_public_categories(order.company_id)
        chosen = categories.filtered(lambda category: str(category.id) == form.get("category_id"))
        values = {
            "order": order,
            "lot": lot,
            "lines": order.order_line.filtered(lambda line: line.product_id and not line.display_type),
            "token": token,
            "categories": categories,
            "category": chosen or categories[:1],
            "form": form,
            "error": error,
            "page_name": "support",
        }
        return self._support_private(request.render("order_fulfilment.support_form", values))

    # ------------------------------------------------------------ for both

    @http.route("/my/orders/<int:order_id>/ticket", type="http", auth="public", methods=["GET"], website=True)
    def order_ticket(self, order_id, access_token=None, **_params):
        """From an order in the portal to the form about it."""
        try:
            order = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not self._is_support_on() or order.state != "sale":
            return request.redirect("/my")
        tickets = request.env["after.sales.ticket"].sudo()
        form = {"category_id": ""}
        return self._support_render_form(
            order, order.env["stock.lot"], tickets._get_form_token(order, order.env["stock.lot"]), form
        )

    def _support_allow(self, kind, limit, seconds):
        address = page_access.address_group(request.httprequest.remote_addr)
        return request.env["order.page.limit"].sudo()._allow(kind, address, limit, seconds)

    def _support_is_within_limits(self, reference):
        """Counted as the order page does, and once for all spellings under which a reference is found."""
        limits = request.env["order.page.limit"].sudo()
        allowed = self._support_allow("address", *ADDRESS_LIMIT)
        allowed &= limits._allow("order", page_access.normalize_reference(reference), *ORDER_LIMIT)
        return allowed & limits._allow("reference", reference_key(reference[:64]), *ORDER_LIMIT)

    def _support_refuse(self, render, *args):
        response = render(*args, error=self._support_too_many())
        response.status_code = 429
        return response

    def _support_too_many(self):
        return request.env._("Too many tries. Please wait an hour, or ask us by phone.")

    def _support_read_files(self):
        """Uploaded files as (name, bytes); larger ones and more of them are refused with a reason."""
        tickets = request.env["after.sales.ticket"]
        given = [file for file in request.httprequest.files.getlist("files") if file.filename]
        if len(given) > MAX_FILES:
            raise UserError(request.env._("[OF-TKT-419] At most %s files.", MAX_FILES))
        return [tickets._checked_file(file.filename, file.read(MAX_FILE_BYTES + 1)) for file in given]
