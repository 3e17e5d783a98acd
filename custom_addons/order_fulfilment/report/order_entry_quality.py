from odoo import fields, models
from odoo.tools import SQL

from ..models.entry.order_finding import STATES


class OrderEntryQuality(models.Model):
    """Findings with what became of them, so that the checks themselves can be judged.

    One row per finding. "Led to" looks at the order afterwards: a warning that is always waved through and
    never leads to trouble can go, an override that ends in returns should not have been given.
    """

    _name = "order.entry.quality"
    _description = "Order Entry Quality"
    _auto = False
    _rec_name = "check_id"
    _order = "date desc, id desc"

    check_id = fields.Many2one("order.check", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime("Found on", readonly=True)
    severity = fields.Selection([("block", "Blocks"), ("warn", "Warns")], readonly=True)
    state = fields.Selection(STATES, readonly=True)
    finding_count = fields.Integer("Findings", readonly=True)
    is_overridden = fields.Integer("Overridden", readonly=True)
    is_resolved = fields.Integer("Put right", readonly=True)
    hours_to_resolve = fields.Float("Hours until put right", readonly=True, aggregator="avg")
    led_to_cancel = fields.Integer("Led to cancellation", readonly=True)
    led_to_return = fields.Integer("Led to return", readonly=True)
    led_to_credit = fields.Integer("Led to credit note", readonly=True)
    led_to_late = fields.Integer("Led to late delivery", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT f.id, f.check_id, f.order_id, p.commercial_partner_id AS partner_id, o.team_id, o.user_id,
                   o.company_id, f.create_date AS date, f.severity, f.state, 1 AS finding_count,
                   (f.state = 'overridden')::int AS is_overridden,
                   (f.state = 'resolved')::int AS is_resolved,
                   EXTRACT(EPOCH FROM f.resolved_on - f.create_date) / 3600 AS hours_to_resolve,
                   (f.state IN ('overridden', 'accepted') AND o.state = 'cancel')::int AS led_to_cancel,
                   (f.state IN ('overridden', 'accepted') AND %s)::int AS led_to_return,
                   (f.state IN ('overridden', 'accepted') AND %s)::int AS led_to_credit,
                   (f.state IN ('overridden', 'accepted') AND %s)::int AS led_to_late
              FROM order_finding f
              JOIN sale_order o ON o.id = f.order_id
              JOIN res_partner p ON p.id = o.partner_id
            """,
            self._returned(),
            self._credited(),
            self._late(),
        )

    def _returned(self):
        return SQL(
            """EXISTS (SELECT FROM stock_move m JOIN sale_order_line l ON l.id = m.sale_line_id
                        WHERE l.order_id = o.id AND m.state = 'done' AND m.origin_returned_move_id IS NOT
                        NULL)"""
        )

    def _credited(self):
        return SQL(
            """EXISTS (SELECT FROM sale_order_line l
                         JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                         JOIN account_move_line i ON i.id = r.invoice_line_id
                         JOIN account_move m ON m.id = i.move_id
                        WHERE l.order_id = o.id AND m.move_type = 'out_refund' AND m.state = 'posted')"""
        )

    def _late(self):
        return SQL(
            """EXISTS (SELECT FROM stock_picking k
                        WHERE k.sale_id = o.id AND k.state = 'done' AND k.date_done > k.date_deadline)"""
        )
