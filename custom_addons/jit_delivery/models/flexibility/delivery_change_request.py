from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

BOUND_BY = [
    ("minimum", "Minimum quantity"),
    ("multiple", "Multiple"),
    ("band", "Agreed band"),
    ("delivered", "Already delivered"),
    ("goods", "Goods"),
    ("assembly", "Assembly"),
    ("pick_pack", "Picking and packing"),
    ("cutoff", "Cut-off"),
    ("receiving", "Receiving hours"),
    ("slot", "Slot"),
    ("gate", "Order gate"),
]


class DeliveryChangeRequest(models.Model):
    """What a customer asked to change on a confirmed line, and what came of it. Never changed afterwards.

    The flexibility ratio is the quantity met for the quantity asked for (see ``tools/flexibility.py``).
    """

    _name = "delivery.change.request"
    _description = "Quantity Change Request"
    _order = "id desc"
    _rec_name = "order_id"

    line_id = fields.Many2one(
        "sale.order.line", "Order line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="line_id.order_id", store=True, index=True)
    partner_id = fields.Many2one(related="order_id.partner_id", store=True, string="Customer")
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    key = fields.Char("Idempotency key", readonly=True)
    state = fields.Selection(
        [("promised", "Promised"), ("refused", "Refused")], required=True, readonly=True, index=True
    )
    qty_before = fields.Float("Before", digits="Product Unit", readonly=True)
    qty_asked = fields.Float("Asked for", digits="Product Unit", readonly=True)
    qty_met = fields.Float("Reached", digits="Product Unit", readonly=True)
    change_asked = fields.Float("Change asked for", digits="Product Unit", readonly=True)
    change_met = fields.Float("Change met", digits="Product Unit", readonly=True)
    ratio = fields.Float(
        "Flexibility ratio %",
        readonly=True,
        aggregator="avg",
        help="Quantity changed of the quantity asked to change; in groups, of the sums.",
    )
    days_left = fields.Integer("Days before delivery", readonly=True, aggregator="avg")
    bound_by = fields.Selection(BOUND_BY, readonly=True, help="What stood in the way.")
    explanation = fields.Text(readonly=True)

    _key_unique = models.UniqueIndex("(company_id, key) WHERE key IS NOT NULL")

    def _read_group_select(self, aggregate_spec, query):
        """The ratio of a group is that of its sums: a large change counts for more than a small one."""
        if aggregate_spec != "ratio:avg":
            return super()._read_group_select(aggregate_spec, query)
        met, asked = (
            self._read_group_select(f"{name}:sum", query) for name in ("change_met", "change_asked")
        )
        return SQL("100.0 * %s / NULLIF(%s, 0)", met, asked)

    @api.model
    def _find(self, line, key, quantity):
        """Return the request with that key; refuses a key that was used for something else."""
        found = (
            self.sudo().search([("company_id", "=", line.company_id.id), ("key", "=", key)]) if key else None
        )
        if found and (found.line_id != line or found.qty_asked != quantity):
            raise UserError(
                self.env._("[JD-FLX-005] Key %s was used for another line or quantity. Use a new key.", key)
            )
        return found

    def _to_values(self):
        """Return the answer to a client."""
        self.ensure_one()
        return {
            "request_id": self.id,
            "state": self.state,
            "quantity_before": self.qty_before,
            "quantity": self.qty_met,
            "bound_by": self.bound_by or "",
            "explanation": self.explanation or "",
            "window_start": fields.Datetime.to_string(self.line_id.delivery_window_start) or "",
            "window_stop": fields.Datetime.to_string(self.line_id.delivery_window_stop) or "",
        }
