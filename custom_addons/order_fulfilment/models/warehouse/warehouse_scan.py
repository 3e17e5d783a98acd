import json
import zlib
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.modules import module
from odoo.service.model import retrying

from ...tools.warehouse import scan_rules
from .scan_messages import scan_text

TASKS = {"stock.picking": "picking_id", "stock.picking.batch": "picking_id.batch_id"}
ACTIONS = ("scan", "short", "show", "open")
BREAK_SECONDS = 900  # a longer pause between two scans is not counted as work


class WarehouseScan(models.Model):
    """One scan, once: what was read, by whom, for which task, and what the server answered.

    The device gives every scan an id and repeats it until it has an answer; the unique index makes a repeat
    harmless, and the kept answer is what it gets. The same rows are the quality figures of the floor.
    """

    _name = "warehouse.scan"
    _description = "Scan"
    _order = "id desc"

    scan_id = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Picker", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    task_model = fields.Char(required=True, readonly=True)
    task_id = fields.Many2oneReference(model_field="task_model", required=True, readonly=True)
    barcode = fields.Char(readonly=True)
    phase = fields.Char("Step", readonly=True)
    kind = fields.Char("Result", readonly=True, index=True)
    is_refused = fields.Boolean("Caught", readonly=True)
    location_id = fields.Many2one("stock.location", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    move_line_id = fields.Many2one("stock.move.line", readonly=True, ondelete="set null")
    quantity = fields.Float(readonly=True)
    reason = fields.Char(readonly=True)
    session = fields.Json(readonly=True, help="Where the picker stood in the task after this scan.")
    answer = fields.Json(readonly=True)

    _unique_scan = models.Constraint("UNIQUE(scan_id)", "[OF-WH-030] This scan was received already.")
    _task = models.Index("(task_model, task_id, user_id, id)")

    @api.model
    def scan(self, scan_id, task, barcode="", action="scan", reason=""):
        """Take one scan and answer ``{state, data, message}``; one ``scan_id``, one answer, always.

        ``task``: ``[model, id]`` of a transfer or batch. ``action``: "scan", "short" (with ``reason``: the
        goods are not there), "open" (the whole task, and where to begin: others are sent elsewhere) or "show"
        (the whole task as it stands; leaves no trace).
        """
        document = self._task_document(task)
        if action not in ACTIONS:
            raise UserError(
                self.env._("[OF-WH-031] Action %s is not known: use scan, short or show.", action)
            )
        if action == "show":
            return self._plain(document._scan_show())
        if not scan_id or not isinstance(scan_id, str) or len(scan_id) > 64:
            raise UserError(self.env._("[OF-WH-034] A scan needs an id of up to 64 characters."))
        if action == "open":
            return self._alone(document, lambda scans: scans._open(scan_id, document))
        barcode = f"OF-CMD-SHORT-{(reason or 'missing').upper()}" if action == "short" else str(barcode or "")
        return self._alone(document, lambda scans: scans._take(scan_id, document, barcode.strip()[:500]))

    @api.model
    def tasks(self):
        """What the user may do now, most urgent first: running batches, single transfers."""
        self._check_may_scan()
        mine = [("user_id", "in", (False, self.env.uid)), ("company_id", "in", self.env.companies.ids)]
        running = [("state", "=", "in_progress"), *mine]
        batches = self.env["stock.picking.batch"].search(running, order="scheduled_date, id", limit=50)
        ready = [
            ("state", "=", "assigned"),
            ("batch_id", "=", False),
            ("picking_type_code", "!=", "incoming"),
        ]
        alone = self.env["stock.picking"].search(
            [*ready, *mine], order="priority desc, scheduled_date, id", limit=50
        )
        return [document._scan_task_summary() for document in [*batches, *alone]]

    def _check_may_scan(self):
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("[OF-WH-035] Only warehouse users scan. Ask for the right to pick."))

    def _task_document(self, task):
        """The transfer or batch, after checking that the user may work on it."""
        pair = isinstance(task, (list, tuple)) and len(task) == 2 and task[0] in TASKS
        if not pair or not isinstance(task[1], int):
            raise UserError(
                self.env._('[OF-WH-032] A task is a pair of model and id, e.g. ["stock.picking", 7].')
            )
        self._check_may_scan()
        document = self.env[task[0]].browse(task[1]).exists()
        if not document or not document.has_access("read"):
            raise UserError(self.env._("[OF-WH-033] There is no such task. Choose another one."))
        document.check_access("write")
        return document

    # -- one after the other -------------------------------------------------------------------------------
    def _alone(self, document, work):
        """Call ``work`` in a transaction of its own while nobody else scans for the same task.

        Odoo's snapshots are older than any lock that a request takes, so two people on one wave would fail
        with serialization errors, or count one piece twice. Hence: a new connection, the lock, only then the
        snapshot. A scan that was answered is safe, whatever becomes of the request.
        """
        if module.current_test:
            return work(self)
        document = getattr(document, "batch_id", None) or document
        key = (zlib.crc32(document._name.encode()) & 0x7FFFFFFF, document.id)
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(%s, %s)", key)
            try:
                cr.rollback()  # the snapshot must be younger than the lock
                return retrying(partial(work, self.with_env(self.env(cr=cr))), self.env(cr=cr))
            finally:
                cr.rollback()
                cr.execute("SELECT pg_advisory_unlock(%s, %s)", key)

    def _take(self, scan_id, document, barcode):
        document = document.with_env(self.env)
        event = self._claim(scan_id, document, barcode)
        if not event:
            return self._kept_answer(scan_id)
        view, names = document._scan_view(self.env.uid)
        read = document._scan_read(barcode, view)
        verdict = document._scan_apply(scan_rules.judge(view, read), view)
        names |= self._names_of(verdict.words)
        answer = self._plain(document._scan_answer(verdict, view, names))
        session = answer["data"]["session"]
        event.write({**event._event_values(verdict, view, read, session, document), "answer": answer})
        return answer

    def _open(self, scan_id, document):
        """Begin, or go on with, a task; not a scan, so it counts in no figure."""
        document = document.with_env(self.env)
        event = self._claim(scan_id, document, "")
        if not event:
            return self._kept_answer(scan_id)
        answer = self._plain(document._scan_show())
        session = answer["data"]["view"]["session"]
        event.write({"kind": "opened", "scans": 0, "session": session, "answer": {**answer, "data": {}}})
        return answer

    def _claim(self, scan_id, document, barcode):
        """The row for this scan id, or none if it was there: decided by the index, not by looking first."""
        self.env.cr.execute(
            """INSERT INTO warehouse_scan (scan_id, user_id, company_id, task_model, task_id, barcode,
                                           create_uid, create_date, write_uid, write_date)
               VALUES (%(scan)s, %(user)s, %(company)s, %(model)s, %(task)s, %(barcode)s,
                       %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC')
               ON CONFLICT (scan_id) DO NOTHING RETURNING id""",
            {
                "scan": scan_id,
                "user": self.env.uid,
                "company": (document.company_id or self.env.company).id,
                "model": document._name,
                "task": document.id,
                "barcode": barcode or None,
            },
        )
        row = self.env.cr.fetchone()
        return self.sudo().browse(row[0]) if row else None  # pickers read scans, only this method writes them

    def _kept_answer(self, scan_id):
        kept = self.sudo().search([("scan_id", "=", scan_id)])
        if kept.user_id != self.env.user:
            raise UserError(self.env._("[OF-WH-036] This scan id belongs to another user: make a new one."))
        return kept.answer

    # -- words and answers ---------------------------------------------------------------------------------
    def _names_of(self, words):
        """Names of the :class:`Ref` among ``words`` that the task's own names may lack, in few queries."""
        models_of = {
            "product": "product.product",
            "place": "stock.location",
            "transfer": "stock.picking",
            "box": "stock.package",
        }
        found = {}
        for ref in words.values():
            if hasattr(ref, "kind") and ref.kind in models_of:
                record = self.env[models_of[ref.kind]].browse(ref.id)
                found[ref.kind, ref.id] = record.name if ref.kind != "product" else record.display_name
        return found

    def _sentence(self, verdict, names):
        words = {
            word: names.get((value.kind, value.id), "?") if hasattr(value, "kind") else value
            for word, value in verdict.words.items()
        }
        return scan_text(self.env, verdict.code, words)

    @staticmethod
    def _plain(answer):
        """The answer as every client reads it: JSON values, and False for nothing (XML-RPC has no null)."""

        def no_null(value):
            if isinstance(value, dict):
                return {key: no_null(item) for key, item in value.items()}
            if isinstance(value, list):
                return [no_null(item) for item in value]
            return False if value is None else value

        return no_null(json.loads(json.dumps(answer, default=str)))
