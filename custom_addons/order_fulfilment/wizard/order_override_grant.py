from odoo import fields, models


class OrderOverrideGrant(models.TransientModel):
    """Asks for the reason before a finding may pass."""

    _name = "order.override.grant"
    _description = "Override a Finding"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    message = fields.Text("Finding", readonly=True)
    reason = fields.Char(required=True)

    def action_grant(self):
        self.ensure_one()
        self.order_id.override_finding(self.key, self.reason)
        return {"type": "ir.actions.act_window_close", "infos": {"granted": True}}
