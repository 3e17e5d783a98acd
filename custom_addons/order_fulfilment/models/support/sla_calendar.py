from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .work_hours import WorkHours, to_seconds

# What of a calendar says when work is done.
HOURS = {
    "attendance_ids", "global_leave_ids", "leave_ids", "tz", "hours_per_day", "full_time_required_hours",
    "flexible_hours", "two_weeks_calendar",
}  # fmt: skip


class AfterSalesTeam(models.Model):
    """Working time may change in five places; deadlines that rest on it are counted anew by the job."""

    _inherit = "after.sales.team"

    @api.constrains("resource_calendar_id")
    def _check_calendar_has_hours(self):
        for team in self.filtered("resource_calendar_id"):
            team.resource_calendar_id._check_support_hours(team.company_id)

    def write(self, vals):
        done = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["after.sales.sla.status"]._look_again_at(self.env["resource.calendar"])
        return done


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        done = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["after.sales.sla.status"]._look_again_at(self.env["resource.calendar"])
        return done


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

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

    def write(self, vals):
        done = super().write(vals)
        if HOURS & vals.keys():
            self.env["after.sales.sla.status"]._look_again_at(self)
        return done


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._look_again_at_targets()
        return leaves

    def write(self, vals):
        self._look_again_at_targets()
        done = super().write(vals)
        self._look_again_at_targets()
        return done

    def unlink(self):
        self._look_again_at_targets()
        return super().unlink()

    def _look_again_at_targets(self):
        """Holidays move deadlines; a person's own leave does not."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        if holidays:
            everywhere = any(not leave.calendar_id for leave in holidays)
            calendars = self.env["resource.calendar"] if everywhere else holidays.calendar_id
            self.env["after.sales.sla.status"]._look_again_at(calendars)


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        hours = super().create(vals_list)
        hours._look_again_at_targets()
        return hours

    def write(self, vals):
        done = super().write(vals)
        self._look_again_at_targets()
        return done

    def unlink(self):
        self._look_again_at_targets()
        return super().unlink()

    def _look_again_at_targets(self):
        if self.calendar_id:
            self.env["after.sales.sla.status"]._look_again_at(self.calendar_id)
