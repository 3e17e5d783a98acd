from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools.support.recall_rules import ANSWERS


class RecallAnswer(CustomerPortal):
    """The customer's page of a recall, by the link in the mail or logged in. Looking writes nothing."""

    @http.route(
        "/recall/<int:notice_id>", type="http", auth="public", methods=["GET"], website=True, sitemap=False
    )
    def recall_page(self, notice_id, access_token=None, **_params):
        notice = self._get_notice(notice_id, access_token)
        return self._render_notice(notice, access_token) if notice else request.redirect("/my")

    @http.route(
        "/recall/<int:notice_id>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def recall_answer(self, notice_id, access_token=None, answer="", note="", **_params):
        notice = self._get_notice(notice_id, access_token)
        if not notice:
            return request.redirect("/my")
        if answer in ANSWERS and notice.recall_id.state == "in_progress":
            notice._answer(answer, note)
        return self._render_notice(notice, access_token)

    def _get_notice(self, notice_id, access_token):
        """The notice in sudo if this visitor may see it, else none."""
        if not request.env["order.fulfilment.capability"].sudo()._is_on("support"):
            raise NotFound()
        try:
            return self._document_check_access(
                "after.sales.recall.notice", notice_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return None

    def _render_notice(self, notice, access_token):
        values = {"notice": notice, "token": access_token or "", "page_name": "recall"}
        response = request.render("order_fulfilment.recall_page", values)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
