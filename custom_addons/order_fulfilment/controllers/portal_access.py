from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools.tracking import page_access

REPORT_LIMIT = (10, 3600)  # tries, seconds


class PortalAccess(CustomerPortal):
    """Who may see a document by its link, and how often somebody may write to us."""

    def _document_check_access(self, model_name, document_id, access_token=None):
        """A key with other than ASCII letters is a wrong one.

        Odoo's comparison raises TypeError on it, and only where the document is there: the failure would
        tell foreign from missing.
        """
        if not str(access_token or "").isascii():
            access_token = None
        return super()._document_check_access(model_name, document_id, access_token=access_token)

    def _allow_report(self):
        """Who has logged in is counted alone, not with all others behind the address of his office."""
        limits, user = request.env["order.page.limit"].sudo(), request.env.user
        if not user._is_public():
            return limits._allow("report by", user.id, *REPORT_LIMIT)
        address = page_access.address_group(request.httprequest.remote_addr)
        return limits._allow("report", address, *REPORT_LIMIT)
