from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Switches of the capabilities; each is a group implied by "internal user"."""

    _inherit = "res.config.settings"

    group_use_windows = fields.Boolean(
        string="Receiving windows", implied_group="jit_delivery.group_use_windows"
    )
    group_use_slots = fields.Boolean(string="Delivery slots", implied_group="jit_delivery.group_use_slots")
    group_use_assembly = fields.Boolean(
        string="JIT assembly", implied_group="jit_delivery.group_use_assembly"
    )
