from odoo import fields, models


class MrpProduction(models.Model):
    """An assembly to order knows what it is loaded with, so that a bench works in the sequence of loading."""

    _inherit = "mrp.production"

    load_date = fields.Datetime("Loading", readonly=True, copy=False, index="btree_not_null")
    delivery_slot_id = fields.Many2one("delivery.slot", readonly=True, copy=False, index="btree_not_null")
    dock_id = fields.Many2one(related="delivery_slot_id.dock_id", store=True, string="Dock")
