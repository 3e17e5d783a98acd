import logging
from contextlib import closing

from psycopg2 import IntegrityError, OperationalError

from odoo import api, fields, models
from odoo.tools import config

from .order_import_apply import BATCH_LINES, REFUSALS, no_garbage_collection

_logger = logging.getLogger(__name__)

SHARED_LINES = 3 * BATCH_LINES
MAX_CLASHES = 20
#: First key of the advisory locks under which helpers work; the second is the run.
WORKING = 0x0F1A
#: Where an order names what may have been created for it.
USES = {"product.product": ("sale.order.line", "product_id"), "res.partner": ("sale.order", "partner_id")}


class OrderImport(models.Model):
    """The orders of a large run are created by two jobs at once, where the server has processes for them.

    The leading job goes through all phases; a helper takes batches beside it while orders are created. They
    claim orders by locking them, so a killed process loses nothing and no order is created twice.
    """

    _inherit = "order.import"

    prepared = fields.Json(
        copy=False,
        readonly=True,
        prefetch=False,
        help="Customers and products that were created before the orders, for two jobs to share.",
    )

    def _wants_helper(self):
        """Say whether two jobs shall create the orders.

        Threads of one process would only take turns. Confirming reserves stock: two jobs would wait for each
        other. The system parameter ``order_fulfilment.import_jobs`` overrules size and processes: 1 or 2.
        """
        if self.dry_run or self.profile_id.confirm:
            return False
        jobs = self.env["ir.config_parameter"].sudo().get_param("order_fulfilment.import_jobs")
        if jobs in ("1", "2"):
            return jobs == "2"
        return bool(config["workers"]) and self.line_total >= SHARED_LINES

    # ------------------------------------------------------------ the leading job

    def _phase_prepare(self, checkpoint):
        """Create customers and products before two jobs need them: each would create its own."""
        if not self._wants_helper():
            self.prepared = False
        else:
            # What an interrupted run prepared is still this run's to take back.
            self.prepared = self.prepared or {model: [] for model in USES}
            last = 0
            while orders := self._waiting_after(last):
                self._prepare_batch(orders)
                last = orders[-1].id
                checkpoint()
        self.phase = "apply"
        self._call_helper()
        checkpoint()

    def _waiting_after(self, last):
        domain = [("import_id", "=", self.id), ("kind", "=", "order"), ("state", "=", "pending")]
        return self.env["order.import.order"].search([*domain, ("id", ">", last)], limit=100, order="id")

    def _prepare_batch(self, orders):
        self.env.invalidate_all()
        # Rolled back: to write verdicts is for the batch that creates the orders.
        with closing(self.env.cr.savepoint()):
            plan = self._judge(orders)
        try:
            with self.env.cr.savepoint():
                customers, products = self._create_missing(plan, plan["orders"])
                self.env.flush_all()
        except REFUSALS:
            return  # which order is to blame shows when they are created one by one
        self._note_prepared("res.partner", customers)
        self._note_prepared("product.product", products)

    def _note_prepared(self, model, created):
        ids = [record.id for record in created.values()]
        self.prepared = {**self.prepared, model: self.prepared[model] + ids}

    def _drop_unused(self):
        """Take back what was created for orders that were refused in the end."""
        for model, ids in (self.prepared or {}).items():
            user, name = USES[model]
            used = {record.id for (record,) in self.env[user]._read_group([(name, "in", ids)], [name])}
            for record in self.env[model].browse(set(ids) - used).exists():
                self._drop_one(record)
        self.prepared = False

    def _drop_one(self, record):
        try:
            with self.env.cr.savepoint():
                record.unlink()
        except (*REFUSALS, IntegrityError):
            _logger.info("%s of order import %s is in use and stays", record, self.id)

    def _enter_sheet(self, before, sheet):
        """Call the helper back for another sheet: it goes when the one before has no more to take."""
        if before not in (None, sheet):
            self._call_helper()
        return sheet

    def _call_helper(self):
        if self.prepared:  # else the run has one job
            self.env.ref("order_fulfilment.ir_cron_order_import_helper")._trigger()

    def _wait_for_helper(self):
        """Wait until no helper is in the middle of a batch; afterwards look again, in a new transaction."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [WORKING, self.id])

    # ------------------------------------------------------------ the helper

    @api.model
    def _cron_help(self):
        """Create orders of the run under way, beside the job that leads it, until there is none to take."""
        clashes = 0
        while (run := self._next_run()) and run.phase == "apply" and run.prepared:
            try:
                is_done = not run._help()
            except (IntegrityError, OperationalError) as error:
                clashes += 1
                is_done = clashes > MAX_CLASHES
                self.env.cr.rollback()
                _logger.info("Helper of order import %s begins a batch again: %s", run.id, error)
            except Exception:  # the leading job meets the same, and says so on the run
                self.env.cr.rollback()
                _logger.exception("Helper of order import %s stops", run.id)
                return
            if is_done or not self._helper_may_go_on(run):
                return

    def _help(self):
        """Create one batch; False if all that waits is being created already."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [WORKING, self.id])
        orders = self._claim_orders()
        if not orders:
            return False
        with no_garbage_collection():
            self._apply_batch(orders)
        self.env.flush_all()
        return True

    @api.model
    def _helper_may_go_on(self, run):
        if self.env["ir.cron"]._commit_progress(1, remaining=1):
            return True
        run._call_helper()
        self.env["ir.cron"]._commit_progress(0)
        return False
