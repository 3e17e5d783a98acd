from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    invoice_calendar_id = fields.Many2one(
        "sale.invoice.calendar",
        help="Drops are gathered into one invoice at its cut-offs.",
    )
    drops_invoiced_until = fields.Datetime("Drops invoiced until", readonly=True, copy=False)

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "invoice_calendar_id"]
