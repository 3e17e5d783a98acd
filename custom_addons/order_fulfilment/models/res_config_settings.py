from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Switches of the capabilities; each is a group implied by "internal user"."""

    _inherit = "res.config.settings"

    group_use_options = fields.Boolean(
        string="End-item options", implied_group="order_fulfilment.group_use_options"
    )
    group_use_entry = fields.Boolean(
        string="Order gate and import", implied_group="order_fulfilment.group_use_entry"
    )
    group_use_tracking = fields.Boolean(
        string="Status and promises", implied_group="order_fulfilment.group_use_tracking"
    )
    group_use_warehouse = fields.Boolean(
        string="Warehouse floor", implied_group="order_fulfilment.group_use_warehouse"
    )
    group_use_invoicing = fields.Boolean(
        string="Consolidated invoicing", implied_group="order_fulfilment.group_use_invoicing"
    )
    group_use_support = fields.Boolean(
        string="After-sales support", implied_group="order_fulfilment.group_use_support"
    )
