from odoo import api, fields, models


class PickBatchBuild(models.TransientModel):
    """Build batches from the ready transfers of one operation type."""

    _name = "pick.batch.build"
    _description = "Build Batches"

    picking_type_id = fields.Many2one("stock.picking.type", "Operation type", required=True)
    picking_ids = fields.Many2many(
        "stock.picking", string="Transfers", compute="_compute_picking_ids", store=True, readonly=False
    )
    by_zone = fields.Boolean(
        "Waves by zone", help="Take of each transfer what lies in one zone; the rest goes into other waves."
    )
    confirm = fields.Boolean("Start at once", help="Confirm the batches, so that pickers see them.")

    @api.depends("picking_type_id")
    def _compute_picking_ids(self):
        for wizard in self:
            wizard.picking_ids = self._ready(wizard.picking_type_id)

    def _ready(self, operation):
        return self.env["stock.picking"].search(
            [("picking_type_id", "=", operation.id), ("state", "=", "assigned"), ("batch_id", "=", False)]
        )

    def action_build(self):
        """Build the batches and open them."""
        self.ensure_one()
        batches, refused = self._build()
        if refused and not batches:
            raise refused._refuse_oversize()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Batches"),
            "res_model": "stock.picking.batch",
            "views": [(False, "list"), (False, "form")],
            "view_mode": "list,form",
            "domain": [("id", "in", batches.ids)],
        }
        return self._told(refused, action) if refused else action

    def _told(self, refused, action):
        message = self.env._(
            "More than one cart takes, left out: %s. Split them or raise the cart's limits.",
            ", ".join(refused.mapped("name")),
        )
        params = {"type": "warning", "sticky": True, "message": message, "next": action}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _build(self):
        batches, refused = self.picking_ids._build_pick_batches(self.by_zone)
        if self.confirm:
            for batch in batches.filtered(lambda batch: batch.state == "draft"):
                batch.action_confirm()
        return batches, refused
