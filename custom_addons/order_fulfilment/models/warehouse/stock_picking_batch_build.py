from odoo import api, models
from odoo.exceptions import AccessError, UserError


class StockPickingBatch(models.Model):
    """Batches and waves for programs: the same plan as the button's, with figures."""

    _inherit = "stock.picking.batch"

    @api.model
    def build_batches(self, picking_type_id, picking_ids=None, confirm=False, by_zone=False):
        """Batch the ready transfers of an operation type (or only ``picking_ids``) so that pickers walk less.

        Answers ``{"batches": [...], "refused": [...]}``; see docs/api/warehouse.md.
        """
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("[OF-WH-012] Only warehouse users build batches."))
        operation = self.env["stock.picking.type"].browse(picking_type_id).exists()
        if not operation:
            raise UserError(self.env._("[OF-WH-013] There is no operation type %s.", picking_type_id))
        values = {"picking_type_id": operation.id, "confirm": bool(confirm), "by_zone": bool(by_zone)}
        wizard = self.env["pick.batch.build"].create(values)
        if picking_ids is not None:
            wizard.picking_ids &= self.env["stock.picking"].browse(picking_ids)
            self._check_ready(picking_ids, wizard.picking_ids)
        batches, refused = wizard._build()
        return {
            "batches": [batch._as_json() for batch in batches],
            "refused": [
                {"transfer_id": picking.id, "transfer": picking.name, "reason": "more than the cart takes"}
                for picking in refused
            ],
        }

    def _check_ready(self, asked, ready):
        if missing := sorted(set(asked) - set(ready.ids)):
            raise UserError(
                self.env._(
                    "[OF-WH-014] Transfers %s are not ready, in a batch, or of another operation type.",
                    missing,
                )
            )

    def _as_json(self):
        self.ensure_one()
        due = min(filter(None, (p.date_deadline or p.scheduled_date for p in self.picking_ids)), default=None)
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "is_wave": self.is_wave,
            "metres": round(self.pick_distance, 1),
            "lines": len(self.move_line_ids),
            "due": str(due) if due else "",
            "transfers": self.picking_ids.mapped("name"),
        }
