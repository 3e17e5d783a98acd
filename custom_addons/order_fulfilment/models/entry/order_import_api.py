import base64
import binascii

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.entry.column_mapping import guess, resolve
from ...tools.entry.import_fault import ImportFault, Position
from ...tools.entry.order_rows import RowSettings
from ...tools.entry.workbook_types import Row
from .order_import_errors import fault_text, raise_fault

PAGE = 500


class OrderImport(models.Model):
    """What other systems call. Answers are plain JSON values, never None."""

    _inherit = "order.import"

    @api.model
    def import_workbook(self, filename, content_base64, profile=None, dry_run=False):
        """Import an order book and answer what became of it, as :meth:`import_status` does.

        ``profile`` is the name, source or id of an import profile; without it the profile that knows the
        file's headers is taken, or the columns are guessed. A large file is only queued: its ``state`` is
        "confirmed" until the job begins; ask :meth:`import_status` for the rest.
        """
        self._check_may_import()
        run = self._create_run(filename, content_base64, profile)
        run._start(dry_run)
        run._run_now_or_later()
        return run._answer(0)

    @api.model
    def import_status(self, import_id, offset=0):
        """State, progress, counts, orders and refused rows of a run; lists are cut at 500 from ``offset``."""
        run = self._find_run(import_id)
        return run._answer(offset)

    @api.model
    def import_annotated(self, import_id):
        """The workbook with a status and a reason per row, in base64; empty while the run is not over."""
        run = self._find_run(import_id)
        content = run.sudo()._attachment("annotated_file").raw or b""
        return {"filename": run.annotated_name or "", "content_base64": base64.b64encode(content).decode()}

    @api.model
    def _check_may_import(self):
        if not self.env["order.fulfilment.capability"]._is_on("entry"):
            raise_fault(self.env, "OF-IMP-074")
        if not self.env.user.has_group("order_fulfilment.group_user"):
            raise AccessError(self.env._("You need the role Order Fulfilment: User to import orders."))

    @api.model
    def _find_run(self, import_id):
        """The run, or one error for missing and foreign alike."""
        run = self.search([("id", "=", import_id)]) if isinstance(import_id, int) else self.browse()
        if not run:
            raise_fault(self.env, "OF-IMP-075", found=import_id)
        return run

    @api.model
    def _create_run(self, filename, content_base64, profile=None):
        """A draft run whose file is readable, in superuser mode: the caller has checked the rights."""
        run = self._upload(filename, content_base64)
        try:
            if profile:
                run.profile_id = self.env["order.import.profile"]._find_by_name(profile)
            else:
                run.profile_id = run._profile_for_file()
            run._check_readable()
        except ImportFault as fault:
            raise UserError(fault_text(self.env, fault.at(file=run.name))) from fault
        return run

    @api.model
    def _upload(self, filename, content_base64):
        """A run in state draft that holds the file, in superuser mode: the caller has checked the rights."""
        filename = (
            (filename if isinstance(filename, str) else "").strip().replace("\\", "/").rsplit("/", 1)[-1]
        )
        if not filename:
            raise_fault(self.env, "OF-IMP-070")
        return self.sudo().create({"name": filename[-200:], "file": self._checked_base64(content_base64)})

    @api.model
    def _checked_base64(self, content):
        content = content.data if hasattr(content, "data") else content  # xmlrpc.client.Binary
        try:
            raw = content.encode() if isinstance(content, str) else content
            base64.b64decode(b"".join(raw.split()), validate=True)
        except (binascii.Error, ValueError, AttributeError, TypeError):
            raise_fault(self.env, "OF-IMP-071")
        return raw

    def _header(self, header_row=1):
        """Cells of the header row of the first sheet that has rows."""
        with self._events() as events:
            for event in events:
                if isinstance(event, Row) and event.number >= header_row:
                    return event
        raise ImportFault("OF-IMP-016")

    def _profile_for_file(self):
        """The profile that knows the file's headers, or a new one with guessed columns."""
        profiles = self.env["order.import.profile"]
        header = self._header()
        profile = profiles._find_by_header(header.cells)
        if profile:
            return profile
        self._check_readable(RowSettings())  # names a header elsewhere, a missing or a doubled column
        mapping = resolve(header.cells, {}, header.number)
        columns = {field: mapping.header[column] for field, column in guess(header.cells).items()}
        return profiles._remember(header.cells, columns, self.name, header_row=header.number)

    def _answer(self, offset):
        orders = self.env["order.import.order"].search(
            [("import_id", "=", self.id), ("state", "in", ("accepted", "exists"))], limit=PAGE, offset=offset
        )
        return {
            "id": self.id,
            "filename": self.name,
            "state": self.state,
            "phase": self.phase,
            "dry_run": self.dry_run,
            "profile": self.profile_id.name or "",
            "progress": self.progress,
            "failure": self.failure or "",
            "notes": self.notes or "",
            "counts": {"lines": self.line_total, **self._counts()},
            "orders": [order._as_dict() for order in orders],
            "refused": self._refused_rows(offset),
        }

    def _counts(self):
        names = [name for name in self._empty_counts() if name != "order_count"]
        return {"orders": self.order_count, **{name.removesuffix("_count"): self[name] for name in names}}

    def _refused_rows(self, offset):
        """Rows with a fault of their own, and the first row of orders refused as a whole."""
        self.env.flush_all()
        self.env.cr.execute(REFUSED_ROWS, [self.id, PAGE, offset])
        return [self._refused_row(*row) for row in self.env.cr.fetchall()]

    def _refused_row(self, key, sheet, row, column, code, reason):
        place = ImportFault("", Position(self.name, sheet, row, column)).place(self.env._)
        return {
            "order": key,
            "sheet": sheet,
            "row": row,
            "column": column,
            "code": code,
            "reason": reason,
            "message": f"[{code}] {place}: {reason}",
        }


REFUSED_ROWS = """
    SELECT o.key, line.sheet_name, line.row, coalesce(line.column_name, ''),
           coalesce(line.code, o.code, ''), coalesce(line.reason, o.reason, '')
      FROM order_import_order o
      JOIN order_import_line line ON line.order_id = o.id
     WHERE o.import_id = %s AND o.state = 'refused'
       AND (line.code IS NOT NULL
            OR line.row = o.first_row AND NOT EXISTS (
                SELECT FROM order_import_line bad WHERE bad.order_id = o.id AND bad.code IS NOT NULL))
  ORDER BY line.sheet, line.row
     LIMIT %s OFFSET %s
"""
