from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.support.conservation import Balance, exceeded
from .return_guard import claim

CENT = 0.01


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
        quantities, amounts = self._get_refund_balances(lines)
        wrong = exceeded(quantities) or exceeded(amounts, tolerance=CENT)
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
    def _get_refund_balances(self, lines):  # long: one query
        """Posted quantities (in the unit of reference) and net amounts per order line.

        What is charged for several order lines at once cannot be told apart and is left out.
        """
        if not lines:
            return [], []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rel.order_line_id,
                       sum(CASE WHEN m.move_type = 'out_invoice' THEN l.quantity * u.factor ELSE 0 END),
                       sum(CASE WHEN m.move_type = 'out_refund' THEN l.quantity * u.factor ELSE 0 END),
                       sum(CASE WHEN m.move_type = 'out_invoice' THEN l.price_subtotal ELSE 0 END),
                       sum(CASE WHEN m.move_type = 'out_refund' THEN l.price_subtotal ELSE 0 END),
                       count(DISTINCT m.currency_id)
                  FROM sale_order_line_invoice_rel rel
                  JOIN account_move_line l ON l.id = rel.invoice_line_id AND l.display_type = 'product'
                  JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
                  LEFT JOIN uom_uom u ON u.id = l.product_uom_id
                 WHERE rel.order_line_id IN %s
                   AND NOT EXISTS (SELECT FROM sale_order_line_invoice_rel other
                                    WHERE other.invoice_line_id = l.id
                                      AND other.order_line_id != rel.order_line_id)
                 GROUP BY 1
                """,
                tuple(lines.ids),
            )
        )
        quantities = [Balance(line, out or 0.0, back or 0.0) for line, out, back, *_rest in rows]
        amounts = [
            Balance(line, float(out), float(back))
            for line, _q, _b, out, back, currencies in rows
            if currencies == 1
        ]
        return quantities, amounts

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
        if not invoices:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.id, i.amount_total, sum(r.amount_total)
                  FROM account_move i JOIN account_move r ON r.reversed_entry_id = i.id
                   AND r.move_type = 'out_refund' AND r.state = 'posted' AND r.currency_id = i.currency_id
                 WHERE i.id IN %s AND i.move_type = 'out_invoice' GROUP BY i.id, i.amount_total
                """,
                tuple(invoices.ids),
            )
        )
        return [Balance(invoice, float(out), float(back)) for invoice, out, back in rows]

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
