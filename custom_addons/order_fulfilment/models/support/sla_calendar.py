from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .work_hours import WorkHours, to_seconds

# What of a calendar says when work is done.
HOURS = {
    "attendance_ids", "global_leave_ids", "leave_ids", "tz", "hours_per_day", "full_time_required_hours",
    "flexible_hours", "two_weeks_calendar",
}  # fmt: skip


class AfterSalesWorkingTime(models.AbstractModel):
    """Working time may change in five places; open targets that rest on it are counted anew by the job."""

    _name = "after.sales.working.time"
    _description = "Something that Says when Work is Done"

    def _get_touched_calendars(self, changed=None):
        """Calendars whose hours these records decide on; none for "all of them", None for nothing.

        :param changed: names of the fields being written; None when records come or go
        """
        raise NotImplementedError

    def _look_again_at_targets(self, changed=None):
        calendars = self._get_touched_calendars(changed) if self else None
        if calendars is not None:
            self.env["after.sales.sla.status"]._look_again_at(calendars)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._look_again_at_targets()
        return records

    def write(self, vals):
        """What belonged to one calendar before may belong to another one after."""
        self._look_again_at_targets(vals.keys())
        done = super().write(vals)
        self._look_again_at_targets(vals.keys())
        return done

    def unlink(self):
        self._look_again_at_targets()
        return super().unlink()


class AfterSalesTeam(models.Model):
    _name = "after.sales.team"
    _inherit = ["after.sales.team", "after.sales.working.time"]

    @api.constrains("resource_calendar_id")
    def _check_calendar_has_hours(self):
        for team in self.filtered("resource_calendar_id"):
            team.resource_calendar_id._check_support_hours(team.company_id)

    def _get_touched_calendars(self, changed=None):
        """Targets do not say by which team they are counted, so all are looked at."""
        return self.env["resource.calendar"] if "resource_calendar_id" in (changed or ()) else None


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "after.sales.working.time"]

    def _get_touched_calendars(self, changed=None):
        return self.env["resource.calendar"] if "resource_calendar_id" in (changed or ()) else None


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "after.sales.working.time"]

    def _check_support_hours(self, company):
        """Refuse a calendar in which no target could ever be due."""
        now = to_seconds(fields.Datetime.now())
        if not WorkHours(self.env).get(self, company, now, now + 400 * 86400):
            raise ValidationError(
                self.env._(
                    "[OF-SLA-001] The calendar “%s” has no working hours in the next year. Add hours to it, "
                    "or choose another one.",
                    self.name,
                )
            )

    def _get_touched_calendars(self, changed=None):
        """A new calendar is used by nobody yet, and one in use cannot be deleted."""
        return self if HOURS & set(changed or ()) else None


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "after.sales.working.time"]

    def _get_touched_calendars(self, changed=None):
        """Holidays move deadlines, those of all calendars too; a person's own leave does not."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        if not holidays:
            return None
        everywhere = any(not leave.calendar_id for leave in holidays)
        return self.env["resource.calendar"] if everywhere else holidays.calendar_id


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "after.sales.working.time"]

    def _get_touched_calendars(self, changed=None):
        return self.calendar_id or None
