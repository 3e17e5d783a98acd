import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.gs1 import Gs1Error, gtin, is_element_string, parse
from .scan_messages import ACCEPTED, scan_text

TASKS = {"stock.picking": "picking_id", "stock.picking.batch": "picking_id.batch_id"}


class WarehouseScan(models.Model):
    """One scan, once: what was read, by whom, for which task, and what the server answered.

    The device gives every scan an id and repeats it until it has an answer; the unique index makes a repeat
    harmless, and the kept answer is what it gets. The same rows are the quality figures of the floor.
    """

    _name = "warehouse.scan"
    _description = "Scan"
    _order = "id desc"

    scan_id = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    task_model = fields.Char(required=True, readonly=True)
    task_id = fields.Many2oneReference(model_field="task_model", required=True, readonly=True)
    barcode = fields.Char(readonly=True)
    kind = fields.Char("Result", readonly=True, index=True)
    is_refused = fields.Boolean("Caught", readonly=True)
    location_id = fields.Many2one("stock.location", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    move_line_id = fields.Many2one("stock.move.line", readonly=True, ondelete="set null")
    quantity = fields.Float(readonly=True)
    reason = fields.Char(readonly=True)
    answer = fields.Json(readonly=True)

    _unique_scan = models.Constraint("UNIQUE(scan_id)", "[OF-WH-030] This scan was received already.")
    _task = models.Index("(task_model, task_id, user_id, id)")

    @api.model
    def scan(self, scan_id, task, barcode="", action="scan", reason=""):
        """Take one scan and answer ``{state, data, message}``; one ``scan_id``, one answer, always.

        ``task``: ``[model, id]`` of a transfer or batch. ``action``: "scan", "short" (with ``reason``: the
        goods are not there) or "show" (only what is to be done next; leaves no trace).
        """
        lines = self._task_lines(task)
        if action == "show":
            return self._answer(task, lines, "", {})
        event = self._claim(scan_id, task, barcode, reason)
        if not event:
            return self.sudo().search([("scan_id", "=", scan_id)]).answer
        return self._take(event, task, lines, action)

    @api.model
    def tasks(self):
        """What the user may pick now, most urgent first: running batches, single transfers."""
        mine = [("user_id", "in", (False, self.env.uid))]
        running = [("state", "=", "in_progress"), *mine]
        batches = self.env["stock.picking.batch"].search(running, order="scheduled_date, id")
        alone = self.env["stock.picking"].search(
            [
                ("state", "=", "assigned"),
                ("batch_id", "=", False),
                ("picking_type_code", "!=", "incoming"),
                *mine,
            ],
            order="priority desc, scheduled_date, id",
            limit=50,
        )
        return [
            {
                "task": [document._name, document.id],
                "name": document.name,
                "lines": len(document._pick_lines()),
                "metres": round(document.pick_distance),
            }
            for document in [*batches, *alone]
        ]

    def _take(self, event, task, lines, action):
        decide = {"scan": self._decide_scan, "short": self._decide_short}.get(action)
        if not decide:
            raise UserError(
                self.env._("[OF-WH-031] Action %s is not known: use scan, short or show.", action)
            )
        code, values, found = decide(event, task, lines)
        answer = self._answer(task, lines, code, values)
        event.write(
            {**found, "kind": code, "is_refused": code not in ACCEPTED + ("short_nothing",), "answer": answer}
        )
        return answer

    def _task_lines(self, task):
        """Domain of the task's lines, after checking that the user may work on it."""
        if not (isinstance(task, (list, tuple)) and len(task) == 2 and task[0] in TASKS):
            raise UserError(
                self.env._('[OF-WH-032] A task is a pair of model and id, e.g. ["stock.picking", 7].')
            )
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("[OF-WH-035] Only warehouse users scan. Ask for the right to pick."))
        document = self.env[task[0]].browse(int(task[1])).exists()
        if not document:
            raise UserError(self.env._("[OF-WH-033] There is no such task. Choose another one."))
        document.check_access("write")
        return [(TASKS[task[0]], "=", document.id), ("state", "not in", ("done", "cancel", "draft"))]

    def _claim(self, scan_id, task, barcode, reason):
        """The row for this scan id, or none if it was there: decided by the index, not by looking first."""
        if not scan_id or len(scan_id) > 64:
            raise UserError(self.env._("[OF-WH-034] A scan needs an id of up to 64 characters."))
        self.env.cr.execute(
            """INSERT INTO warehouse_scan (scan_id, user_id, company_id, task_model, task_id, barcode, reason,
                                           create_uid, create_date, write_uid, write_date)
               VALUES (%(scan)s, %(user)s, %(company)s, %(model)s, %(task)s, %(barcode)s, %(reason)s,
                       %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC')
               ON CONFLICT (scan_id) DO NOTHING RETURNING id""",
            {
                "scan": scan_id,
                "user": self.env.uid,
                "company": self.env.company.id,
                "model": task[0],
                "task": int(task[1]),
                "barcode": barcode or None,
                "reason": reason or None,
            },
        )
        row = self.env.cr.fetchone()
        return self.sudo().browse(row[0]) if row else None  # pickers read scans, only this method writes them

    # -- what a scan means ---------------------------------------------------------------------------------
    def _decide_scan(self, event, task, lines):
        """Answer ``(message code, its values, fields of the event)``."""
        target = self._next_line(task, lines)
        if not target:
            return "nothing_left", {}, {}
        barcode = (event.barcode or "").strip()
        try:
            read = parse(barcode) if is_element_string(barcode) else {}
        except Gs1Error as error:
            return "unreadable", {"problem": str(error)}, {}
        location = (
            self.env["stock.location"].search([("barcode", "=", barcode)], limit=1) if not read else None
        )
        if location:
            return self._at_location(location, target, lines)
        place = self._confirmed_place(event, target)
        if not place:
            return "location_first", {"place": target.location_id.name}, {}
        return self._with_product(barcode, read, place, lines)

    def _at_location(self, location, target, lines):
        here = self._open_lines([*lines, ("location_id", "=", location.id)], limit=1)
        if not here:
            return "wrong_location", {"scanned": location.name, "place": target.location_id.name}, {}
        return "location_ok", {"product": here.product_id.display_name}, {"location_id": location.id}

    def _confirmed_place(self, event, target):
        """Where this user stands: the last location accepted for this task."""
        last = (
            self.sudo()
            .search(
                [
                    ("task_model", "=", event.task_model),
                    ("task_id", "=", event.task_id),
                    ("user_id", "=", self.env.uid),
                    ("location_id", "!=", False),
                    ("is_refused", "=", False),
                    ("id", "<", event.id),
                ],
                limit=1,
            )
            .location_id
        )
        return last or (target.location_id if not target.location_id.barcode else None)

    def _with_product(self, barcode, read, place, lines):
        product, lot, per_scan = self._find_goods(barcode, read, place, lines)
        here = self._open_lines([*lines, ("location_id", "=", place.id)])
        found = {"location_id": place.id, "product_id": product.id}
        if not product:
            return "unknown_barcode", {"barcode": barcode}, {}
        fitting = here.filtered(lambda line: line.product_id == product)
        if not fitting:
            wanted = here[:1] or self._open_lines(lines, limit=1)
            names = {"scanned": product.display_name, "product": wanted.product_id.display_name}
            return ("wrong_product" if here else "nothing_left"), names if here else {}, found
        if product.tracking != "none" and not lot:
            return "lot_needed", {"product": product.display_name}, found
        return self._count(fitting, lot, read, per_scan, found)

    def _find_goods(self, barcode, read, place, lines):
        """``(product, lot name, quantity)`` that the barcode says; a packaging counts its content."""
        product_model = self.env["product.product"]
        lot = read.get("lot") or read.get("serial") or ""
        number = read.get("gtin") or read.get("content") or (barcode if not read else "")
        quantity = read.get("quantity") or read.get("count") or 1
        forms = {number, gtin(number), gtin(number).lstrip("0"), gtin(number)[1:]} - {""}
        product = product_model.search([("barcode", "in", list(forms))], limit=1)
        if not product and forms:
            packaging = self.env["product.uom"].search([("barcode", "in", list(forms))], limit=1)
            product = packaging.product_id
            if product:
                quantity *= packaging.uom_id._compute_quantity(1, product.uom_id)
        if not product:
            lot = lot or barcode
            here = self._open_lines([*lines, ("location_id", "=", place.id)])
            known = self.env["stock.lot"].search(
                [("name", "=", lot), ("product_id", "in", here.product_id.ids)], limit=1
            )
            product = known.product_id
        return product, lot, quantity

    def _count(self, fitting, lot, read, quantity, found):
        """Count ``quantity`` on the first fitting line, in the order of the bins on the cart."""
        line = fitting.filtered(lambda line: not lot or line.lot_id.name == lot)[:1]
        if not line:
            return "wrong_lot", {"scanned": lot, "lot": fitting[0].lot_id.name or ""}, found
        expiry = read.get("expiry_date")
        if expiry and expiry < fields.Date.context_today(self):
            return "expired_lot", {"scanned": lot or str(expiry)}, found
        left = line.quantity_product_uom - line.qty_scanned
        found = {**found, "move_line_id": line.id, "quantity": quantity}
        if line.product_id.uom_id.compare(quantity, left) > 0:
            return "too_many", {"left": f"{left:g}"}, found
        line.qty_scanned += quantity
        wanted = line.quantity_product_uom
        if line.product_id.uom_id.compare(line.qty_scanned, wanted) < 0:
            return "picked", {"done": f"{line.qty_scanned:g}", "wanted": f"{wanted:g}"}, found
        line.picked = True
        return "line_done", {}, found

    def _decide_short(self, event, task, lines):
        """The goods are not where they should be: free the rest of the line, reserve it elsewhere."""
        place = self._confirmed_place(event, self._next_line(task, lines))
        line = self._open_lines([*lines, ("location_id", "=", place.id)], limit=1) if place else None
        if not line:
            return "nothing_left", {}, {}
        found = {"location_id": place.id, "product_id": line.product_id.id, "move_line_id": line.id}
        elsewhere, missing = line._move_shortage()
        found["quantity"] = missing
        if not elsewhere:
            return "short_nothing", {}, {**found, "move_line_id": False}
        return "short_ok", {"missing": f"{missing:g}", "place": elsewhere[:1].location_id.name}, found

    # -- what comes next -----------------------------------------------------------------------------------
    def _open_lines(self, domain, limit=None):
        return self.env["stock.move.line"].search(
            [*domain, ("picked", "=", False), ("quantity", ">", 0)], limit=limit, order="id"
        )

    def _next_line(self, task, lines):
        """First open line along the walk, found by location, so that 500 lines cost what one does."""
        groups = self.env["stock.move.line"]._read_group(
            [*lines, ("picked", "=", False), ("quantity", ">", 0)], ["location_id"], []
        )
        if not groups:
            return self.env["stock.move.line"]
        rank = self.env[task[0]].browse(int(task[1]))._pick_rank()
        location = min((row[0] for row in groups), key=lambda place: (rank.get(place.id, 10**6), place.id))
        return self._open_lines([*lines, ("location_id", "=", location.id)], limit=1)

    def _answer(self, task, lines, code, values):
        line = self._next_line(task, lines)
        if not line and code in ("line_done", ""):
            code = "task_done"
        answer = {
            "state": "pick" if line else "done",
            "data": self._line_data(line) if line else {},
            "message": {
                "code": code,
                "type": "success" if code in ACCEPTED or not code else "danger",
                "text": scan_text(self.env, code, values) if code else "",
            },
        }
        return json.loads(json.dumps(answer))

    def _line_data(self, line):
        return {
            "line_id": line.id,
            "location": line.location_id.name,
            "location_barcode": line.location_id.barcode or "",
            "product": line.product_id.display_name,
            "product_barcode": line.product_id.barcode or "",
            "lot": line.lot_id.name or "",
            "quantity": line.quantity_product_uom,
            "picked": line.qty_scanned,
            "unit": line.product_id.uom_id.name,
            "transfer": line.picking_id.name,
        }
