import json

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.gs1 import Gs1Error, gtin, is_element_string, parse

MODEL = "stock.picking"


class WarehouseScan(models.Model):
    """Returned goods are received by scan, as any other task: the server decides, the device shows."""

    _inherit = "warehouse.scan"

    @api.model
    def tasks(self):
        """The tasks there are, and the returns that are on their way."""
        awaited = self.env[MODEL].search(
            [
                ("return_order_id", "!=", False),
                ("state", "=", "assigned"),
                ("picking_type_code", "=", "incoming"),
            ],
            order="scheduled_date, id",
            limit=50,
        )
        return [*super().tasks(), *(self._return_task(picking) for picking in awaited)]

    @api.model
    def _return_task(self, picking):
        order = picking.sudo().return_order_id  # who receives goods has no rights in support
        parcel = [order.sscc, f"00{order.sscc}"] if order.sscc else []
        return {
            "task": [MODEL, picking.id],
            "name": f"{picking.name} ({order.name})",
            "codes": [picking.name, order.name, *parcel],
            "lines": len(picking.move_line_ids),
            "picked": len(picking.move_line_ids.filtered("picked")),
            "metres": 0,
            "partner": picking.partner_id.name or "",
            "scheduled": "",
        }

    @api.model
    def scan(self, scan_id, task, barcode="", action="scan", reason=""):
        picking = self._get_return_task(task)
        if not picking:
            return super().scan(scan_id, task, barcode, action, reason)
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("[OF-WH-035] Only warehouse users scan. Ask for the right to pick."))
        picking.check_access("write")
        if action in ("show", "open"):
            return self._return_answer(picking, "", "")
        return self._scan_return(scan_id, picking, (barcode or "").strip()[:500])

    @api.model
    def _get_return_task(self, task):
        """The incoming transfer of a return, or none: then the task is another capability's."""
        is_pair = isinstance(task, (list, tuple)) and len(task) == 2 and task[0] == MODEL
        if not is_pair or not isinstance(task[1], int):
            return None
        picking = self.env[MODEL].browse(task[1]).exists()
        is_return = (
            picking and picking.sudo().return_order_id and picking.sudo().picking_type_code == "incoming"
        )
        return picking if is_return else None

    def _scan_return(self, scan_id, picking, barcode):
        if not scan_id or not isinstance(scan_id, str) or len(scan_id) > 64:
            raise UserError(self.env._("[OF-WH-034] A scan needs an id of up to 64 characters."))
        event = self._claim_return_scan(scan_id, picking, barcode)
        if not event:
            return self.sudo().search([("scan_id", "=", scan_id)]).answer
        code, text = self._receive_scanned(picking, barcode)
        answer = self._return_answer(picking, code, text)
        refused = code in ("unknown_return", "complete_return")
        event.write({"kind": code, "is_refused": refused, "answer": answer})
        return answer

    def _claim_return_scan(self, scan_id, picking, barcode):
        """The row for this scan, or none if it was there: decided by the unique index."""
        self.env.cr.execute(
            """INSERT INTO warehouse_scan (scan_id, user_id, company_id, task_model, task_id, barcode,
                                           create_uid, create_date, write_uid, write_date)
               VALUES (%(scan)s, %(user)s, %(company)s, %(model)s, %(task)s, %(barcode)s,
                       %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC')
               ON CONFLICT (scan_id) DO NOTHING RETURNING id""",
            {
                "scan": scan_id,
                "user": self.env.uid,
                "company": picking.company_id.id,
                "model": MODEL,
                "task": picking.id,
                "barcode": barcode or None,
            },
        )
        row = self.env.cr.fetchone()
        return self.sudo().browse(row[0]) if row else None  # pickers read scans, only this method writes them

    def _receive_scanned(self, picking, barcode):
        """Count one piece; with the last one the transfer is done. Answer (code, sentence)."""
        line = self._find_returned(picking, barcode)
        if not line:
            return "unknown_return", self.env._(
                "%(code)s is not announced on %(transfer)s. Put it aside and ask support.",
                code=barcode,
                transfer=picking.name,
            )
        if line.picked:
            return "complete_return", self.env._("%s is received already.", line.product_id.display_name)
        line.qty_scanned += 1
        if line.product_id.uom_id.compare(line.qty_scanned, line.quantity_product_uom) < 0:
            wanted = f"{line.quantity_product_uom:g}"
            return "return_counted", self.env._(
                "%(done)s of %(wanted)s received.", done=f"{line.qty_scanned:g}", wanted=wanted
            )
        line.picked = True
        if all(picking.move_line_ids.mapped("picked")):
            picking._action_done()
            return "return_done", self.env._("All received. Bring it to inspection.")
        return "return_line_done", self.env._("Received. Scan the next piece.")

    def _find_returned(self, picking, barcode):
        """The line that the code means: a serial first, else a product; open lines first."""
        try:
            read = parse(barcode) if is_element_string(barcode) else {}
        except Gs1Error:
            read = {}
        serial = read.get("serial") or read.get("lot") or barcode
        lines = picking.move_line_ids.filtered(lambda line: line.state != "cancel").sorted("picked")
        named = lines.filtered(lambda line: line.lot_id and line.lot_id.name == serial)
        number = read.get("gtin") or barcode
        codes = {number, gtin(number), gtin(number).lstrip("0")} - {""}
        return (named or lines.filtered(lambda line: not line.lot_id and line.product_id.barcode in codes))[
            :1
        ]

    def _return_answer(self, picking, code, text):
        open_line = picking.move_line_ids.filtered(
            lambda line: not line.picked and line.state not in ("done", "cancel")
        )[:1]
        refused = code in ("unknown_return", "complete_return")
        lines = [self._return_line_data(line) for line in picking.move_line_ids.sorted("id")]
        answer = {
            "state": "receive" if open_line else "done",
            "data": {**(self._return_line_data(open_line) if open_line else {}), "receipt": lines},
            "message": {"code": code, "type": "danger" if refused else "success", "text": str(text)},
        }
        return json.loads(json.dumps(answer))

    def _return_line_data(self, line):
        is_done = line.picked or line.state == "done"
        return {
            "id": line.id,
            "line_id": line.id,
            "received": line.quantity_product_uom if is_done else line.qty_scanned,
            "is_done": is_done,
            "location": line.location_dest_id.name,
            "location_barcode": line.location_dest_id.barcode or "",
            "product": line.product_id.display_name,
            "product_barcode": line.product_id.barcode or "",
            "lot": line.lot_id.name or "",
            "quantity": line.quantity_product_uom,
            "picked": line.qty_scanned,
            "unit": line.product_id.uom_id.name,
            "transfer": line.picking_id.name,
        }
