from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

REASONS = ("defect", "damaged", "wrong_item", "not_needed", "other")


class ReturnPortal(CustomerPortal):
    """The customer asks for returns, prints their labels and follows them. Foreign and missing look alike."""

    def _is_support_on(self):
        return request.env["order.fulfilment.capability"].sudo()._is_on("support")

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "return_count" in counters:
            returns = request.env["after.sales.return"]
            values["return_count"] = returns.search_count([]) if self._is_support_on() else 0
        return values

    @http.route("/my/returns", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def my_returns(self, **_params):
        if not self._is_support_on():
            raise NotFound()
        returns = request.env["after.sales.return"].search([])
        return request.render(
            "order_fulfilment.portal_my_returns", {"returns": returns, "page_name": "after_sales_return"}
        )

    @http.route("/my/returns/new", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def new_return(self, **_params):
        return self._render_return_form()

    @http.route("/my/returns/new", type="http", auth="user", methods=["POST"], website=True, sitemap=False)
    def ask_for_return(self, reason="defect", note="", **chosen):
        if not self._is_support_on():
            raise NotFound()
        quantities = {
            name.removeprefix("qty_"): self._as_number(value)
            for name, value in chosen.items()
            if name.startswith("qty_")
        }
        asked = request.env["after.sales.return"]._ask_from_portal(
            request.env.user.partner_id, quantities, reason if reason in REASONS else "other", note
        )
        if not asked:
            return self._render_return_form(request.env._("Choose what you send back, and how many."))
        return request.redirect(f"/my/returns/{asked.id}" if len(asked) == 1 else "/my/returns", code=303)

    def _as_number(self, value):
        try:
            number = float(str(value).replace(",", "."))
        except ValueError:
            return 0.0
        return number if 0 < number < 1e9 else 0.0

    def _render_return_form(self, error=""):
        if not self._is_support_on():
            raise NotFound()
        rows = request.env["after.sales.return"]._get_returnable(request.env.user.partner_id)
        values = {"rows": rows, "error": error, "page_name": "after_sales_return"}
        return request.render("order_fulfilment.portal_return_new", values)

    @http.route(
        "/my/returns/<int:return_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def my_return(self, return_id, access_token=None, **_params):
        order = self._get_return(return_id, access_token)
        if not order:
            return request.redirect("/my")
        values = {"order": order, "page_name": "after_sales_return", "token": access_token or ""}
        response = request.render("order_fulfilment.portal_return", values)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @http.route(
        "/my/returns/<int:return_id>/label",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def return_label(self, return_id, access_token=None, **_params):
        order = self._get_return(return_id, access_token)
        if not order or order.state not in ("confirmed", "in_progress"):
            return request.redirect("/my")
        headers = [("Content-Type", "application/pdf"), ("Cache-Control", "no-store")]
        return request.make_response(order._render_label(), headers)

    def _get_return(self, return_id, access_token):
        """The return in sudo if this visitor may see it, else none."""
        if not self._is_support_on():
            return None
        try:
            return self._document_check_access("after.sales.return", return_id, access_token=access_token)
        except (AccessError, MissingError):
            return None
