from odoo import http
from odoo.http import request


class WarehouseScan(http.Controller):
    @http.route("/order_fulfilment/scan", type="jsonrpc", auth="user", methods=["POST"])
    def scan(self, scan_id, task, barcode="", action="scan", reason=""):
        """One scan; the rules and rights are those of ``warehouse.scan.scan``."""
        return request.env["warehouse.scan"].scan(scan_id, task, barcode, action, reason)
