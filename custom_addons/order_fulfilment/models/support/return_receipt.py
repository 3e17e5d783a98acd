import json

from odoo import api, models

from ...tools.gs1 import Gs1Error, gtin_forms, is_element_string, parse

MODEL = "stock.picking"
REFUSED = ("unknown_return", "complete_return")


class WarehouseScan(models.Model):
    """Returned goods are received by scan, as any other task: the server decides, the device shows."""

    _inherit = "warehouse.scan"

    @api.model
    def tasks(self):
        """The tasks there are, and the returns that are on their way."""
        tasks = super().tasks()
        awaited = self.env[MODEL].search(
            [
                ("return_order_id", "!=", False),
                ("state", "=", "assigned"),
                ("picking_type_code", "=", "incoming"),
            ],
            order="scheduled_date, id",
            limit=50,
        )
        return [*tasks, *(self._return_task(picking) for picking in awaited)]

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
    def scan(self, scan_id, task, barcode="", action="scan", reason="", age=0):
        if not self._is_return_task(task):
            return super().scan(scan_id, task, barcode, action, reason, age)
        self._check_may_scan()
        model, number = task
        if action == "show":
            return self._return_answer(self._task_document(model, number), "", "")
        self._check_scan_id(scan_id)
        barcode = "" if action == "open" else self._scanned_text(barcode)
        return self._alone(
            model, number, lambda scans: scans._take_return(scan_id, number, barcode, action, age)
        )

    @api.model
    def _is_return_task(self, task):
        """Whether it is the incoming transfer of a return; any other task is another capability's."""
        is_pair = isinstance(task, (list, tuple)) and len(task) == 2 and task[0] == MODEL
        if not is_pair or type(task[1]) is not int or not 0 < task[1] < 2**31:
            return False
        self.env.cr.execute(
            """SELECT 1 FROM stock_picking picking
                 JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
                WHERE picking.id = %s AND picking.return_order_id IS NOT NULL AND kind.code = 'incoming'""",
            [task[1]],
        )
        return bool(self.env.cr.rowcount)

    def _take_return(self, scan_id, number, barcode, action, age):
        picking = self._task_document(MODEL, number)
        event = self._claim(scan_id, picking, barcode, action, age)
        if not event:
            return self._kept_answer(scan_id, picking, barcode)
        code, text = ("", "") if action == "open" else self._receive_scanned(picking, barcode)
        answer = self._return_answer(picking, code, text)
        refused = code in REFUSED
        figures = {"mistakes": int(refused), "scans": int(action != "open"), "phase": "receive"}
        event.write({"kind": code or "opened", "is_refused": refused, "answer": answer, **figures})
        return answer

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
            picking._do_by_itself()
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
        codes = gtin_forms(number)
        return (named or lines.filtered(lambda line: not line.lot_id and line.product_id.barcode in codes))[
            :1
        ]

    def _return_answer(self, picking, code, text):
        open_line = picking.move_line_ids.filtered(
            lambda line: not line.picked and line.state not in ("done", "cancel")
        )[:1]
        lines = [self._return_line_data(line) for line in picking.move_line_ids.sorted("id")]
        answer = {
            "state": "receive" if open_line else "done",
            "data": {**(self._return_line_data(open_line) if open_line else {}), "receipt": lines},
            "message": {"code": code, "type": "danger" if code in REFUSED else "success", "text": str(text)},
        }
        return json.loads(json.dumps(answer))

    def _return_line_data(self, line):
        is_done = line.picked or line.state == "done"
        return {
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
