from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ...tools.entry.pricing import CreditUse
from ...tools.entry.verdict import Finding

# What a customer will still be asked for, in the company's currency. Goods delivered beyond the order count.
OPEN_ORDERS = """
    SELECT p.commercial_partner_id AS partner,
           l.price_total / l.product_uom_qty
           * (GREATEST(l.product_uom_qty, l.qty_delivered) - l.qty_invoiced)
           / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
      FROM sale_order o
      JOIN res_partner p ON p.id = o.partner_invoice_id
      JOIN sale_order_line l ON l.order_id = o.id
     WHERE o.state = 'sale' AND o.company_id = %(company)s AND o.id NOT IN %(orders)s
       AND p.commercial_partner_id IN %(customers)s AND l.product_uom_qty > 0
       AND l.qty_invoiced < GREATEST(l.product_uom_qty, l.qty_delivered)
"""
# Counted apart, because their quantities already count as invoiced on the order.
DRAFT_INVOICES = """
    SELECT m.commercial_partner_id AS partner, m.amount_total_signed AS amount
      FROM account_move m
     WHERE m.state = 'draft' AND m.move_type IN ('out_invoice', 'out_refund')
       AND m.company_id = %(company)s AND m.commercial_partner_id IN %(customers)s
"""
# Part of an order that is counted in full until its last invoice takes them off.
DOWN_PAYMENTS = """
    SELECT p.commercial_partner_id AS partner,
           CASE m.move_type WHEN 'out_refund' THEN 1 ELSE -1 END * i.price_total
           / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1) AS amount
      FROM sale_order o
      JOIN res_partner p ON p.id = o.partner_invoice_id
      JOIN sale_order_line l ON l.order_id = o.id AND l.is_downpayment
      JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
      JOIN account_move_line i ON i.id = r.invoice_line_id
      JOIN account_move m ON m.id = i.move_id
     WHERE (o.state = 'sale' OR o.id IN %(orders)s) AND o.company_id = %(company)s
       AND p.commercial_partner_id IN %(customers)s AND m.state IN ('draft', 'posted')
       AND m.move_type IN ('out_invoice', 'out_refund')
"""


class OrderCheck(models.Model):
    _inherit = "order.check"

    def _check_customer_on_hold(self, orders):
        for order in orders:
            for customer in self._held_partners(order)[:1]:
                yield Finding(
                    order.id,
                    self.env._(
                        "%(customer)s is on hold: %(reason)s. Clear it with accounting first.",
                        customer=customer.name,
                        reason=customer.order_hold_reason or self.env._("no reason given"),
                    ),
                    (customer.id, customer.order_hold_reason),
                    fix=self.env._("Open customer"),
                )

    def _held_partners(self, order):
        """Return who is on hold: the customer, or somebody else who is to pay."""
        family = order.partner_id.commercial_partner_id | order.partner_invoice_id.commercial_partner_id
        return family.filtered("order_hold")

    def _fix_customer_on_hold(self, order, line):
        return self._open_form(self._held_partners(order)[:1])

    def _check_credit_limit(self, orders):
        """Orders judged together are added up, so that a batch cannot do what each of them may not."""
        company = orders.company_id[:1]
        limited = self._limited_customers(orders, company)
        limited.invalidate_recordset(
            ["credit"]
        )  # not recomputed when an invoice is posted in this transaction
        to_invoice = self._uninvoiced(limited, company, orders)
        in_hand = dict.fromkeys(limited.ids, 0.0)
        for order in orders:
            customer = order.partner_invoice_id.commercial_partner_id.with_company(company)
            if customer.id not in in_hand:
                continue
            amount = self._amount_to_come(order) / (order.currency_rate or 1.0)
            in_hand[customer.id] += amount
            use = CreditUse(
                customer.credit_limit, customer.credit, to_invoice.get(customer.id, 0.0), in_hand[customer.id]
            )
            if use.excess:
                yield self._credit_finding(order, customer, use, amount)

    def _amount_to_come(self, order):
        """Return what the order will still be invoiced for, in its currency; OPEN_ORDERS for one of them."""
        if order.state != "sale":
            return order.amount_total
        return sum(
            line.price_total
            / line.product_uom_qty
            * max(max(line.product_uom_qty, line.qty_delivered) - line.qty_invoiced, 0.0)
            for line in order.order_line
            if line.product_uom_qty > 0
        )

    @api.model
    def _limited_customers(self, orders, company):
        """Return those who pay ``orders`` and have a credit limit in ``company``."""
        customers = orders.partner_invoice_id.commercial_partner_id.with_company(company)
        return customers.filtered(
            lambda customer: (
                customer.credit_limit
                and (company.account_use_credit_limit or customer.use_partner_credit_limit)
            )
        )

    def _credit_finding(self, order, customer, use, amount):
        def money(value):
            return formatLang(self.env, value, currency_obj=order.company_id.currency_id)

        message = self.env._(
            "%(customer)s would be %(excess)s over its credit limit of %(limit)s: %(due)s on open invoices, "
            "%(open)s on open orders and deliveries, %(order)s on this order. Ask for a payment or a "
            "higher limit.",
            customer=customer.name,
            excess=money(use.excess),
            limit=money(use.limit),
            due=money(use.receivable),
            open=money(use.to_invoice),
            order=money(use.order),
        )
        inputs = (customer.id, use.limit, round(amount, 2))
        return Finding(order.id, message, inputs, fix=self.env._("Open customer"))

    def _fix_credit_limit(self, order, line):
        return self._open_form(order.partner_invoice_id.commercial_partner_id)

    def _uninvoiced(self, customers, company, orders):
        """Return {customer id: amount with tax that confirmed orders and draft invoices will still bring}."""
        if not customers:
            return {}
        self.env["sale.order.line"].flush_model(
            ["price_total", "qty_invoiced", "qty_delivered", "product_uom_qty", "state"]
        )
        self.env["account.move"].flush_model(["state", "amount_total_signed", "commercial_partner_id"])
        self.env["account.move.line"].flush_model(["price_total"])
        scope = {
            "company": company.id,
            "orders": tuple(orders.ids),
            "customers": tuple(customers.ids),
        }
        parts = SQL(" UNION ALL ").join(
            SQL(query, **scope) for query in (OPEN_ORDERS, DRAFT_INVOICES, DOWN_PAYMENTS)
        )
        query = SQL("SELECT partner, sum(amount) FROM (%s) AS open_amounts GROUP BY partner", parts)
        rows = self.env.execute_query(query)
        return {partner: float(amount) for partner, amount in rows}

    def _check_payment_term_not_allowed(self, orders):
        for order in orders:
            allowed = order.partner_id.commercial_partner_id.allowed_payment_term_ids
            if allowed and order.payment_term_id not in allowed:
                yield Finding(
                    order.id,
                    self.env._(
                        "Payment terms “%(term)s” are not agreed with %(customer)s. Agreed: %(allowed)s.",
                        term=order.payment_term_id.name or self.env._("none"),
                        customer=order.partner_id.commercial_partner_id.name,
                        allowed=", ".join(allowed.mapped("name")),
                    ),
                    (order.payment_term_id.id, *sorted(allowed.ids)),
                    fix=self.env._("Use “%s”", self._agreed_term(order).name),
                )

    def _agreed_term(self, order):
        customer = order.partner_id.commercial_partner_id
        own = customer.with_company(order.company_id).property_payment_term_id
        return own if own in customer.allowed_payment_term_ids else customer.allowed_payment_term_ids[:1]

    def _fix_payment_term_not_allowed(self, order, line):
        order.payment_term_id = self._agreed_term(order)

    def _check_notice_contact_missing(self, orders):
        for order in self._goods_lines(orders).order_id:
            if order.partner_id.commercial_partner_id.delivery_notice == "none":
                continue
            contacts = order._get_notice_contacts()
            if not any(contact.email or contact.phone for contact in contacts):
                yield Finding(
                    order.id,
                    self.env._(
                        "Nobody at %(customer)s can be told about the delivery: neither address nor "
                        "contact has a "
                        "mail address or a phone number.",
                        customer=order.partner_id.commercial_partner_id.name,
                    ),
                    tuple((contact.id, contact.email, contact.phone) for contact in contacts),
                    fix=self.env._("Open delivery address"),
                )

    def _fix_notice_contact_missing(self, order, line):
        return self._open_form(order.partner_shipping_id)

    def _check_no_lines(self, orders):
        for order in orders:
            if not order._gate_lines():
                yield Finding(order.id, self.env._("There is nothing to deliver: the order has no product."))

    def _today(self, order):
        """Return today's date where the goods go to."""
        return fields.Date.context_today(order.with_context(tz=order._gate_timezone()))
