from odoo import api, fields, models
from odoo.tools import SQL


class OrderCreditClaim(models.Model):
    """The place where confirmations for one customer with a limit queue up: of credit, or of goods in a week.

    Two confirmations at the same instant do not see each other's amount, so that both could pass although the
    limit holds for one of them only. Each counts itself here first: PostgreSQL lets the second one wait, and
    then refuses it because its picture of the open orders is out of date; Odoo runs it again on the new one.
    A table of its own, because a change of the customer itself would be in the way of everybody else.
    """

    _name = "order.credit.claim"
    _description = "Order Credit Claim"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    confirmations = fields.Integer(default=0, help="How often an order of the customer was confirmed.")

    _customer_unique = models.UniqueIndex("(partner_id, company_id)", "This customer has a claim already.")

    @api.model
    def _queue_up(self, pairs):
        """Count one confirmation for each (customer id, company id); waits for others that do the same."""
        if not pairs:
            return
        values = SQL(", ").join(SQL("(%s, %s, 1)", *pair) for pair in sorted(pairs))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO order_credit_claim (partner_id, company_id, confirmations) VALUES %s
                    ON CONFLICT (partner_id, company_id)
                    DO UPDATE SET confirmations = order_credit_claim.confirmations + 1
                """,
                values,
            )
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        self._queue_for_limits()
        return super()._action_confirm()

    def _queue_for_limits(self):
        """Only where a limit holds an order back: everybody else confirms without waiting."""
        if not self.env["order.fulfilment.capability"]._is_on("entry"):
            return
        pairs = self._credit_limited("credit_limit") | self._band_limited("quantity_band")
        self.env["order.credit.claim"]._queue_up(pairs)

    def _judged_by(self, code):
        """Return those of these orders that the check of this code may hold back."""
        check = self.env["order.check"]._by_code(code) & self.env["order.check"]._blocking_checks()
        return check._applicable(self.sudo()) if check else self.sudo().browse()

    def _credit_limited(self, code):
        """Return {(customer id, company id)} of those who pay and have a credit limit."""
        limited = self.env["order.check"]._limited_customers
        return {
            (customer.id, company.id)
            for company, orders in self._judged_by(code).grouped("company_id").items()
            for customer in limited(orders, company)
        }

    def _band_limited(self, code):
        """Return {(customer id, company id)} of orders with a product that has a band per week or month."""
        bound = self.env["order.quantity.rule"]._templates_by_period()
        lines = self._judged_by(code)._gate_lines() if bound else self.env["sale.order.line"]
        return {
            (line.order_id.partner_id.commercial_partner_id.id, line.company_id.id)
            for line in lines
            if line.product_id.product_tmpl_id.id in bound
        }
