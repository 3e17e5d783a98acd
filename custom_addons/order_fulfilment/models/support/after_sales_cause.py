from odoo import fields, models


class AfterSalesCause(models.Model):
    """Why it happened: what the Pareto counts, so that it is right the first time next time."""

    _name = "after.sales.cause"
    _description = "Cause of a Ticket"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    remedy = fields.Text("What to change", translate=True)

    _code_unique = models.UniqueIndex("(code) WHERE code IS NOT NULL", "This code is taken.")


class AfterSalesSymptom(models.Model):
    """What the customer sees, in the customer's words."""

    _name = "after.sales.symptom"
    _description = "Symptom of a Ticket"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code) WHERE code IS NOT NULL", "This code is taken.")
