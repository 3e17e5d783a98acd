from pytz import all_timezones_set

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError

from ...tools.invoicing.invoice_calendar import last_cutoff

FREQUENCIES = [
    ("daily", "Daily"),
    ("weekly", "Weekly"),
    ("twice_monthly", "Twice a month"),
    ("monthly", "Monthly"),
]
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class SaleInvoiceCalendar(models.Model):
    """When and how drops are gathered into invoices."""

    _name = "sale.invoice.calendar"
    _description = "Invoice Calendar"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    frequency = fields.Selection(FREQUENCIES, required=True, default="monthly")
    weekday = fields.Selection(WEEKDAYS, default="4")
    first_day = fields.Integer("Day of the month", default=31, help="31 is the last day of any month.")
    second_day = fields.Integer("And day", default=15)
    cutoff_hour = fields.Float("Cut-off", default=24.0, help="Drops until then are on the invoice.")
    tz = fields.Selection(
        lambda self: self.env["res.partner"]._fields["tz"]._description_selection(self.env),
        "Time Zone",
        required=True,
        default=lambda self: self.env.company.partner_id.tz or self.env.user.tz or "UTC",
    )
    is_by_address = fields.Boolean("One invoice per delivery address")
    is_posted = fields.Boolean("Post at once", help="Else they wait as drafts for a look.")

    _first_day = models.Constraint(
        "CHECK (first_day BETWEEN 1 AND 31)", "[OF-INV-001] Choose a day from 1 to 31."
    )
    _second_day = models.Constraint(
        "CHECK (second_day BETWEEN 1 AND 31)", "[OF-INV-001] Choose a day from 1 to 31."
    )
    _cutoff = models.Constraint(
        "CHECK (cutoff_hour >= 0 AND cutoff_hour <= 24)", "[OF-INV-002] The cut-off is from 0:00 to 24:00."
    )

    @api.constrains("frequency", "weekday")
    def _check_weekday(self):
        for calendar in self:
            if calendar.frequency == "weekly" and not calendar.weekday:
                raise ValidationError(
                    self.env._("[OF-INV-003] %s: choose the weekday of the cut-off.", calendar.name)
                )

    @api.constrains("tz")
    def _check_tz(self):
        """Odoo does not check values of a list that is made by a method: RPC may send any."""
        for calendar in self:
            if calendar.tz not in all_timezones_set:
                raise ValidationError(
                    self.env._(
                        "[OF-INV-005] %(name)s: there is no time zone %(tz)s. Write one like Europe/Berlin.",
                        name=calendar.name,
                        tz=calendar.tz,
                    )
                )

    def _get_last_cutoff(self, now):
        self.ensure_one()
        days = (self.first_day, self.second_day) if self.frequency == "twice_monthly" else (self.first_day,)
        weekday = int(self.weekday or 0)
        return last_cutoff(now, self.tz, self.frequency, weekday=weekday, days=days, hour=self.cutoff_hour)

    def action_run(self):
        """Invoice all drops up to the last cut-off now; drops already invoiced are left alone."""
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("[OF-INV-004] Only people who may invoice can run an invoice calendar.")
            )
        invoices = self.env["account.move"]
        for calendar in self:
            cutoff = calendar._get_last_cutoff(fields.Datetime.now())
            for payer in calendar._get_payers():
                invoices |= self.env["sale.drop.invoicing"]._invoice_payer(payer, calendar, cutoff)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consolidated invoices"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", invoices.ids)],
        }

    def _get_payers(self):
        """Addresses that get the invoices of this calendar and have something open."""
        company = [("company_id", "=", self.company_id.id)] if self.company_id else []
        orders = self.env["sale.order"]._read_group(
            [
                ("partner_invoice_id.invoice_calendar_id", "in", self.ids),
                ("state", "=", "sale"),
                ("order_line.qty_to_invoice", "!=", 0),
                *company,
            ],
            ["partner_invoice_id"],
        )
        return [payer for [payer] in orders]

    @api.model
    def _cron_run(self):
        """Invoice what is due, payer by payer, so that a run that is cut short goes on where it was."""
        if not self.env["order.fulfilment.capability"]._is_on("invoicing"):
            return
        for calendar in self.search([]):
            cutoff = calendar._get_last_cutoff(fields.Datetime.now())
            due = [
                payer
                for payer in calendar._get_payers()
                if not payer.drops_invoiced_until or payer.drops_invoiced_until < cutoff
            ]
            for payer in due:
                calendar._invoice_or_tell(payer, cutoff)
                if not self.env["ir.cron"]._commit_progress(1):
                    return

    def _invoice_or_tell(self, payer, cutoff):
        """Invoice one payer; what stands in the way is told to a person, and no other payer waits."""
        try:
            with self.env.cr.savepoint():
                self.env["sale.drop.invoicing"]._invoice_payer(payer, self, cutoff)
        except (UserError, RedirectWarning) as error:
            self.env.invalidate_all()
            summary = self.env._("Consolidated invoice could not be made")
            if summary not in payer.activity_ids.mapped("summary"):
                payer.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=summary,
                    note=str(error.args[0]),
                    user_id=(
                        self.create_uid.active and self.create_uid or self.env.ref("base.user_admin")
                    ).id,
                )
