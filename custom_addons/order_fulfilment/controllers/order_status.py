import time

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from ..tools.tracking import page_access
from .portal_access import PortalAccess

# (tries, seconds): enough for a person with a bad memory, hopeless for a script.
ADDRESS_LIMIT = (20, 900)
ORDER_LIMIT = (10, 3600)
# Right or wrong, the answer comes at this time after the question; far longer than the work takes.
ANSWER_AFTER = 0.35


class OrderStatus(PortalAccess):
    """The customer's page: in the portal, by link, and by order reference and post code."""

    def _is_tracking_on(self):
        return request.env["order.fulfilment.capability"].sudo()._is_on("tracking")

    # ------------------------------------------------------------ portal and links from mails

    @http.route("/my/orders/<int:order_id>/status", type="http", auth="public", website=True, sitemap=False)
    def portal_order_status(self, order_id, access_token=None, **_params):
        order = self._get_portal_order(order_id, access_token)
        if not order:
            return request.redirect("/my")
        return self._render_page(order, {"order_id": order_id, "access_token": access_token or ""})

    @http.route(
        "/my/orders/<int:order_id>/notices", type="http", auth="public", methods=["POST"], website=True
    )
    def portal_order_notices(self, order_id, access_token=None, **choices):
        """Save which mails and messages the customer wants."""
        order = self._get_portal_order(order_id, access_token)
        if not order:
            return request.redirect("/my")
        order.partner_id.sudo()._choose_notices({name for name in choices if choices[name]})
        done = request.env._("Your choice is saved.")
        return self._render_page(order, {"order_id": order_id, "access_token": access_token or ""}, done)

    def _get_portal_order(self, order_id, access_token):
        """The order in sudo if this visitor may see it; foreign and missing are alike."""
        if not self._is_tracking_on():
            return None
        try:
            return self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return None

    # ------------------------------------------------------------ without login

    @http.route("/order-status", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def public_order_form(self, **_params):
        if not self._is_tracking_on():
            raise request.not_found()
        return request.render("order_fulfilment.order_status_form", {"page_name": "order_status"})

    @http.route("/order-status", type="http", auth="public", methods=["POST"], website=True, sitemap=False)
    def public_order_find(self, reference="", post_code="", **_params):
        """Look for the pair. Nothing but the final answer differs between a wrong and an unknown one."""
        if not self._is_tracking_on():
            raise request.not_found()
        answer_at = time.monotonic() + ANSWER_AFTER
        allowed = self._is_within_limits(reference)
        order = request.env["sale.order"]._find_for_page(reference, post_code)
        token = order._get_page_token() if allowed and order else ""
        time.sleep(max(0.0, answer_at - time.monotonic()))
        if token:
            return request.redirect(f"/order-status/view?token={token}", code=303)
        return self._render_refusal(allowed)

    def _is_within_limits(self, reference):
        limits = request.env["order.page.limit"].sudo()
        address = page_access.address_group(request.httprequest.remote_addr)
        by_address = limits._allow("address", address, *ADDRESS_LIMIT)
        by_order = limits._allow("order", page_access.normalize_reference(reference), *ORDER_LIMIT)
        return by_address and by_order

    def _render_refusal(self, allowed):
        error = (
            request.env._("We know no order with this reference and post code. Check both and try again.")
            if allowed
            else request.env._("Too many tries. Please wait an hour, or ask us by phone.")
        )
        response = request.render(
            "order_fulfilment.order_status_form", {"page_name": "order_status", "error": error}
        )
        response.status_code = 200 if allowed else 429
        return response

    @http.route(
        "/order-status/view", type="http", auth="public", methods=["GET"], website=True, sitemap=False
    )
    def public_order_page(self, token="", **_params):
        order = self._get_public_order(token)
        if not order:
            return request.redirect("/order-status")
        return self._render_page(order, {"token": token})

    def _get_public_order(self, token):
        return self._is_tracking_on() and request.env["sale.order"]._find_by_page_token(token)

    # ------------------------------------------------------------ for both

    @http.route("/order-status/report", type="http", auth="public", methods=["POST"], website=True)
    def report_problem(self, text="", line_id="", token="", order_id="", access_token="", **_params):
        """Take a report about a line of an order that this visitor may see."""
        order = self._get_public_order(token) if token else None
        if not order and str(order_id).isdigit():
            order = self._get_portal_order(int(order_id), access_token)
        if not order:
            return request.redirect("/order-status")
        if not self._allow_report():
            return self._render_refusal(allowed=False)
        done = ""
        text = page_access.without_control(text).strip()
        if text:
            line = order.order_line.filtered(lambda line: str(line.id) == line_id)
            done = order.sudo()._report_problem(line, text)
        keys = {"token": token} if token else {"order_id": order_id, "access_token": access_token}
        return self._render_page(order, keys, done)

    def _render_page(self, order, keys, done=""):
        values = order.with_context(tz=order._get_delivery_tz())._prepare_page()
        response = request.render(
            "order_fulfilment.order_status_page",
            {**values, "keys": keys, "done": done, "page_name": "order_status"},
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"  # the address carries the token
        return response
