from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ...tools.arguments import is_finite
from ...tools.windows import REASON_NUMBER, WeeklyWindow, WindowError

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


def to_minutes(hours):
    """Return the minutes of Odoo's decimal hours, to the nearest; raises WindowError for NaN and infinity."""
    if not is_finite(hours):
        raise WindowError(REASON_NUMBER)
    return round(hours * 60)


class DeliveryWindow(models.Model):
    """Weekly hours in which an address receives, in the wall time of that address."""

    _name = "delivery.window"
    _description = "Receiving Window"
    _order = "partner_id, week_type, weekday, hour_from"

    partner_id = fields.Many2one(
        "res.partner", "Delivery address", required=True, index=True, ondelete="cascade"
    )
    weekday = fields.Selection(WEEKDAYS, required=True, default="0")
    hour_from = fields.Float("From", required=True, default=8.0)
    hour_to = fields.Float("To", required=True, default=12.0, help="24:00 is the end of the day.")
    ends_next_day = fields.Boolean("Ends the next day", help="For windows over midnight.")
    week_type = fields.Selection(
        [("0", "First"), ("1", "Second")],
        "Week",
        help="Only in every second week, counted as in Odoo's two-week working schedules. Empty: every week.",
    )

    @api.constrains("weekday", "hour_from", "hour_to", "ends_next_day", "week_type")
    def _check_hours(self):
        for window in self:
            try:
                window._to_rule()
            except WindowError as error:
                raise ValidationError(
                    _(
                        "[JD-WIN-001] %(address)s, window of %(weekday)s %(from)s to %(to)s hours:"
                        " %(reason)s. Correct the times, or tick 'Ends the next day'.",
                        address=window.partner_id.display_name,
                        weekday=dict(WEEKDAYS)[window.weekday],
                        **{"from": round(window.hour_from, 2), "to": round(window.hour_to, 2)},
                        reason=error.reason,
                    )
                ) from error

    def _to_rule(self):
        """Return the pure rule of this record; raises WindowError for hours that cannot be."""
        self.ensure_one()
        end = to_minutes(self.hour_to) + (1440 if self.ends_next_day else 0)
        week = int(self.week_type) if self.week_type else None
        return WeeklyWindow(int(self.weekday), to_minutes(self.hour_from), end, week)
