"""Facts of other models that every confirmation asks for and hardly anybody changes."""

from odoo import api, models, tools


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "order.cached.catalogue"]

    @api.model
    @tools.ormcache("calendar_id")
    def _timezone_name(self, calendar_id):
        """Return the name of the calendar's time zone (False without a calendar)."""
        return self.sudo().browse(calendar_id).tz


class DeliveryCarrier(models.Model):
    _name = "delivery.carrier"
    _inherit = ["delivery.carrier", "order.cached.catalogue"]

    @api.model
    @tools.ormcache("company_ids")
    def _is_everywhere_reached(self, company_ids):
        """Say whether a carrier of these companies, or of all, goes to any address."""
        names = ("country_ids", "state_ids", "zip_prefix_ids")
        anywhere = [(name, "=", False) for name in names]
        return bool(
            self.sudo().search_count([("company_id", "in", [False, *company_ids]), *anywhere], limit=1)
        )
