from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """A drop: what the customer gets at once, with its arrival and its proofs."""

    _inherit = "stock.picking"

    arrived_at = fields.Datetime(
        "Arrived",
        readonly=True,
        copy=False,
        help="When the goods reached the customer, by proof or by message.",
    )
    proof_ids = fields.One2many("delivery.proof", "picking_id", readonly=True, copy=False)
    is_drop = fields.Boolean(compute="_compute_is_drop")

    def _compute_is_drop(self):
        for picking in self:
            picking.is_drop = picking.state == "done" and any(
                move._leaves_to_customer() for move in picking.move_ids
            )

    def _get_page_date(self):
        """When the customer can expect an open drop: as promised, unless it is planned for later.

        In two and three steps Odoo plans a step for the moment the one before it was done, which says
        nothing about the delivery.
        """
        return max(filter(None, (self.scheduled_date, self.date_deadline)), default=False)

    def action_arrived(self):
        """Note that the goods have reached the customer, as the carrier or the customer says."""
        self.check_access("write")
        for picking in self:
            if not picking.is_drop:
                raise UserError(
                    self.env._(
                        "[OF-POD-001] %s has not left for the customer: validate it first.", picking.name
                    )
                )
            if not picking.arrived_at:
                picking.sudo().arrived_at = fields.Datetime.now()  # no client writes it
        return True

    def action_take_proof(self):
        """Open the screen on which the receiver signs."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.action_delivery_proof_take")
        action["context"] = {"default_picking_id": self.id}
        return action

    def action_view_proofs(self):
        """Open the proofs taken for this transfer."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_fulfilment.action_delivery_proof")
        action["domain"] = [("picking_id", "=", self.id)]
        return action

    def _action_done(self):
        result = super()._action_done()
        self.filtered("is_drop").sale_id._send_notice("shipped")
        return result

    def write(self, vals):
        arriving = (
            self.filtered(lambda picking: not picking.arrived_at) if vals.get("arrived_at") else self.browse()
        )
        result = super().write(vals)
        arriving.sale_id._send_notice("delivered")
        return result

    def _prepare_fulfilment(self):
        """The drop as other systems see it."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "scheduled": fields.Datetime.to_string(self.scheduled_date) or "",
            "shipped": fields.Datetime.to_string(self.date_done) or "",
            "arrived": fields.Datetime.to_string(self.arrived_at) or "",
            "carrier": self.carrier_id.name or "",
            "tracking": self.carrier_tracking_ref or "",
            "packages": self._get_package_names(),
            "proofs": [
                {"name": proof.name, "signer": proof.signer, "at": fields.Datetime.to_string(proof.signed_at)}
                for proof in self.sudo().proof_ids  # who may read the order may read who received it
            ],
        }

    def _get_package_names(self):
        return sorted(set(self.move_line_ids.result_package_id.mapped("name")))
