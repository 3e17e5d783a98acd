import json
import zlib
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.modules import module
from odoo.service.model import retrying

from ...tools.gs1 import scanned
from ...tools.warehouse import scan_rules
from ...tools.warehouse.scan_view import COMMANDS
from .scan_messages import scan_text

TASKS = ("stock.picking", "stock.picking.batch")
TASK_FIELDS = ("name", "company_id", "picking_type_id", "pick_route", "pick_distance")
ACTIONS = ("scan", "short", "open")
BREAK_SECONDS = 900  # a longer pause between two scans is not counted as work
LONGEST_AGE = 7 * 86400  # seconds; an older scan is taken for one of a wrong clock

CLAIM = """
  WITH scan AS (SELECT now() AT TIME ZONE 'UTC' AS now,
                       now() AT TIME ZONE 'UTC' - make_interval(secs => %(age)s) AS made),
       before AS (SELECT coalesce(scanned_at, create_date) AS made FROM warehouse_scan
                   WHERE user_id = %(user)s ORDER BY id DESC LIMIT 1)
INSERT INTO warehouse_scan (scan_id, user_id, company_id, task_model, task_id, barcode, scanned_at, hours,
                            create_uid, create_date, write_uid, write_date)
SELECT %(scan)s, %(user)s, %(company)s, %(model)s, %(task)s, %(barcode)s, scan.made,
       CASE WHEN scan.made - before.made BETWEEN interval '0' AND make_interval(secs => %(break)s)
            THEN extract(epoch FROM scan.made - before.made) / 3600 ELSE 0 END,
       %(user)s, scan.now, %(user)s, scan.now
  FROM scan LEFT JOIN before ON true
    ON CONFLICT (scan_id) DO NOTHING RETURNING id
"""


class WarehouseScan(models.Model):
    """One scan, once: what was read, by whom, for which task, and what the server answered.

    The device gives every scan an id and repeats it until it has an answer; the unique index makes a repeat
    harmless, and the kept answer is what it gets. The same rows are the quality figures of the floor.
    """

    _name = "warehouse.scan"
    _description = "Scan"
    _order = "id desc"

    scan_id = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Picker", required=True, readonly=True)
    scanned_at = fields.Datetime(
        "Scanned",
        readonly=True,
        default=fields.Datetime.now,
        help="By the device, which may have been offline.",
    )
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
    _person = models.Index("(user_id, id)")

    @api.model
    def scan(self, scan_id, task, barcode="", action="scan", reason="", age=0):
        """Take one scan and answer ``{state, data, message}``; one ``scan_id``, one answer, always.

        ``task``: ``[model, id]`` of a transfer or batch. ``action``: "scan", "short" (with ``reason``: the
        goods are not there), "open" (the whole task, and where to begin: others are sent elsewhere) or "show"
        (the whole task as it stands; leaves no trace). ``age``: seconds that it has waited on the device.
        """
        self._check_may_scan()
        model, number = self._task_pair(task)
        if action == "show":
            return self._plain(self._task_document(model, number)._scan_show())
        if action not in ACTIONS:
            raise UserError(
                self.env._("[OF-WH-031] Action %s is not known: use scan, short, open or show.", action)
            )
        self._check_scan_id(scan_id)
        barcode = self._scanned_text(barcode) if action == "scan" else self._action_text(action, reason)
        age = age if type(age) in (int, float) and 0 <= age < LONGEST_AGE else 0
        return self._alone(
            model, number, lambda scans: scans._take(scan_id, model, number, barcode, action, age)
        )

    def _check_scan_id(self, scan_id):
        if not isinstance(scan_id, str) or not 0 < len(scan_id) <= 64 or not scan_id.isprintable():
            raise UserError(self.env._("[OF-WH-034] A scan needs an id of up to 64 characters."))

    def _scanned_text(self, barcode):
        """What a scanner sends: text (programs may send a number), no more than the largest symbol holds."""
        text = "" if barcode in (None, False) else scanned(str(barcode))[:500]
        is_text = isinstance(barcode, str | int | None) and barcode is not True
        if not is_text or "\0" in text or text.encode(errors="replace").decode() != text:
            raise UserError(self.env._("[OF-WH-039] A barcode is a text of up to 500 characters."))
        return text

    def _action_text(self, action, reason):
        if action == "open":
            return ""
        barcode = f"OF-CMD-SHORT-{str(reason or 'missing').upper()}"
        if barcode not in COMMANDS:
            raise UserError(self.env._("[OF-WH-037] A shortage is missing, damaged or blocked."))
        return barcode

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

    def _task_pair(self, task):
        """``(model, id)`` of what the caller calls a task."""
        pair = isinstance(task, (list, tuple)) and len(task) == 2
        if not pair or not isinstance(task[0], str) or task[0] not in TASKS or type(task[1]) is not int:
            raise UserError(
                self.env._('[OF-WH-032] A task is a pair of model and id, e.g. ["stock.picking", 7].')
            )
        return task[0], task[1]

    def _task_document(self, model, number):
        """The transfer or batch, after checking that the user may work on it."""
        known = 0 < number < 2**31
        document = self.env[model].search_fetch([("id", "=", number if known else 0)], TASK_FIELDS)
        if not document:
            raise UserError(self.env._("[OF-WH-033] There is no such task. Choose another one."))
        document.check_access("write")
        return document

    # -- one after the other -------------------------------------------------------------------------------
    def _alone(self, model, number, work):
        """Call ``work`` in a transaction of its own while nobody else scans for the same task.

        Odoo's snapshots are older than any lock that a request takes, so two people on one wave would fail
        with serialization errors, or count one piece twice. Hence: a new connection, the lock, only then the
        snapshot. A scan that was answered is safe, whatever becomes of the request.
        """
        if module.current_test:
            return work(self)
        with self.env.registry.cursor() as cr:
            key = self._lock_key(cr, model, number)
            cr.execute("SELECT pg_advisory_lock(%s, %s)", key)
            try:
                cr.rollback()  # the snapshot must be younger than the lock
                return retrying(partial(work, self.with_env(self.env(cr=cr))), self.env(cr=cr))
            finally:
                cr.rollback()
                cr.execute("SELECT pg_advisory_unlock(%s, %s)", key)

    @staticmethod
    def _lock_key(cr, model, number):
        """A transfer in a batch shares the batch's lock: people may scan for either."""
        if not 0 < number < 2**31:
            number = 0
        elif model == "stock.picking":
            cr.execute("SELECT batch_id FROM stock_picking WHERE id = %s AND batch_id IS NOT NULL", [number])
            model, number = ("stock.picking.batch", *cr.fetchone()) if cr.rowcount else (model, number)
        return zlib.crc32(model.encode()) & 0x7FFFFFFF, number

    def _take(self, scan_id, model, number, barcode, action="scan", age=0):
        """Claim, judge, carry out, answer; a repeat gets the kept answer."""
        document = self._task_document(model, number)
        event = self._claim(scan_id, document, barcode, action, age)
        if not event:
            return self._plain(self._kept_answer(scan_id, document, barcode))
        if action == "open":
            return event._open(document)
        view = document._scan_view(self.env.uid)
        read = document._scan_read(barcode, view)
        verdict = document._scan_apply(scan_rules.judge(view, read), view)
        answer = self._plain(document._scan_answer(verdict, view))
        session = answer["data"]["session"]
        event.write({**event._event_values(verdict, view, read, session, document), "answer": answer})
        return answer

    def _open(self, document):
        """Begin, or go on with, a task; not a scan, so it counts in no figure."""
        answer = self._plain(document._scan_show())
        session = answer["data"]["view"]["session"]
        self.write({"kind": "opened", "scans": 0, "session": session, "answer": {**answer, "data": {}}})
        return answer

    def _claim(self, scan_id, document, barcode, action, age):
        """The row for this scan id, or none if it was there: decided by the index, not by looking first.

        ``hours`` is the time since the user's scan before (see BREAK_SECONDS), by when the device scanned.
        """
        self.env.cr.execute(
            CLAIM,
            {
                "scan": scan_id,
                "user": self.env.uid,
                "company": (document.company_id or self.env.company).id,
                "model": document._name,
                "task": document.id,
                "barcode": barcode or None,
                "age": age,
                "break": BREAK_SECONDS,
            },
        )
        row = self.env.cr.fetchone()
        return self.sudo().browse(row[0]) if row else None  # pickers read scans, only this method writes them

    def _kept_answer(self, scan_id, document, barcode):
        """The first answer for this id; another scan under a used id would get lost, so it is refused."""
        kept = self.sudo().search([("scan_id", "=", scan_id)])
        if kept.user_id != self.env.user:
            raise UserError(self.env._("[OF-WH-036] This scan id belongs to another user: make a new one."))
        if (kept.task_model, kept.task_id, kept.barcode or "") != (document._name, document.id, barcode):
            raise UserError(
                self.env._(
                    "[OF-WH-038] This scan id was used for “%s” already: make a new one.", kept.barcode or ""
                )
            )
        return document._scan_show() if kept.kind == "opened" else kept.answer

    def init(self):
        """Rows from before the device told its time."""
        self.env.cr.execute("UPDATE warehouse_scan SET scanned_at = create_date WHERE scanned_at IS NULL")

    # -- words and answers ---------------------------------------------------------------------------------
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
