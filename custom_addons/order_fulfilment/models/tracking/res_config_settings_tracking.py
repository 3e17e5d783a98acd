from odoo import fields, models

from ...report.fulfilment_service import EARLY, LATE
from .fulfilment_webhook import ALLOW_PRIVATE


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    webhook_allow_private = fields.Boolean(
        "Webhooks within the private network",
        config_parameter=ALLOW_PRIVATE,
        help="Off: an address that leads into our own network is never called, whoever set it up.",
    )
    service_early_hours = fields.Char("Hours too early", config_parameter=EARLY)
    service_late_hours = fields.Float("Hours too late", config_parameter=LATE)
