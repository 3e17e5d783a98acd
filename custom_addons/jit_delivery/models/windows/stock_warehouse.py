from odoo import models


class StockWarehouse(models.Model):
    """The warehouse's own wall clock."""

    _inherit = "stock.warehouse"

    def _get_zone(self):
        """Return the time zone of the warehouse's address, else of its company's working schedule."""
        self.ensure_one()
        # sudo: address and calendar of the company, for everybody who plans by its clock
        warehouse = self.sudo().with_context(prefetch_fields=False)  # addresses are wide, one field is wanted
        warehouse.fetch(["code", "partner_id", "company_id"])
        return warehouse.partner_id.tz or warehouse.company_id.resource_calendar_id.tz or "UTC"
