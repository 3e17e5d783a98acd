import base64
import tempfile
from pathlib import Path

from odoo import models

from ...tools.entry.import_fault import ImportFault
from ...tools.entry.workbook_annotate import annotate_csv, annotate_xlsx
from .order_import_errors import fault_reason

FETCH_ROWS = 2000


class OrderImport(models.Model):
    """Last phase: the workbook comes back with a status and a reason per row."""

    _inherit = "order.import"

    def _phase_annotate(self, checkpoint):
        """Write the annotated workbook from a second pass over the file; then the run is over."""
        stem, extension = Path(self.name).stem, Path(self.name).suffix.lower()
        is_text = extension not in (".xls", ".xlsx")
        with tempfile.NamedTemporaryFile(suffix=".out") as target:
            with self._events() as events:
                write = annotate_csv if is_text else annotate_xlsx
                write(events, self._results(), target.name)
            content = base64.b64encode(Path(target.name).read_bytes())
        self.write(
            {
                "annotated_file": content,
                "annotated_name": f"{stem} - result{extension if is_text else '.xlsx'}",
                "phase": "read",
            }
        )
        self._move_to("checked" if self.dry_run else "done", date_done=self.env.cr.now())
        checkpoint()

    def _results(self):
        """A function (sheet, row) → result cells that walks the staged rows in the order of the file."""
        rows = self._fetch_results()
        headers = dict(self._header_rows())
        current = next(rows, None)

        def results(sheet, number):
            nonlocal current
            if headers.get(sheet) == number:
                return "header"
            if current and current[:2] == (sheet, number):
                found, current = current[2:], next(rows, None)
                return self._result_cells(*found)
            return None

        return results

    def _header_rows(self):
        self.env.cr.execute(
            "SELECT DISTINCT sheet FROM order_import_order WHERE import_id = %s ORDER BY sheet", [self.id]
        )
        return [(sheet, self.profile_id.header_row) for (sheet,) in self.env.cr.fetchall()]

    def _fetch_results(self):
        last = (-1, 0)
        while True:
            self.env.cr.execute(FETCH_RESULTS, [self.id, *last, FETCH_ROWS])
            rows = self.env.cr.fetchall()
            yield from rows
            if len(rows) < FETCH_ROWS:
                return
            last = rows[-1][:2]

    def _result_cells(self, state, code, reason, column, order_code, order_reason, because, sale, kind):
        """Status, reason and order of one row; a good row of a refused order says which row is to blame."""
        if state == "refused" and not code:
            if order_code and because:
                code = "OF-IMP-050"
                reason = fault_reason(self.env, ImportFault(code, because=because))
            else:
                code, reason = order_code, order_reason
        elif state != "refused":
            code, reason = order_code, order_reason
        where = self.env._('column "%s": ', column) if column and state == "refused" else ""
        text = f"[{code}] {where}{reason}" if code else ""
        return (self._status_word(state, kind), text, sale or "")

    def _status_word(self, state, kind):
        words = {
            "accepted": self.env._("cancelled") if kind == "cancel" else self.env._("imported"),
            "exists": self.env._("imported before"),
            "refused": self.env._("refused"),
        }
        if self.dry_run and state == "accepted":
            return self.env._("accepted")
        return words.get(state, state or "")


FETCH_RESULTS = """
    SELECT line.sheet, line.row, o.state, line.code, line.reason, line.column_name, o.code, o.reason,
           (SELECT min(bad.row) FROM order_import_line bad WHERE bad.order_id = o.id AND bad.code IS NOT NULL
              AND o.state = 'refused'),
           so.name, o.kind
      FROM order_import_line line
      JOIN order_import_order o ON o.id = line.order_id
 LEFT JOIN sale_order so ON so.id = o.sale_order_id
     WHERE line.import_id = %s AND (line.sheet, line.row) > (%s, %s)
  ORDER BY line.sheet, line.row
     LIMIT %s
"""
