"""Facts of other models that every confirmation asks for and hardly anybody changes."""

from odoo import api, models, tools
from odoo.tools import frozendict

from ...tools.entry.fiscal import FiscalRule


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


class ResCountry(models.Model):
    _name = "res.country"
    _inherit = ["res.country", "order.cached.catalogue"]

    @api.model
    @tools.ormcache("country_id")
    def _address_rule(self, country_id):
        """Return (ISO code, whether addresses need the state) of a country; ("", False) without one."""
        country = self.sudo().browse(country_id)
        return country.code or "", country.state_required


class ResCountryGroup(models.Model):
    _name = "res.country.group"
    _inherit = ["res.country.group", "order.cached.catalogue"]


class AccountFiscalPosition(models.Model):
    _name = "account.fiscal.position"
    _inherit = ["account.fiscal.position", "order.cached.catalogue"]

    @api.model
    @tools.ormcache("company_id")
    def _company_rules(self, company_id):
        """Return {position id: FiscalRule} of the company, in Odoo's order."""
        company = self.env["res.company"].browse(company_id)
        return frozendict(self.sudo().search(self._check_company_domain(company))._geographic_rules())

    def _geographic_rules(self):
        return {
            position.id: FiscalRule(
                position.id,
                frozenset((position.country_id | position.country_group_id.country_ids).ids),
                frozenset(position.state_ids.ids),
                position.zip_from or "",
                position.zip_to or "",
            )
            for position in self
        }


class AccountAnalyticDistributionModel(models.Model):
    """Odoo looks for one twice for each order line, where there is none as well."""

    _name = "account.analytic.distribution.model"
    _inherit = ["account.analytic.distribution.model", "order.cached.catalogue"]

    @api.model
    @tools.ormcache()
    def _is_in_use(self):
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _get_applicable_models(self, vals):
        return super()._get_applicable_models(vals) if self._is_in_use() else self.browse()
