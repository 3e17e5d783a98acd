from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

OFFERS = 6


class DeliveryWindows(CustomerPortal):
    """The customer chooses the delivery window of a quotation, in the portal or by the link in the mail."""

    @http.route(
        "/my/orders/<int:order_id>/windows",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def portal_windows(self, order_id, access_token=None, **_params):
        """Show the next windows, and why earlier ones are not possible."""
        order = self._get_quotation(order_id, access_token)
        if not order:
            return request.redirect("/my")
        return self._render_windows(order, access_token)

    @http.route(
        "/my/orders/<int:order_id>/windows", type="http", auth="public", methods=["POST"], website=True
    )
    def portal_take_window(self, order_id, access_token=None, slot="", start="", **_params):
        """Promise the chosen window and hold its slot; shows the windows anew if it is gone meanwhile."""
        order = self._get_quotation(order_id, access_token)
        if not order:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                order.promise_delivery(slot or False, start or False)
        except UserError as error:
            return self._render_windows(order, access_token, str(error))
        return request.redirect(order.get_portal_url(), code=303)

    def _get_quotation(self, order_id, access_token):
        """The quotation in sudo if this visitor may see it; foreign, missing and confirmed are alike."""
        if not request.env["order.fulfilment.capability"].sudo()._is_on("slots"):
            return None
        try:
            order = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return None
        return order if order.state in ("draft", "sent") else None

    def _render_windows(self, order, access_token, error=""):
        try:
            offers = order.get_delivery_windows(OFFERS)
        except UserError as refusal:
            offers, error = [], error or str(refusal)
        values = {
            "order": order,
            "offers": offers,
            "error": error,
            "access_token": access_token or "",
            "page_name": "delivery_windows",
        }
        response = request.render("jit_delivery.portal_delivery_windows", values)
        response.headers["Cache-Control"] = "no-store"
        return response
