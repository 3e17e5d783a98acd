from odoo import api, fields, models

from .order_import_errors import raise_fault

TRANSITIONS = {
    "draft": {"confirmed", "cancel"},
    "confirmed": {"in_progress", "cancel"},
    "in_progress": {"checked", "done", "failed", "confirmed"},
    "checked": {"confirmed", "cancel"},
    "failed": {"confirmed", "cancel"},
    "done": {"confirmed"},
    "cancel": set(),
}


class OrderImport(models.Model):
    """One run of an order book: the file, how far it is, what became of each order.

    Works in five phases (read, prepare, apply, cancel, annotate). Every batch of a phase is one transaction
    in a job, so that a crash leaves whole orders only and the next run goes on where the last one stopped.
    """

    _name = "order.import"
    _description = "Order Import"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="File name", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.user)
    profile_id = fields.Many2one("order.import.profile", readonly=True, check_company=True)
    state = fields.Selection(
        [
            ("draft", "Uploaded"),
            ("confirmed", "Waiting"),
            ("in_progress", "Running"),
            ("checked", "Checked"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    dry_run = fields.Boolean(readonly=True, help="Only say what would happen.")
    phase = fields.Selection(
        [
            ("read", "Reading"),
            ("prepare", "Customers and products"),
            ("apply", "Orders"),
            ("cancel", "Cancellations"),
            ("annotate", "Writing workbook"),
        ],
        readonly=True,
        default="read",
    )
    file = fields.Binary(attachment=True, readonly=True, copy=False)
    annotated_file = fields.Binary(attachment=True, readonly=True, copy=False, string="Annotated workbook")
    annotated_name = fields.Char(readonly=True, copy=False)
    failure = fields.Text(readonly=True, copy=False)
    notes = fields.Text(readonly=True, copy=False)
    date_started = fields.Datetime(readonly=True, copy=False)
    date_done = fields.Datetime(readonly=True, copy=False)
    line_total = fields.Integer(string="Rows", readonly=True, copy=False)
    line_done = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    order_ids = fields.One2many("order.import.order", "import_id", readonly=True)
    line_ids = fields.One2many("order.import.line", "import_id", readonly=True)
    order_count = fields.Integer(string="Orders in file", compute="_compute_counts")
    accepted_count = fields.Integer(string="Accepted", compute="_compute_counts")
    existing_count = fields.Integer(string="Imported before", compute="_compute_counts")
    refused_count = fields.Integer(string="Refused", compute="_compute_counts")
    cancellation_count = fields.Integer(string="Cancellations applied", compute="_compute_counts")
    accepted_line_count = fields.Integer(string="Rows accepted", compute="_compute_counts")
    refused_line_count = fields.Integer(string="Rows refused", compute="_compute_counts")
    sale_order_count = fields.Integer(string="Orders created", compute="_compute_counts")

    @api.depends("state", "phase", "line_total", "line_done")
    def _compute_progress(self):
        for run in self:
            share = run.line_done / run.line_total if run.line_total else 0.0
            run.progress = 100.0 if run.state in ("done", "checked") else min(round(100 * share, 1), 99.0)

    @api.depends("state", "line_done")
    def _compute_counts(self):
        counts = {run.id: run._empty_counts() for run in self}
        groups = self.env["order.import.order"]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "kind", "state"],
            ["__count", "line_count:sum", "sale_order_id:count_distinct"],
        )
        for run, kind, state, orders, lines, sales in groups:
            self._add_counts(counts[run.id], kind, state, orders, lines, sales)
        for run in self:
            run.update(counts.get(run.id) or run._empty_counts())

    @api.model
    def _empty_counts(self):
        names = ("order", "accepted", "existing", "refused", "cancellation", "accepted_line", "refused_line")
        return {f"{name}_count": 0 for name in (*names, "sale_order")}

    @api.model
    def _add_counts(self, counts, kind, state, orders, lines, sales):
        counts["order_count"] += orders
        if state == "refused":
            counts["refused_count"] += orders
            counts["refused_line_count"] += lines
        elif state == "exists":
            counts["existing_count"] += orders
        elif state == "accepted":
            counts["accepted_line_count"] += lines
            counts["accepted_count" if kind == "order" else "cancellation_count"] += orders
            counts["sale_order_count"] += sales if kind == "order" else 0

    def _move_to(self, state, **values):
        """The one way a run changes its state."""
        for run in self:
            if state not in TRANSITIONS[run.state]:
                raise_fault(self.env, "OF-IMP-073", before=run.state, after=state)
            run.write({"state": state, **values})

    def _start(self, dry_run):
        """Queue the run from its beginning; what an earlier dry run found out is judged anew."""
        self.ensure_one()
        self._move_to("confirmed", dry_run=dry_run, phase="read", failure=False, line_done=0, line_total=0)

    def action_check(self):
        """Dry run: say for every order what would happen."""
        self._start_by_user(dry_run=True)
        return True

    def action_import(self):
        """Create the orders that can be accepted."""
        self._start_by_user(dry_run=False)
        return True

    def _start_by_user(self, dry_run):
        self._check_may_import()
        self.check_access("read")
        for run in self.sudo():  # rights are checked above; users never write the books of a run themselves
            run._start(dry_run)
            run._run_now_or_later()

    def action_cancel(self):
        """Give up a run that has not begun, or whose verdict is not wanted."""
        self._check_may_import()
        self.check_access("read")
        self.sudo()._move_to("cancel")
        return True

    def action_view_sale_orders(self):
        """The orders this run created."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        return {**action, "domain": [("import_id", "=", self.id)], "context": {"create": False}}

    def action_view_rows(self):
        """The rows of the workbook with their verdicts."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.action_order_import_line")
        return {**action, "domain": [("import_id", "=", self.id)]}

    def action_view_refused(self):
        """The refused rows."""
        action = self.action_view_rows()
        return {**action, "context": {"search_default_refused": 1}}

    def action_download_annotated(self):
        """The workbook with a status and a reason per row."""
        self.ensure_one()
        self.check_access("read")
        url = (
            f"/web/content/order.import/{self.id}/annotated_file?filename_field=annotated_name&download=true"
        )
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}
