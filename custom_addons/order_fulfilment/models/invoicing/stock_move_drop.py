from odoo import fields, models

from ...tools.invoicing import drops as drop_rules
from ...tools.ledger import chargeable, exact


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_charged_at(self):
        """When this drop may be charged for: when it was proven, for customers who pay on proof."""
        proofs = self.proof_line_ids.proof_id
        if self.sale_line_id._invoices_on_proof():
            return max(proofs.mapped("signed_at"), default=fields.Datetime.to_datetime("9999-12-31"))
        return self.date

    def _get_return_pickings(self):
        back = self.returned_move_ids.filtered(lambda move: move.state != "cancel")
        return back.picking_id | self.proof_line_ids.proof_id.return_picking_id

    def _is_chargeable_drop(self):
        """Whether this goes to the customer for money: not what comes back from a repair."""
        return self._leaves_to_customer() and self._changes_charge()

    def _get_quantity_taken_back(self):
        """Taken back otherwise than by moves that say so, in the product's unit. Hook of support."""
        return 0.0

    def _prepare_drop(self, line, invoiced):
        """The drop as the rule sees it, in the order line's unit."""

        def in_line_unit(quantity, unit):
            return exact(unit._compute_quantity(quantity, line.product_uom_id, round=False))

        shipped = in_line_unit(self.quantity, self.product_uom)
        done_returns = self.returned_move_ids.filtered(lambda move: move.state == "done" and move.to_refund)
        returned = sum((in_line_unit(move.quantity, move.product_uom) for move in done_returns), exact(0))
        returned += in_line_unit(self._get_quantity_taken_back(), self.product_id.uom_id)
        proofs = self.proof_line_ids
        refused = in_line_unit(sum(proofs.mapped("quantity_refused")), self.product_uom)
        back = sum(self._get_refused_back().values()) if proofs else 0.0
        said = {
            "shipped": shipped,
            "returned": returned,
            "proven": in_line_unit(sum(proofs.mapped("quantity_delivered")), self.product_uom),
        }
        accepted = chargeable(
            said, refused, in_line_unit(back, self.product_id.uom_id), on_proof=line._invoices_on_proof()
        )
        return drop_rules.Drop(self.id, self.date, shipped, max(accepted, exact(0)), invoiced)
