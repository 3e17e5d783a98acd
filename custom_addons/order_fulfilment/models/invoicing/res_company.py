from odoo import fields, models


class ResCompany(models.Model):
    """Rates of what it costs to serve a customer, for the accounting view."""

    _inherit = "res.company"

    serve_cost_order = fields.Monetary("Cost of an order", help="To enter, check and follow one order.")
    serve_cost_line = fields.Monetary("Cost of an order line", help="To enter and pick one line.")
    serve_cost_drop = fields.Monetary("Cost of a drop", help="To pack, label and load, without the freight.")
    serve_cost_return = fields.Monetary("Cost of a return", help="To take back, inspect and put away.")

    _serve_costs = models.Constraint(
        "CHECK (serve_cost_order >= 0 AND serve_cost_line >= 0 AND serve_cost_drop >= 0"
        " AND serve_cost_return >= 0)",
        "[OF-ACC-004] A rate of cost cannot be below zero.",
    )
