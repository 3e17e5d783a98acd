from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.windows import Hours, occurrences


class ResPartner(models.Model):
    """When a delivery address receives: windows of its own, else those of its calendar, else at any time."""

    _inherit = "res.partner"

    delivery_window_ids = fields.One2many("delivery.window", "partner_id", "Receiving windows")
    delivery_window_exception_ids = fields.One2many(
        "delivery.window.exception", "partner_id", "Closed days and openings"
    )
    delivery_frequency_ids = fields.One2many("delivery.frequency", "partner_id", "Delivery frequency")
    receiving_calendar_id = fields.Many2one(
        "resource.calendar",
        "Receiving calendar",
        help="Its holidays are closed times. Its hours hold where the address has no windows of its own.",
    )

    def _get_receiving_zone(self):
        """Return the name of the time zone of this address; refuses an address without one."""
        self.ensure_one()
        zone = self.tz or self.receiving_calendar_id.tz or self.commercial_partner_id.tz
        if not zone:
            raise UserError(
                self.env._(
                    "[JD-WIN-003] %s has receiving windows but no time zone. Set the time zone of"
                    " the address.",
                    self.display_name,
                )
            )
        return zone

    def _get_receiving_hours(self):
        """Return the pure :class:`Hours` of this address, or None if it receives at any time."""
        self.ensure_one()
        partner = self.sudo()  # a salesperson may not read calendars; hours are no secret of theirs
        calendar, exceptions = partner.receiving_calendar_id, partner.delivery_window_exception_ids
        if not (calendar or partner.delivery_window_ids or partner.delivery_frequency_ids):
            return None
        weekly = partner.delivery_frequency_ids._get_weekly_windows()
        weekly = weekly or tuple(window._to_rule() for window in partner.delivery_window_ids)
        return Hours(
            zone=partner._get_receiving_zone(),
            weekly=weekly or calendar._get_weekly_windows(),
            closed=frozenset(e.date for e in exceptions if not e.is_open),
            openings=tuple(e._to_rule() for e in exceptions if e.is_open),
            holidays=calendar._get_holidays(),
        )

    def _get_receiving_windows(self, start, end):
        """Return the windows (UTC intervals) in which this address receives, or None for any time."""
        hours = self._get_receiving_hours()
        return None if hours is None else occurrences(hours, start, end)
