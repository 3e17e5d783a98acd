import re

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request


class WarehouseLabel(http.Controller):
    @http.route(
        "/order_fulfilment/label/<string:ids>.<any(pdf,zpl):kind>", type="http", auth="user", methods=["GET"]
    )
    def label(self, ids, kind):
        """Logistic labels of packages that the user may read; foreign and missing ones look the same."""
        if not re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9}){0,999}", ids):
            raise NotFound()
        numbers = list(dict.fromkeys(map(int, ids.split(","))))
        packages = request.env["stock.package"].search([("id", "in", numbers)])
        if not request.env.user.has_group("stock.group_stock_user") or len(packages) != len(numbers):
            raise NotFound()
        packages = packages.sorted(lambda package: numbers.index(package.id))
        content = packages._render_labels(kind)
        mime = "application/pdf" if kind == "pdf" else "text/plain; charset=utf-8"
        return request.make_response(content, [("Content-Type", mime), ("Cache-Control", "no-store")])
