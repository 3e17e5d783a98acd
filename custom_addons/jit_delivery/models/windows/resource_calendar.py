from odoo import models

from ...tools.windows import Interval, WeeklyWindow
from ...tools.zones import MINUTE
from .delivery_window import to_minutes


def _next_minute(moment):
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + MINUTE


class ResourceCalendar(models.Model):
    """A working schedule read as receiving hours."""

    _inherit = "resource.calendar"

    def _get_weekly_windows(self):
        """Return the attendances as weekly windows, in wall time; lunch breaks are none."""
        attendances = self.attendance_ids.filtered(
            lambda a: not a.display_type and a.day_period != "lunch" and a.hour_to > a.hour_from
        )
        return tuple(
            WeeklyWindow(
                int(a.dayofweek),
                to_minutes(a.hour_from),
                to_minutes(a.hour_to),
                int(a.week_type) if self.two_weeks_calendar and a.week_type else None,
            )
            for a in attendances
        )

    def _get_holidays(self):
        """Return the leaves of the whole calendar as UTC intervals of full minutes.

        Odoo ends a leave at 23:59:59; the second left over would count as open.
        """
        leaves = self.global_leave_ids
        return tuple(
            Interval(leave.date_from.replace(second=0), _next_minute(leave.date_to)) for leave in leaves
        )
