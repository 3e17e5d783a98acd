from odoo import http
from odoo.http import request
from odoo.tools import file_open

ICON = "/order_fulfilment/static/description/icon.png"
COLOUR = "#714B67"


class WarehouseScan(http.Controller):
    @http.route("/order_fulfilment/scan", type="jsonrpc", auth="user", methods=["POST"])
    def scan(self, scan_id, task, barcode="", action="scan", reason="", age=0):
        """One scan; the rules and rights are those of ``warehouse.scan.scan``."""
        return request.env["warehouse.scan"].scan(scan_id, task, barcode, action, reason, age)

    @http.route("/order_fulfilment/scan/app", type="http", auth="user", methods=["GET"])
    def app(self):
        """The scan app as a page of its own. It holds no data: tasks come through the routes above."""
        if not request.env.user.has_group("stock.group_stock_user"):
            raise request.not_found()
        session_info = request.env["ir.http"].get_frontend_session_info()
        session_info |= {
            "uid": request.env.uid,
            "db": request.env.cr.dbname,
            "translationURL": "/web/webclient/translations",
        }
        lang = (request.env.lang or "en_US").replace("_", "-")
        values = {"session_info": session_info, "colour": COLOUR, "icon": ICON, "lang": lang}
        return request.render("order_fulfilment.scan_page", values, headers={"Cache-Control": "no-cache"})

    @http.route("/order_fulfilment/scan/manifest.webmanifest", type="http", auth="public", methods=["GET"])
    def manifest(self):
        """What makes the page an app that a phone can install, beside Odoo's own app."""
        manifest = {
            "name": request.env._("Warehouse Scan"),
            "short_name": request.env._("Scan"),
            "id": "/order_fulfilment/scan/app",
            "start_url": "/order_fulfilment/scan/app",
            "scope": "/order_fulfilment/scan/",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": COLOUR,
            "theme_color": COLOUR,
            "prefer_related_applications": False,
            "icons": [
                {"src": "/web/static/img/odoo-icon-192x192.png", "sizes": "192x192", "type": "image/png"},
                {"src": "/web/static/img/odoo-icon-512x512.png", "sizes": "512x512", "type": "image/png"},
            ],
        }
        return request.make_json_response(manifest, {"Content-Type": "application/manifest+json"})

    @http.route("/order_fulfilment/scan/service-worker.js", type="http", auth="public", methods=["GET"])
    def service_worker(self):
        """Served from here so that its scope can be the app's."""
        with file_open("order_fulfilment/static/src/warehouse/scan_page/service_worker.js") as file:
            body = file.read()
        headers = [
            ("Content-Type", "text/javascript"),
            ("Service-Worker-Allowed", "/order_fulfilment/scan/"),
            ("Cache-Control", "no-cache"),
        ]
        return request.make_response(body, headers)
