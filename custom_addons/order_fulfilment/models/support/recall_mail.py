from odoo import api, fields, models
from odoo.fields import Domain

AT_ONCE = 50  # customers told while one waits; the others by the job
BATCH = 50


class AfterSalesRecall(models.Model):
    _inherit = "after.sales.recall"

    to_tell_count = fields.Integer("Still to be told", compute="_compute_to_tell_count")

    @api.depends("notice_ids.is_to_tell")
    def _compute_to_tell_count(self):
        for recall in self:
            recall.to_tell_count = len(recall.notice_ids.filtered("is_to_tell"))


class AfterSalesRecallNotice(models.Model):
    """Telling customers: a few at once, ten thousand by a job that goes on where it was killed."""

    _inherit = "after.sales.recall.notice"

    is_to_tell = fields.Boolean("To be told", readonly=True)
    has_address = fields.Boolean("Mail", compute="_compute_has_address", search="_search_has_address")

    _to_tell = models.Index("(id) WHERE is_to_tell")

    @api.depends("partner_id.email", "line_ids.partner_id.email")
    def _compute_has_address(self):
        for notice in self:
            notice.has_address = bool(notice._get_recipients())

    def _search_has_address(self, operator, value):
        if operator != "in":
            return NotImplemented
        known = Domain("partner_id.email", "!=", False) | Domain("line_ids.partner_id.email", "!=", False)
        return known if True in value else ~known

    def _get_recipients(self):
        """The customer, or those who took the goods in where the customer has no mail address."""
        return self.partner_id.filtered("email") or self.line_ids.partner_id.filtered("email")

    def _tell(self):
        """Have these customers told, those who were not yet."""
        waiting = self.filtered(lambda notice: not notice.sent_at)
        waiting.is_to_tell = True
        waiting[:AT_ONCE]._send()
        if len(waiting) > AT_ONCE:
            self.env.ref("order_fulfilment.ir_cron_support_recall")._trigger()

    @api.model
    def _cron_tell(self):
        """Put the mails of the next customers into the queue, each batch committed with its marks."""
        domain = [("is_to_tell", "=", True)]
        left = self.search_count(domain)
        self.env["ir.cron"]._commit_progress(remaining=left)
        while batch := self.search(domain, order="id", limit=BATCH):
            batch._send()
            left = max(0, left - len(batch))
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                return

    def _send(self):
        """Mail to these customers; those without an address become a task to call. Cancelled recalls end."""
        template = self.env.ref("order_fulfilment.mail_template_recall", raise_if_not_found=False)
        going_on = self.filtered(lambda notice: notice.recall_id.state == "in_progress")
        by_mail = going_on.filtered("has_address") if template else self.browse()
        for notice in by_mail:
            notice._portal_ensure_token()
            people = notice._get_recipients()
            template.send_mail(notice.id, email_values={"recipient_ids": [(6, 0, people.ids)]})
        by_mail.sent_at = fields.Datetime.now()
        (going_on - by_mail)._plan_calls()
        self.is_to_tell = False

    def _plan_calls(self):
        for recall, notices in self.grouped("recall_id").items():
            planned = set(recall.activity_ids.mapped("summary"))
            for notice in notices:
                if notice._call_text() in planned:
                    continue
                recall.activity_schedule(
                    "mail.mail_activity_data_call",
                    summary=notice._call_text(),
                    user_id=(recall.user_id or self.env.user).id,
                )

    def _call_text(self):
        return self.env._("Call %s about the recall: no mail address", self.partner_id.display_name)
