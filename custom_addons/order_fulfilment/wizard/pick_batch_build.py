from odoo import api, fields, models


class PickBatchBuild(models.TransientModel):
    """Build batches from the ready transfers of one operation type."""

    _name = "pick.batch.build"
    _description = "Build Batches"

    picking_type_id = fields.Many2one("stock.picking.type", "Operation type", required=True)
    picking_ids = fields.Many2many(
        "stock.picking", string="Transfers", compute="_compute_picking_ids", store=True, readonly=False
    )
    confirm = fields.Boolean("Start at once", help="Confirm the batches, so that pickers see them.")

    @api.depends("picking_type_id")
    def _compute_picking_ids(self):
        for wizard in self:
            wizard.picking_ids = self.env["stock.picking"].search(
                [
                    ("picking_type_id", "=", wizard.picking_type_id.id),
                    ("state", "=", "assigned"),
                    ("batch_id", "=", False),
                ]
            )

    def action_build(self):
        """Build the batches and open them."""
        self.ensure_one()
        batches = self.picking_ids._build_pick_batches()
        if self.confirm:
            for batch in batches:
                batch.action_confirm()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Batches"),
            "res_model": "stock.picking.batch",
            "view_mode": "list,form",
            "domain": [("id", "in", batches.ids)],
        }
