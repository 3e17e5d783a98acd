from odoo import fields, models
from odoo.exceptions import UserError

from .delivery_proof import REASONS


class DeliveryProofLine(models.Model):
    """What was received and what refused of one shipped move, in the move's unit."""

    _name = "delivery.proof.line"
    _description = "Proof of Delivery Line"

    proof_id = fields.Many2one("delivery.proof", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="proof_id.company_id")
    move_id = fields.Many2one("stock.move", required=True, readonly=True, index=True, ondelete="restrict")
    sale_line_id = fields.Many2one(
        related="move_id.sale_line_id", store=True, readonly=True, index="btree_not_null"
    )
    product_id = fields.Many2one(related="move_id.product_id")
    product_uom_id = fields.Many2one(related="move_id.product_uom", string="Unit")
    quantity_delivered = fields.Float("Received", digits="Product Unit", readonly=True)
    quantity_refused = fields.Float("Refused", digits="Product Unit", readonly=True)
    reason = fields.Selection(REASONS, readonly=True)

    _quantities = models.Constraint(
        "CHECK (quantity_delivered >= 0 AND quantity_refused >= 0)",
        "[OF-POD-004] Quantities cannot be below zero.",
    )
    _reason_given = models.Constraint(
        "CHECK (quantity_refused = 0 OR reason IS NOT NULL)", "[OF-POD-005] Choose why it was refused."
    )

    def write(self, vals):
        raise UserError(self.env._("[OF-POD-011] A proof is never changed. Take another one."))

    def _open_return(self):
        """Make the return of the refused quantities, as Odoo's own wizard would; answer the transfer."""
        picking = self.proof_id.picking_id
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        refused = {line.move_id: line.quantity_refused for line in self}
        for line in wizard.product_return_moves:
            line.write({"quantity": refused.get(line.move_id, 0.0), "to_refund": True})
        return wizard._create_return()

    def _get_ledger_events(self):
        """Delivered, proven and refused, in the product's own unit."""
        events = []
        for line in self:
            unit, own = line.product_uom_id, line.product_id.uom_id
            quantities = {
                "delivered": line.quantity_delivered,
                "proven": line.quantity_delivered,
                "refused": line.quantity_refused,
            }
            for kind, quantity in quantities.items():
                if quantity:
                    in_own = unit._compute_quantity(quantity, own, round=False)
                    events.append(line.proof_id._ledger_event(kind, in_own))
        return events
