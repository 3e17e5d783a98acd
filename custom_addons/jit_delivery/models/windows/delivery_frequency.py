from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.cutoffs import TimesError, frequency_windows, parse_times
from ...tools.windows import WindowError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class DeliveryFrequency(models.Model):
    """An agreement to deliver at fixed times of the day, such as "Mon-Fri 6:00, 10:00, 14:00"."""

    _name = "delivery.frequency"
    _description = "Delivery Frequency Agreement"
    _order = "partner_id, id"

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    times = fields.Char(required=True, help="Times of the address, e.g. 6:00, 10:00, 14:00")
    tolerance = fields.Integer(
        "Minutes allowed", default=30, required=True, help="A delivery may be that late."
    )
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()

    @api.constrains("times", "tolerance", *DAYS)
    def _check_times(self):
        for agreement in self:
            try:
                windows = agreement._get_weekly_windows()
            except (TimesError, WindowError) as error:
                raise ValidationError(
                    self.env._(
                        "[JD-WIN-004] %(address)s: '%(times)s' with %(tolerance)s minutes is no list of times"
                        " (%(error)s). Write them like 6:00, 10:00, 14:00.",
                        address=agreement.partner_id.display_name,
                        times=agreement.times,
                        tolerance=agreement.tolerance,
                        error=error,
                    )
                ) from error
            if not windows:
                raise ValidationError(
                    self.env._(
                        "[JD-WIN-005] %s: choose at least one weekday and one time.",
                        agreement.partner_id.display_name,
                    )
                )

    def _get_weekly_windows(self):
        """Return the windows of all agreements in ``self``."""
        return tuple(
            window
            for agreement in self
            for window in frequency_windows(
                [day for day, name in enumerate(DAYS) if agreement[name]],
                parse_times(agreement.times),
                agreement.tolerance,
            )
        )
