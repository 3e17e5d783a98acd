from odoo import fields, models


class StockWarehouse(models.Model):
    """What picking and packing take here, and when people work."""

    _inherit = "stock.warehouse"

    working_calendar_id = fields.Many2one("resource.calendar", "Working hours", check_company=True)
    pick_minutes = fields.Float(
        "Picking minutes per line", default=0, help="Of all pickers together: three at 6 minutes take 2."
    )
    pack_minutes = fields.Float("Packing minutes per line", default=0, help="Of all packers together.")
    unload_minutes = fields.Float("Unloading minutes", default=15)
    promise_version = fields.Integer(
        readonly=True, copy=False, help="Counts promises that took working time, so that they wait in line."
    )

    _minutes_positive = models.Constraint(
        "CHECK (LEAST(pick_minutes, pack_minutes, unload_minutes) >= 0"
        " AND GREATEST(pick_minutes, pack_minutes, unload_minutes) <= 10080)",  # NaN is above all numbers
        "[JD-PRM-010] The minutes of picking, packing and unloading are 0 to 10080, a week.",
    )
