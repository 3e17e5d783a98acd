import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.tracking import webhook

_logger = logging.getLogger(__name__)
STATES = [
    ("waiting", "Waiting"),
    ("done", "Taken"),
    ("dead", "Given up"),
    ("skipped", "Skipped"),
]
# The oldest event of each order and receiver that is not settled; what was given up holds back its order.
DUE_SQL = """
    SELECT delivery.id
      FROM (
        SELECT DISTINCT ON (webhook_id, order_id) id, webhook_id, state, next_try_at
          FROM fulfilment_event_delivery
         WHERE state IN ('waiting', 'dead')
      ORDER BY webhook_id, order_id, event_id
      ) delivery
      JOIN fulfilment_webhook hook ON hook.id = delivery.webhook_id AND hook.active
     WHERE delivery.state = 'waiting' AND delivery.next_try_at <= %(now)s
       AND (hook.paused_until IS NULL OR hook.paused_until <= %(now)s)
  ORDER BY delivery.next_try_at, delivery.id
     LIMIT %(limit)s
"""
BATCH = 100
# So many failures in a row, and a receiver is left alone for a while: others should not wait for it.
FAILURES_TO_PAUSE = 3
PAUSE_MINUTES = 5


class FulfilmentEventDelivery(models.Model):
    """One event on its way to one receiver: at least once, in order per order, known to have been taken."""

    _name = "fulfilment.event.delivery"
    _description = "Event on its Way to a Receiver"
    _order = "id desc"
    _rec_name = "event_id"

    event_id = fields.Many2one(
        "fulfilment.event", required=True, readonly=True, ondelete="cascade", index=True
    )
    webhook_id = fields.Many2one(
        "fulfilment.webhook", required=True, readonly=True, ondelete="cascade", index=True
    )
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="webhook_id.company_id", store=True)
    number = fields.Integer(related="event_id.number")
    status = fields.Char(related="event_id.status")
    payload = fields.Text(related="event_id.payload")
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    failures = fields.Integer(readonly=True, default=0)
    next_try_at = fields.Datetime("Next try", readonly=True, default=fields.Datetime.now)
    taken_at = fields.Datetime("Taken", readonly=True)
    last_answer = fields.Char(readonly=True)

    _once = models.UniqueIndex("(webhook_id, event_id)")
    _open = models.Index("(webhook_id, order_id, event_id) WHERE state IN ('waiting', 'dead')")

    # ------------------------------------------------------------ the job

    @api.model
    def _wake_job(self):
        self.env.ref("order_fulfilment.ir_cron_fulfilment_webhook").sudo()._trigger()

    @api.model
    def _cron_send(self):
        """Send what is due; the outcome of each call is kept at once, and makes the next in line due."""
        failed_in_a_row = {}
        while due := self._get_due():
            for delivery in due:
                hook = delivery.webhook_id
                # Looked up before the last commit: someone may have skipped it since.
                if delivery.state != "waiting" or hook._is_paused():
                    continue
                is_taken = delivery._send()
                failed_in_a_row[hook.id] = 0 if is_taken else failed_in_a_row.get(hook.id, 0) + 1
                if failed_in_a_row[hook.id] >= FAILURES_TO_PAUSE:
                    hook.paused_until = fields.Datetime.now() + timedelta(minutes=PAUSE_MINUTES)
                    failed_in_a_row[hook.id] = 0
                if not self.env["ir.cron"]._commit_progress(1):
                    self._wake_job()
                    return

    @api.model
    def _get_due(self):
        self.env.flush_all()
        self.env.cr.execute(DUE_SQL, {"now": fields.Datetime.now(), "limit": BATCH})
        return self.browse([delivery for (delivery,) in self.env.cr.fetchall()])

    def _send(self):
        """Call the receiver once and note what became of it; answer whether it took the event."""
        hook = self.webhook_id.sudo()  # address and secret are for administrators alone
        body = self.payload.encode()
        try:
            answer = webhook.post(
                hook.url,
                body,
                self._prepare_headers(hook._get_secrets(), body),
                allow_private=hook._allows_private(),
            )
        except webhook.CallError as error:
            return self._note_failure(str(error))
        if answer.is_taken:
            self.write(
                {"state": "done", "taken_at": fields.Datetime.now(), "last_answer": str(answer.status)}
            )
            return True
        moved = self.env._(" (redirects are not followed: set the final address)")
        hint = moved if 300 <= answer.status < 400 else ""
        return self._note_failure(f"{answer.status}{hint} {answer.text}".strip())

    def _prepare_headers(self, secrets, body):
        return {
            "Content-Type": "application/json",
            "User-Agent": "order-fulfilment",
            "X-Fulfilment-Event": self.event_id.event_key,
            "X-Fulfilment-Number": str(self.number),
            "X-Fulfilment-Signature": webhook.signature(secrets, int(time.time()), body),
        }

    def _note_failure(self, text):
        failures = self.failures + 1
        minutes = webhook.minutes_to_wait(failures)
        self.write(
            {
                "failures": failures,
                "state": "waiting" if minutes else "dead",
                "next_try_at": fields.Datetime.now() + timedelta(minutes=minutes or 0),
                "last_answer": text.replace("\x00", "")[:500],
            }
        )
        _logger.info(
            "Event %s not taken by %s: %s", self.event_id.event_key, self.webhook_id.name, text[:200]
        )
        return False

    # ------------------------------------------------------------ what a person decides

    def action_retry(self):
        """Send what was given up or waits again, with its first back-off."""
        self._check_open()
        self.sudo().write({"state": "waiting", "failures": 0, "next_try_at": fields.Datetime.now()})
        self._wake_job()
        return True

    def action_skip(self):
        """Leave these events out; later ones of the same orders go on."""
        self._check_open()
        self.sudo().state = "skipped"
        self._wake_job()
        return True

    def _check_open(self):
        self.webhook_id.check_access("write")
        settled = self.filtered(lambda delivery: delivery.state not in ("waiting", "dead"))
        if settled:
            raise UserError(
                self.env._(
                    "[OF-HOOK-005] Event %s is settled already. Choose only what waits or was given up.",
                    settled[0].event_id.event_key,
                )
            )
