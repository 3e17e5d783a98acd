from odoo import models

from ...tools.invoicing import accrual


class SaleOrderLine(models.Model):
    """Shipped and not yet invoiced, from the events that the ledger is made of."""

    _inherit = "sale.order.line"

    def _get_open_quantity(self, moment, day):
        """Chargeable less invoiced in the line's unit; below zero: charged ahead.

        :param moment: end of ``day`` at the company, as naive UTC. Invoices have a date and no time: west of
            Greenwich the next day's would be in by then.
        """
        self.ensure_one()
        events = self._get_stock_events(until=moment, charged=True)
        events += [event for event in self._get_invoice_events() if event.time and event.time.date() <= day]
        return self.product_uom_id.round(float(accrual.open_quantity(events)))

    def _get_net_amount(self, quantity):
        """Untaxed value of ``quantity`` at this line's price, as an invoice line of it would say."""
        taxes = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation(quantity=quantity)
        taxes._add_tax_details_in_base_line(base_line, self.company_id)
        taxes._round_base_lines_tax_details([base_line], self.company_id)
        return base_line["tax_details"]["total_excluded_currency"]

    def _prepare_accrual(self, moment, day):
        """Values of this line in the list of what is not invoiced, or None if nothing is open."""
        quantity = self._get_open_quantity(moment, day)
        if self.product_uom_id.is_zero(quantity):
            return None
        amount = self._get_net_amount(quantity)
        company = self.company_id
        in_company = self.currency_id._convert(amount, company.currency_id, company, day)
        return {
            "order_line_id": self.id,
            "quantity": max(quantity, 0.0),
            "quantity_ahead": max(-quantity, 0.0),
            "amount_currency": max(amount, 0.0),
            "amount": max(in_company, 0.0),
            "amount_ahead": max(-in_company, 0.0),
            "last_shipped": self._get_last_shipped(moment),
        }

    def _get_last_shipped(self, moment):
        moves = self.move_ids.filtered(
            lambda move: move.state == "done" and move._leaves_to_customer() and move.date <= moment
        )
        return max(moves.mapped("date"), default=False)
