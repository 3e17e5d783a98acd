from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request


class WarehouseLabel(http.Controller):
    @http.route(
        "/order_fulfilment/label/<string:ids>.<any(pdf,zpl):kind>", type="http", auth="user", methods=["GET"]
    )
    def label(self, ids, kind):
        """Logistic labels of packages that the user may read; foreign and missing ones look the same."""
        numbers = [int(number) for number in ids.split(",") if number.isdigit()]
        packages = request.env["stock.package"].search([("id", "in", numbers)])
        if not request.env.user.has_group("stock.group_stock_user") or len(packages) != len(set(numbers)):
            raise NotFound()
        content = packages._render_labels(kind)
        mime = "application/pdf" if kind == "pdf" else "text/plain; charset=utf-8"
        return request.make_response(content, [("Content-Type", mime), ("Cache-Control", "no-store")])
