from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_gate_standard(self):
        """Button: order checks as delivered."""
        return self.env["order.check"].action_preset_standard()

    def action_gate_strict(self):
        """Button: order checks that let nothing incomplete through."""
        return self.env["order.check"].action_preset_strict()
