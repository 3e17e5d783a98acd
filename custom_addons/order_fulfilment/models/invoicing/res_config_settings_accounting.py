from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    serve_cost_order = fields.Monetary(
        related="company_id.serve_cost_order", readonly=False, currency_field="currency_id"
    )
    serve_cost_line = fields.Monetary(
        related="company_id.serve_cost_line", readonly=False, currency_field="currency_id"
    )
    serve_cost_drop = fields.Monetary(
        related="company_id.serve_cost_drop", readonly=False, currency_field="currency_id"
    )
    serve_cost_return = fields.Monetary(
        related="company_id.serve_cost_return", readonly=False, currency_field="currency_id"
    )
