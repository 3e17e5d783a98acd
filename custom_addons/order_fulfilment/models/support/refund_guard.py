from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.support.conservation import Balance, exceeded
from .return_guard import claim

CENT = 0.01


def sum_up(rows):
    """Balances of (key, is refund, amount)."""
    sums = {}
    for key, is_refund, amount in rows:
        sums.setdefault(key, [0.0, 0.0])[bool(is_refund)] += float(amount)
    return [Balance(key, out, back) for key, (out, back) in sums.items()]


class AccountMove(models.Model):
    """Refunded is at most invoiced, per order line in quantity and amount, and per reversed invoice."""

    _inherit = "account.move"

    def _post(self, soft=True):
        refunds = self.filtered(lambda move: move.move_type == "out_refund")
        lines = refunds._get_refunded_sale_lines()
        claim(lines)
        claim(refunds.reversed_entry_id)
        posted = super()._post(soft)
        if refunds & posted:
            self.env.flush_all()
            self._check_lines_refunded(lines)
            self._check_invoices_refunded(refunds.reversed_entry_id)
        return posted

    def _get_refunded_sale_lines(self):
        """Order lines behind these credit notes; down payments are settled by Odoo's own arithmetic."""
        lines = self.invoice_line_ids.sale_line_ids.sudo()
        return lines.filtered(lambda line: not line.is_downpayment and line.product_uom_qty >= 0)

    @api.model
    def _check_lines_refunded(self, lines):
        wrong = exceeded(self._get_refunded_quantities(lines)) or exceeded(
            self._get_refunded_amounts(lines), tolerance=CENT
        )
        if wrong:
            line = lines.browse(wrong[0].key)
            raise UserError(
                self.env._(
                    "[OF-RMA-021] %(order)s, %(product)s: invoiced %(out)g, but %(back)g would be refunded. "
                    "Lower the credit note to what is not credited yet.",
                    order=line.order_id.name,
                    product=line.product_id.display_name,
                    out=round(wrong[0].out, 2),
                    back=round(wrong[0].back, 2),
                )
            )

    @api.model
    def _get_refunded_quantities(self, lines):
        """Posted quantities per order line, in the unit of reference."""
        rows = self._get_posted_rows(
            lines, SQL("m.move_type = 'out_refund', sum(l.quantity * coalesce(u.factor, 1))"), SQL("2")
        )
        return sum_up((line, is_refund, quantity or 0.0) for line, is_refund, quantity in rows)

    @api.model
    def _get_refunded_amounts(self, lines):
        """Posted net amounts per order line, in the order's currency.

        An amount in another currency counts at the rate of its own day: what the customer gets for his money
        then, whatever rate somebody typed on the document.
        """
        columns = SQL(
            "m.move_type = 'out_refund', m.currency_id, coalesce(m.invoice_date, m.date), "
            "sum(l.price_subtotal)"
        )
        rows = self._get_posted_rows(lines, columns, SQL("2, 3, 4"))
        return sum_up(
            (line, is_refund, self._in_currency_of(lines.browse(line), amount, currency, day))
            for line, is_refund, currency, day, amount in rows
        )

    @api.model
    def _in_currency_of(self, record, amount, currency_id, day):
        """``amount`` in the currency of an order line or invoice; unrounded if it must be converted."""
        currency, own = self.env["res.currency"].browse(currency_id), record.currency_id
        if currency == own or not own:
            return float(amount or 0.0)
        return currency._convert(float(amount or 0.0), own, record.company_id, day, round=False)

    @api.model
    def _get_posted_rows(self, lines, columns, grouped):
        """Sums of the posted invoices and credit notes per order line.

        What is charged for several order lines at once cannot be told apart and is left out.
        """
        if not lines:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT rel.order_line_id, %s
                  FROM sale_order_line_invoice_rel rel
                  JOIN account_move_line l ON l.id = rel.invoice_line_id AND l.display_type = 'product'
                  JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
                   AND m.move_type IN ('out_invoice', 'out_refund')
                  LEFT JOIN uom_uom u ON u.id = l.product_uom_id
                 WHERE rel.order_line_id IN %s
                   AND NOT EXISTS (SELECT FROM sale_order_line_invoice_rel other
                                    WHERE other.invoice_line_id = l.id
                                      AND other.order_line_id != rel.order_line_id)
                 GROUP BY 1, %s
                """,
                columns,
                tuple(lines.ids),
                grouped,
            )
        )

    @api.model
    def _check_invoices_refunded(self, invoices):
        """Also for credit notes that name no order: all of one invoice together are at most its total."""
        rows = self._get_invoice_balances(invoices)
        if wrong := exceeded(rows, tolerance=CENT):
            invoice = invoices.browse(wrong[0].key)
            raise UserError(
                self.env._(
                    "[OF-RMA-022] The credit notes of %(invoice)s would come to %(back).2f, more than its "
                    "%(out).2f. Lower the credit note, or credit another invoice.",
                    invoice=invoice.name,
                    out=wrong[0].out,
                    back=wrong[0].back,
                )
            )

    @api.model
    def _get_invoice_balances(self, invoices):
        """Total per invoice and of its posted credit notes, in the invoice's currency."""
        rows = []
        for invoice in invoices.sudo().filtered(lambda move: move.move_type == "out_invoice"):
            rows.append((invoice.id, False, invoice.amount_total))
            rows += [
                (invoice.id, True, self._in_currency_of(invoice, note.amount_total, note.currency_id.id, day))
                for note in invoice.reversal_move_ids
                if note.move_type == "out_refund" and note.state == "posted"
                for day in [note.invoice_date or note.date]
            ]
        return sum_up(rows)

    def button_draft(self):
        """An invoice that credit notes lean on stays: without it more would be refunded than invoiced."""
        leaning = self.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
        lines = leaning._get_refunded_sale_lines()
        claim(lines)
        result = super().button_draft()
        if leaning:
            self.env.flush_all()
            self._check_lines_refunded(lines)
        return result
