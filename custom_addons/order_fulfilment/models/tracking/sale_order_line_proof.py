from decimal import Decimal

from odoo import api, fields, models

from ...tools.ledger import chargeable, exact, fold


class SaleOrderLine(models.Model):
    """Proofs in the ledger, and what they allow to invoice."""

    _inherit = "sale.order.line"

    proof_line_ids = fields.One2many("delivery.proof.line", "sale_line_id", readonly=True, copy=False)

    @api.depends(
        "proof_line_ids.quantity_delivered",
        "proof_line_ids.quantity_refused",
        "proof_line_ids.proof_id.return_picking_id",
        "move_ids.picking_id.arrived_at",
    )
    def _compute_fulfilment_ledger(self):
        return super()._compute_fulfilment_ledger()

    @api.depends(
        "proof_line_ids.quantity_delivered",
        "proof_line_ids.quantity_refused",
        "proof_line_ids.proof_id.return_picking_id",
        "order_id.partner_invoice_id.invoice_trigger",
        "move_ids.state",
    )
    def _compute_qty_to_invoice(self):
        """Never more than was proven, for customers who pay on proof; never what was refused."""
        super()._compute_qty_to_invoice()
        for line in self:
            ceiling = line._get_invoice_ceiling()
            if ceiling is not None and line.qty_to_invoice + line.qty_invoiced > float(ceiling):
                line.qty_to_invoice = float(ceiling) - line.qty_invoiced

    @api.depends("order_id.partner_invoice_id.invoice_trigger")
    def _compute_invoice_status(self):
        """Shipped and not proven is not invoiced, though core takes "nothing to invoice" for the end."""
        super()._compute_invoice_status()
        for line in self:
            if (
                line.invoice_status == "invoiced"
                and line._invoices_on_proof()
                and line.product_uom_id.compare(line.qty_invoiced, line.qty_delivered) < 0
            ):
                line.invoice_status = "no"

    def _invoices_on_proof(self):
        return (
            self.qty_delivered_method == "stock_move"
            and self.order_id.partner_invoice_id.invoice_trigger == "proof"
        )

    def _get_invoice_ceiling(self):
        """Most that may be invoiced of this line in all, or None if neither proof nor refusal binds it."""
        on_proof = self._invoices_on_proof()
        if self.state != "sale" or not (on_proof or self.proof_line_ids):
            return None
        ledger = fold(self._get_stock_events(charged=True))
        if not on_proof and not ledger.refused:
            return None
        if not on_proof and self.product_id.invoice_policy == "order":
            ordered = exact(self.product_uom_qty)
            replaced = max(ledger.reached["shipped"] - ordered, Decimal(0))
            return ordered - max(ledger.refused - replaced, Decimal(0))
        return max(self._get_chargeable(ledger), Decimal(0))

    def _get_chargeable(self, ledger):
        """What may be charged of this line by the rule of its payer, in the line's unit."""
        return chargeable(
            ledger.reached, ledger.refused, ledger.refused_back, on_proof=self._invoices_on_proof()
        )
