from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...models.entry.order_import_errors import fault_text, raise_fault
from ...models.entry.order_import_profile import FIELD_LABELS
from ...tools.entry.column_mapping import guess, header_text, missing_fields, normalise
from ...tools.entry.import_fault import ImportFault
from ...tools.entry.workbook_types import CellError, NoStoredValue, Row

PREVIEW_ROWS = 8


class OrderImportWizard(models.TransientModel):
    """Upload, map the columns with the first rows in view, then check or import."""

    _name = "order.import.wizard"
    _description = "Import Orders"

    state = fields.Selection([("upload", "Upload"), ("map", "Columns")], default="upload", required=True)
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    run_id = fields.Many2one("order.import")
    profile_id = fields.Many2one("order.import.profile", string="Import profile")
    header_row = fields.Integer(default=1)
    column_ids = fields.One2many("order.import.wizard.column", "wizard_id")
    preview = fields.Html(readonly=True, sanitize=False)

    def action_read(self):
        """Read the beginning of the file and propose a mapping."""
        self.ensure_one()
        self.check_access("write")
        imports = self.env["order.import"]
        imports._check_may_import()
        try:
            self.run_id = imports._upload(self.filename, self.file)
            self._propose(self._first_rows())
        except ImportFault as fault:
            raise UserError(fault_text(self.env, fault.at(file=self.filename or ""))) from fault
        return self._reopen()

    def action_check(self):
        """Dry run: say for every order what would happen."""
        return self._go(dry_run=True)

    def action_import(self):
        """Import at once."""
        return self._go(dry_run=False)

    def action_back(self):
        """Choose another file."""
        self.ensure_one()
        self.check_access("write")
        self.column_ids.unlink()
        self.write({"state": "upload", "file": False, "filename": False, "profile_id": False})
        return self._reopen()

    def _first_rows(self):
        rows = []
        with self.run_id.sudo()._events() as events:
            for event in events:
                if isinstance(event, Row):
                    rows.append(event)
                elif rows:
                    break
                if len(rows) > 30:
                    break
        if not rows:
            raise ImportFault("OF-IMP-016")
        return rows

    def _propose(self, rows):
        header = self._header_of(rows)
        profile = self.env["order.import.profile"]._find_by_header(header.cells)
        samples = [row.cells for row in rows if row.number > header.number][:PREVIEW_ROWS]
        self.write(
            {
                "state": "map",
                "profile_id": profile.id,
                "header_row": header.number,
                "preview": self._preview(header.cells, samples),
                "column_ids": self._column_commands(header.cells, samples, profile),
            }
        )

    def _header_of(self, rows):
        """The first row in which most of what an order needs is named; else the first row."""
        return next((row for row in rows[:20] if len(guess(row.cells)) >= 3), rows[0])

    def _column_commands(self, header, samples, profile):
        meaning = {column: field for field, column in guess(header).items()}
        if profile:
            wanted = {normalise(text): field for field, text in profile._wanted_columns().items()}
            meaning = {index: wanted.get(normalise(header_text(cell))) for index, cell in enumerate(header)}
        return [
            Command.create(
                {
                    "column": index,
                    "header": header_text(cell),
                    "sample": " · ".join(self._sample(row, index) for row in samples[:3]),
                    "field": meaning.get(index) or False,
                }
            )
            for index, cell in enumerate(header)
            if header_text(cell)
        ]

    def _sample(self, row, index):
        value = row[index] if index < len(row) else None
        if value is None or isinstance(value, NoStoredValue):
            return ""
        return value.text if isinstance(value, CellError) else str(value)[:40]

    def _preview(self, header, samples):
        head = Markup().join(Markup("<th>%s</th>") % header_text(cell) for cell in header)
        body = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(Markup("<td>%s</td>") % escape(self._sample(row, i)) for i in range(len(header)))
            for row in samples
        )
        return (
            Markup('<table class="table table-sm table-striped small"><thead><tr>%s</tr></thead>') % head
            + Markup("<tbody>%s</tbody></table>") % body
        )

    def _go(self, dry_run):
        self.ensure_one()
        self.check_access("write")
        imports = self.env["order.import"]
        imports._check_may_import()
        run = self.run_id.sudo()  # made by this wizard for this user; users never write runs themselves
        try:
            run.profile_id = self._profile()
            run._check_readable()
        except ImportFault as fault:
            raise UserError(fault_text(self.env, fault)) from fault
        run._start(dry_run)
        run._run_now_or_later()
        return self._open_run()

    def _mapping(self):
        mapped = {}
        for column in self.column_ids.filtered("field"):
            if column.field in mapped:
                label = dict(FIELD_LABELS)[column.field]
                raise_fault(self.env, "OF-IMP-077", found=label)
            mapped[column.field] = column.header
        return mapped

    def _profile(self):
        """The chosen profile if the mapping is its own, else one that remembers this mapping."""
        mapping = self._mapping()
        profile = self.profile_id
        if profile and profile._wanted_columns() == mapping:
            return profile
        missing = missing_fields(mapping, not profile or profile.price_source == "file")
        if missing:
            labels = dict(FIELD_LABELS)
            raise_fault(self.env, "OF-IMP-076", missing=", ".join(labels[name] for name in missing))
        header = [column.header for column in self.column_ids.sorted("column")]
        return profile._remember(header, mapping, self.filename, header_row=self.header_row)

    @api.onchange("profile_id")
    def _onchange_profile_id(self):
        """Take over the mapping of the chosen profile."""
        if not self.profile_id:
            return
        wanted = {normalise(text): field for field, text in self.profile_id._wanted_columns().items()}
        for column in self.column_ids:
            column.field = wanted.get(normalise(column.header), False)

    def _open_run(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "order.import",
            "res_id": self.run_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import orders"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


class OrderImportWizardColumn(models.TransientModel):
    """One column of the uploaded file and what it means."""

    _name = "order.import.wizard.column"
    _description = "Column to Import"
    _order = "column"

    wizard_id = fields.Many2one("order.import.wizard", required=True, ondelete="cascade")
    column = fields.Integer(readonly=True)
    header = fields.Char(string="Column in the file", readonly=True)
    sample = fields.Char(string="First values", readonly=True)
    field = fields.Selection(FIELD_LABELS, string="Meaning")
