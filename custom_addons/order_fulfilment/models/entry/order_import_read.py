import tempfile
from contextlib import contextmanager
from itertools import islice

from psycopg2.extras import execute_values

from odoo import models

from ...tools.entry.import_fault import ImportFault
from ...tools.entry.order_rows import OrderRow, read_order_rows
from ...tools.entry.workbook_process import stream_workbook
from ...tools.entry.workbook_types import WorkbookLimits
from .order_import_errors import fault_reason

CHUNK_ROWS = 2000
STAGED = (
    "import_id",
    "company_id",
    "sheet",
    "sheet_name",
    "row",
    "order_key",
    "is_cancellation",
    "customer_ref",
    "customer_name",
    "country",
    "product_code",
    "description",
    "quantity",
    "price",
    "discount",
    "uom",
    "currency",
    "customer_order_ref",
    "options",
    "date",
    "commitment_date",
    "code",
    "reason",
    "column_name",
    "cancelled_quantity",
)


class OrderImport(models.Model):
    """First phase: the file becomes staged rows and orders; memory does not grow with the file."""

    _inherit = "order.import"

    def _limits(self):
        """Limits for reading; each is a system parameter ``order_fulfilment.import_max_<name>``."""
        parameters = self.env["ir.config_parameter"].sudo()  # only managers may read parameters
        names = WorkbookLimits.__dataclass_fields__
        values = {name: parameters.get_param(f"order_fulfilment.import_max_{name}") for name in names}
        return WorkbookLimits(
            **{name: int(value) for name, value in values.items() if value and value.isdigit()}
        )

    @contextmanager
    def _file_path(self):
        """Path of the uploaded file: in the filestore if it is there, else a temporary copy."""
        attachment = self._attachment("file")
        if attachment.store_fname:
            yield attachment._full_path(attachment.store_fname)
            return
        with tempfile.NamedTemporaryFile() as stream:
            stream.write(attachment.raw or b"")
            stream.flush()
            yield stream.name

    def _attachment(self, field):
        """The attachment behind a binary field; in superuser mode because field attachments are hidden."""
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", field)]
        return self.env["ir.attachment"].sudo().search(domain, limit=1)

    @contextmanager
    def _events(self):
        """Events of the file; a fault found while reading them names the file."""
        with self._file_path() as path:
            try:
                yield stream_workbook(path, self.name, self._limits())
            except ImportFault as fault:
                raise fault.at(file=self.name) from None

    def _check_readable(self, settings=None):
        """Raise ImportFault if the beginning of the file already shows that it cannot be imported."""
        with self._events() as events:
            for item in read_order_rows(events, settings or self.profile_id._row_settings()):
                if isinstance(item, OrderRow):
                    return

    def _phase_read(self, checkpoint):
        """Stage all rows, then group them into orders. Rows that an interrupted run staged are kept."""
        if not self.line_done:
            self._drop_staged()
        skipped, done = [], 0
        with self._events() as events:
            items = read_order_rows(events, self.profile_id._row_settings())
            while chunk := list(islice(items, CHUNK_ROWS)):
                rows = [item for item in chunk if isinstance(item, OrderRow)]
                skipped += [item.name for item in chunk if not isinstance(item, OrderRow)]
                done += len(rows)
                if done <= self.line_done:
                    continue
                self._stage(rows)
                self.line_done = done
                checkpoint()
        self._group_orders()
        self.notes = self.env._("Sheets left out: %s", ", ".join(skipped)) if skipped else False
        self.write({"phase": "prepare", "line_total": done, "line_done": 0})
        checkpoint()

    def _drop_staged(self):
        self.env.cr.execute("DELETE FROM order_import_line WHERE import_id = %s", [self.id])
        self.env.cr.execute("DELETE FROM order_import_order WHERE import_id = %s", [self.id])
        self.env.invalidate_all()

    def _stage(self, rows):
        columns = ", ".join(STAGED)
        query = f"INSERT INTO order_import_line ({columns}) VALUES %s"  # pylint: disable=sql-injection
        execute_values(self.env.cr._obj, query, [self._staged_values(row) for row in rows], page_size=500)

    def _staged_values(self, row):
        fault = row.fault
        return (
            self.id,
            self.company_id.id,
            row.sheet,
            row.sheet_name,
            row.number,
            row.key,
            row.is_cancellation,
            row.customer_ref,
            row.customer_name,
            row.country,
            row.product_code,
            row.description,
            float(row.quantity),
            float(row.price),
            float(row.discount),
            row.uom,
            row.currency,
            row.customer_order_ref,
            row.options or None,
            row.date,
            row.commitment_date,
            fault.code if fault else None,
            fault_reason(self.env, fault) if fault else None,
            fault.position.column if fault else None,
            0.0,
        )

    def _group_orders(self):
        """One order record per sheet and order number, in the order of the file; a faulty row refuses it."""
        self.env.cr.execute("ANALYZE order_import_line")  # a bulk load without it makes the joins below slow
        self.env.cr.execute(GROUP_ORDERS, {"import_id": self.id})
        self.env.cr.execute("ANALYZE order_import_order")
        self.env.cr.execute(LINK_ROWS, {"import_id": self.id})
        self.env.cr.execute(REFUSE_TWO_CUSTOMERS, {"import_id": self.id})
        for order_id, one, other in self.env.cr.fetchall():
            self.env["order.import.order"].browse(order_id)._refuse("OF-IMP-051", found=one, other=other)
        self.env.invalidate_all()


GROUP_ORDERS = """
    INSERT INTO order_import_order (
        import_id, company_id, sheet, sheet_name, key, kind, first_row, line_count, date, commitment_date,
        customer_ref, customer_name, country, currency, customer_order_ref, digest, state, code, reason)
    SELECT import_id, min(company_id), sheet, min(sheet_name), order_key,
           CASE WHEN bool_or(is_cancellation) THEN 'cancel' ELSE 'order' END,
           min(row), count(*), min(date), min(commitment_date),
           min(customer_ref), min(customer_name), (array_agg(country ORDER BY row))[1], min(currency),
           max(customer_order_ref),
           md5(string_agg(concat_ws('|', customer_ref, upper(product_code), quantity, price, discount, uom,
                                    options), ';' ORDER BY row)),
           CASE WHEN bool_or(code IS NOT NULL) THEN 'refused' ELSE 'pending' END,
           (array_agg(code ORDER BY row) FILTER (WHERE code IS NOT NULL))[1],
           (array_agg(reason ORDER BY row) FILTER (WHERE code IS NOT NULL))[1]
      FROM order_import_line
     WHERE import_id = %(import_id)s
  GROUP BY import_id, sheet, order_key
  ORDER BY sheet, min(row)
"""
LINK_ROWS = """
    UPDATE order_import_line line
       SET order_id = o.id
      FROM order_import_order o
     WHERE line.import_id = %(import_id)s AND o.import_id = line.import_id
       AND o.sheet = line.sheet AND o.key = line.order_key
"""
REFUSE_TWO_CUSTOMERS = """
    SELECT o.id, min(coalesce(nullif(line.customer_ref, ''), line.customer_name)),
           max(coalesce(nullif(line.customer_ref, ''), line.customer_name))
      FROM order_import_order o JOIN order_import_line line ON line.order_id = o.id
     WHERE o.import_id = %(import_id)s AND o.state = 'pending'
  GROUP BY o.id
    HAVING count(DISTINCT coalesce(nullif(line.customer_ref, ''), line.customer_name)) > 1
        OR count(DISTINCT nullif(line.customer_name, '')) > 1
"""
