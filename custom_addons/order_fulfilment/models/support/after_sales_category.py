from odoo import fields, models


class AfterSalesCategory(models.Model):
    """What kind of request a ticket is, and with it which questions are asked and who answers."""

    _name = "after.sales.category"
    _description = "Ticket Category"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    team_id = fields.Many2one("after.sales.team", check_company=True)
    priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")], default="1", required=True
    )
    is_public = fields.Boolean("Offered to customers", default=True)
