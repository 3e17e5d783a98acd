from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ...tools.windows import Opening, WindowError
from .delivery_window import to_minutes


class DeliveryWindowException(models.Model):
    """One date on which an address receives otherwise: closed all day, or open at a time of its own."""

    _name = "delivery.window.exception"
    _description = "Receiving Window Exception"
    _order = "date desc, hour_from"

    partner_id = fields.Many2one(
        "res.partner", "Delivery address", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    is_open = fields.Boolean("Open", help="Open from … to …, even on a closed day. Unticked: closed all day.")
    hour_from = fields.Float("From")
    hour_to = fields.Float("To")
    ends_next_day = fields.Boolean("Ends the next day")
    name = fields.Char("Reason")

    @api.constrains("date", "is_open", "hour_from", "hour_to", "ends_next_day")
    def _check_hours(self):
        for exception in self.filtered("is_open"):
            try:
                exception._to_rule()
            except WindowError as error:
                raise ValidationError(
                    _(
                        "[JD-WIN-002] %(address)s, opening on %(date)s: %(reason)s. Correct the times.",
                        address=exception.partner_id.display_name,
                        date=exception.date,
                        reason=error.reason,
                    )
                ) from error

    def _to_rule(self):
        self.ensure_one()
        end = to_minutes(self.hour_to) + (1440 if self.ends_next_day else 0)
        return Opening(self.date, to_minutes(self.hour_from), end)
