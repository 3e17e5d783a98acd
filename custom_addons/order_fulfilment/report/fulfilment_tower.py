from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.tracking.sale_order import STATUSES
from ..models.tracking.sale_order_tower import GONE

REASONS = [
    ("held", "Held by the gate"),
    ("cancelled", "Cancelled after shipping"),
    ("late", "Late"),
    ("at_risk", "At risk"),
    ("short", "Short"),
    ("ticket", "Ticket open"),
    ("proof", "Waits for proof"),
    ("invoice", "Not invoiced"),
]
SHIPPED = ("shipped", "delivered", "proven")
# Whoever gets consolidated invoices gets them by their calendar; what stops that is told on the payer.
# A calendar that is archived, or of another company, makes none.
TO_INVOICE = """
    sale.invoice_status = 'to invoice' AND sale.fulfilment_status IN %s
    AND NOT EXISTS (SELECT FROM res_partner payer
                      JOIN sale_invoice_calendar calendar ON calendar.id = payer.invoice_calendar_id
                     WHERE payer.id = sale.partner_invoice_id AND calendar.active
                       AND (calendar.company_id IS NULL OR calendar.company_id = sale.company_id))
"""


class FulfilmentTower(models.Model):
    """Control tower: one row per order that needs a person now, with the most urgent reason."""

    _name = "fulfilment.tower"
    _description = "Control Tower"
    _auto = False
    _order = "deadline, customer_value desc, id"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    deadline = fields.Datetime("Due", readonly=True)
    fulfilment_status = fields.Selection(STATUSES, "Fulfilment", readonly=True)
    fulfilment_summary = fields.Char("In one line", readonly=True)
    amount = fields.Float("Order value", readonly=True, help="Untaxed, in the company's currency.")
    customer_value = fields.Float("Customer value", readonly=True, help="Untaxed orders of the last year.")
    missing_product_id = fields.Many2one("product.product", "First missing", readonly=True)
    is_late = fields.Boolean("Late", readonly=True)
    is_at_risk = fields.Boolean("At risk", readonly=True)
    is_short = fields.Boolean("Short", readonly=True)
    is_proof_due = fields.Boolean("Waits for proof", readonly=True)
    has_open_ticket = fields.Boolean("Ticket open", readonly=True)

    _depends = {
        "sale.order": [
            "partner_id",
            "user_id",
            "warehouse_id",
            "company_id",
            "state",
            "invoice_status",
            "promise_deadline",
            "fulfilment_status",
            "fulfilment_summary",
            "is_followed",
            "is_short",
            "is_proof_due",
            "has_open_ticket",
            "amount_untaxed",
            "currency_rate",
        ],
        "res.partner": ["invoice_calendar_id"],
        "sale.invoice.calendar": ["active", "company_id"],
        "fulfilment.risk": ["order_id", "product_id"],
        "fulfilment.customer.value": ["partner_id", "value"],
    }

    def _get_order_fields(self):
        """Names of the fields of an order that decide whether and how it is shown."""
        return {*self._depends["sale.order"], "gate_status"}

    def _get_conditions(self):
        """SQL of each reason, most urgent first; other capabilities replace or add theirs."""
        done = SQL("sale.fulfilment_status IN %s", SHIPPED)
        is_open = SQL("sale.state = 'sale' AND NOT (%s)", done)
        return {
            "held": self._get_held_condition(),
            "cancelled": SQL("sale.state = 'cancel' AND sale.fulfilment_status IN %s", GONE),
            "late": SQL("%s AND sale.promise_deadline < now() AT TIME ZONE 'UTC'", is_open),
            "at_risk": SQL("%s AND risk.order_id IS NOT NULL", is_open),
            "short": SQL("%s AND sale.is_short", is_open),
            "ticket": SQL("sale.has_open_ticket"),
            "proof": SQL("sale.is_proof_due"),
            "invoice": SQL(TO_INVOICE, GONE),
        }

    def _get_held_condition(self):
        """The order gate keeps its verdict on the order, where it is in use."""
        field = self.env["sale.order"]._fields.get("gate_status")
        if field is None or not field.store:
            return SQL("FALSE")
        return SQL("sale.state IN ('draft', 'sent') AND sale.gate_status = 'blocked'")

    @property
    def _table_query(self):
        conditions = self._get_conditions()
        cases = SQL(" ").join(SQL("WHEN %s THEN %s", sql, reason) for reason, sql in conditions.items())
        return SQL(
            """
            SELECT * FROM (
                SELECT sale.id, sale.id AS order_id, sale.partner_id, sale.user_id, sale.warehouse_id,
                       sale.company_id, sale.promise_deadline AS deadline, sale.fulfilment_status,
                       sale.fulfilment_summary, sale.is_short, sale.is_proof_due, sale.has_open_ticket,
                       sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS amount,
                       COALESCE(customer.value, 0) AS customer_value,
                       risk.product_id AS missing_product_id,
                       risk.order_id IS NOT NULL AS is_at_risk,
                       COALESCE(%(late)s, FALSE) AS is_late,
                       CASE %(cases)s END AS reason
                  FROM sale_order sale
             LEFT JOIN fulfilment_risk risk ON risk.order_id = sale.id
             LEFT JOIN fulfilment_customer_value customer ON customer.partner_id = sale.partner_id
                 WHERE sale.is_followed
            ) tower WHERE reason IS NOT NULL
            """,
            late=conditions["late"],
            cases=cases,
        )

    def action_fix(self):
        """Open what mends this row: one click."""
        self.ensure_one()
        return getattr(self, f"_fix_{self.reason}", self._fix_order)()

    def action_refresh(self):
        """Look for orders at risk again now instead of at the next round of the job."""
        self.env["fulfilment.tower"].check_access("read")
        self.env["fulfilment.risk"].sudo()._refresh()  # the list shows each user only their own rows
        self.env["fulfilment.customer.value"].sudo()._refresh()
        return True

    def _fix_order(self):
        return self._open("sale.order", self.order_id.id)

    def _fix_late(self):
        """To the open transfer that holds it up, not to what comes back; without one, to the promise."""
        towards_customer = self.order_id._get_promise_moves().picking_id
        picking = self.order_id.picking_ids.filtered(lambda item: item in towards_customer)[:1]
        return self._open("stock.picking", picking.id) if picking else self._fix_at_risk()

    def _fix_at_risk(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_fulfilment.action_sale_order_promise_change"
        )
        return {**action, "context": {"default_order_id": self.order_id.id}}

    _fix_short = _fix_late

    def _fix_proof(self):
        drops = self.order_id._get_drops().filtered(
            lambda drop: drop.is_drop and any(move._get_quantity_unproven() > 0 for move in drop.move_ids)
        )
        if not drops:
            raise UserError(self.env._("[OF-TRK-010] The proof has just come in. Look again."))
        return drops[0].action_take_proof()

    def _fix_invoice(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_view_sale_advance_payment_inv")
        return {**action, "context": {"active_model": "sale.order", "active_ids": self.order_id.ids}}

    def _open(self, model, record_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [(False, "form")],
        }
