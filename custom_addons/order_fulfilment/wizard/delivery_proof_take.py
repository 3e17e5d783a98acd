import uuid

from odoo import api, fields, models
from odoo.fields import Command

from ..models.tracking.delivery_proof import REASONS


class DeliveryProofTake(models.TransientModel):
    """The screen at the customer's door. Its key is made when it opens, so a second tap sends nothing new."""

    _name = "delivery.proof.take"
    _description = "Take a Proof of Delivery"

    key = fields.Char(required=True, readonly=True, default=lambda self: str(uuid.uuid4()))
    picking_id = fields.Many2one("stock.picking", "Drop", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="picking_id.partner_id")
    signer = fields.Char("Received by")
    place = fields.Char(help="Gate 3, reception, neighbour …")
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    signature = fields.Binary()
    photo = fields.Binary()
    note = fields.Text()
    line_ids = fields.One2many("delivery.proof.take.line", "take_id")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        picking = self.env["stock.picking"].browse(values.get("picking_id"))
        if "line_ids" in fields and picking:
            picking.check_access("read")
            moves = picking.move_ids.filtered(lambda move: move.state == "done")
            unproven = {move: move._get_quantity_unproven() for move in moves}
            values["line_ids"] = [
                Command.create({"move_id": move.id, "quantity_delivered": quantity})
                for move, quantity in unproven.items()
                if quantity > 0
            ]
        return values

    def action_confirm(self):
        """Send the proof; answers the proof's form."""
        self.ensure_one()
        names = ("signer", "place", "latitude", "longitude", "signature", "photo", "note")
        lines = [
            {
                "move_id": line.move_id.id,
                "delivered": line.quantity_delivered,
                "refused": line.quantity_refused,
                "reason": line.reason,
            }
            for line in self.line_ids
        ]
        values = {name: self[name] for name in names if self[name]}
        answer = self.env["delivery.proof"].register(self.key, self.picking_id.id, values, lines)
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.action_delivery_proof")
        return {**action, "views": [(False, "form")], "res_id": answer["id"]}


class DeliveryProofTakeLine(models.TransientModel):
    _name = "delivery.proof.take.line"
    _description = "Take a Proof of Delivery: Line"

    take_id = fields.Many2one("delivery.proof.take", required=True, ondelete="cascade")
    move_id = fields.Many2one("stock.move", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="move_id.product_id")
    product_uom_id = fields.Many2one(related="move_id.product_uom", string="Unit")
    quantity_shipped = fields.Float(related="move_id.quantity", string="Shipped")
    quantity_delivered = fields.Float("Received", digits="Product Unit")
    quantity_refused = fields.Float("Refused", digits="Product Unit")
    reason = fields.Selection(REASONS)

    @api.onchange("quantity_refused")
    def _onchange_quantity_refused(self):
        """Refused is not received: the driver types one number, not two."""
        open_quantity = self.move_id._get_quantity_unproven()
        if self.quantity_refused:
            self.quantity_delivered = max(open_quantity - self.quantity_refused, 0.0)
