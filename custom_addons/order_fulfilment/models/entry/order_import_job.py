import logging

from psycopg2 import IntegrityError, OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools.entry.import_fault import ImportFault
from .order_import_errors import fault_text

_logger = logging.getLogger(__name__)

MAX_CLASHES = 20


class TimeIsOver(Exception):  # noqa: N818 it is not an error: the job goes on in its next turn
    """The job's turn is over; everything up to the last checkpoint is committed."""


class OrderImport(models.Model):
    """How a run is worked off: at once when it is small, else as a job that can be stopped at any time."""

    _inherit = "order.import"

    def _run_now_or_later(self):
        """A small file is done within the request, a large one by the job."""
        if self._is_small():
            self._run_in_request()
        else:
            self._trigger_job()

    def _is_small(self):
        limit = (
            self.env["ir.config_parameter"].sudo().get_param("order_fulfilment.import_direct_bytes", "32768")
        )
        return (self._attachment("file").file_size or 0) <= int(limit)

    def _trigger_job(self):
        self.env.ref("order_fulfilment.ir_cron_order_import")._trigger()

    def _run_in_request(self):
        """All phases in the request's transaction: any error takes everything back."""
        try:
            self._work(lambda: None)
        except ImportFault as fault:
            raise UserError(fault_text(self.env, fault)) from fault
        except IntegrityError as error:
            if "import_key" not in str(error) and "cancellation" not in str(error):
                raise
            # The same orders are being imported elsewhere: have the request tried again with a new view.
            raise ConcurrencyError(str(error)) from error

    def _work(self, checkpoint):
        """Go through the phases from where the run is; ``checkpoint`` is called where a job may commit."""
        if self.state == "confirmed":
            self._move_to("in_progress", date_started=fields.Datetime.now())
        phases = {
            "read": self._phase_read,
            "prepare": self._phase_prepare,
            "apply": self._phase_apply,
            "cancel": self._phase_cancel,
            "annotate": self._phase_annotate,
        }
        while self.state == "in_progress":
            phases[self.phase](checkpoint)

    @api.model
    def _cron_run(self):
        """Work off the waiting and the interrupted runs, oldest first."""
        clashes = 0
        while run := self._next_run():
            try:
                run._work(run._job_checkpoint)
            except TimeIsOver:
                return
            except ImportFault as fault:
                self._fail(run, fault_text(run.env, fault))
            except (IntegrityError, OperationalError) as error:
                clashes += 1
                self.env.cr.rollback()
                _logger.info("Order import %s begins a batch again: %s", run.id, error)
                if clashes > MAX_CLASHES:
                    raise
            except Exception as error:  # one broken run must not keep the others from running
                _logger.exception("Order import %s failed", run.id)
                self._fail(run, str(error))

    def _job_checkpoint(self):
        """Commit a finished batch; raise TimeIsOver when the job's turn ends."""
        self.env.flush_all()
        left = max(self.line_total - self.line_done, 1 if self.state == "in_progress" else 0)
        if not self.env["ir.cron"]._commit_progress(1, remaining=left):
            self._trigger_job()
            self.env["ir.cron"]._commit_progress(0)
            raise TimeIsOver

    @api.model
    def _next_run(self):
        run = self.search([("state", "in", ("confirmed", "in_progress"))], order="id", limit=1)
        if not run:
            return run
        user = run.user_id
        return (
            run.with_user(user).with_company(run.company_id).with_context(lang=user.lang, tz=user.tz).sudo()
        )

    @api.model
    def _fail(self, run, text):
        self.env.cr.rollback()
        run._move_to("failed", failure=text, date_done=fields.Datetime.now())
        self.env["ir.cron"]._commit_progress(1, remaining=0)
