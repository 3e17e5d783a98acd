from odoo import api, fields, models
from odoo.tools import SQL


class OrderCreditClaim(models.Model):
    """The place where confirmations for one customer with a credit limit queue up.

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
        self._queue_for_credit()
        return super()._action_confirm()

    def _queue_for_credit(self):
        """Only where the limit holds an order back: everybody else confirms without waiting."""
        checks = self.env["order.check"]
        check = checks._by_code("credit_limit") & checks._blocking_checks()
        if not check or not self.env["order.fulfilment.capability"]._is_on("entry"):
            return
        pairs = set()
        for company, orders in check._applicable(self.sudo()).grouped("company_id").items():
            pairs |= {(customer.id, company.id) for customer in checks._limited_customers(orders, company)}
        self.env["order.credit.claim"]._queue_up(pairs)
