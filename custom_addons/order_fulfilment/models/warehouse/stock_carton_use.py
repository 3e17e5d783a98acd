from markupsafe import Markup

from odoo import api, fields, models


class StockCarton(models.Model):
    """From a proposal to packages that are picked into."""

    _inherit = "stock.carton"

    def _cards(self):
        """All cartons as HTML, or nothing."""
        cards = Markup("").join(carton._card() for carton in self)
        return Markup('<div class="d-flex flex-wrap gap-2">%s</div>') % cards if cards else False

    def _make_packages(self):
        """A package per carton, with SSCC where possible; a line that is spread over cartons is split."""
        shares = {}
        for carton in self:
            carton.package_id = self.env["stock.package"].create(
                {"package_type_id": carton.package_type_id.id}
            )
            carton.package_id._assign_sscc_where_possible()
            for line in carton.line_ids:
                shares.setdefault(line.move_line_id, []).append(line)
        for target, lines in shares.items():
            parts = target._split_to([line.quantity for line in lines])
            for line, part in zip(lines, parts, strict=True):
                line.move_line_id = part
                part.write(
                    {"result_package_id": line.carton_id.package_id.id, "carton_id": line.carton_id.id}
                )

    def _dissolve(self):
        """Delete the cartons; packages that hold nothing picked go with them."""
        for carton in self.filtered("package_id"):
            package = carton.package_id
            lines = self.env["stock.move.line"].search([("result_package_id", "=", package.id)])
            begun = lines.filtered(lambda line: line.picked or line.qty_scanned)
            (lines - begun).write({"result_package_id": False, "carton_id": False})
            if not begun and not package.contained_quant_ids:
                package.sudo().unlink()  # made by _make_packages and empty; pickers may not delete others
        self.unlink()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        answer = super()._action_assign(force_qty=force_qty)
        asked = self.picking_id.filtered(lambda picking: picking.picking_type_id._is_asking_on_reservation())
        if asked and self.env["order.fulfilment.capability"]._is_on("warehouse"):
            asked._propose_cartons_where_asked()
            asked._join_running_batches_where_asked()
        return answer


class StockPickingBatch(models.Model):
    """The same for all transfers of a batch; a carton never holds goods of two transfers."""

    _inherit = "stock.picking.batch"

    carton_ids = fields.One2many("stock.carton", "batch_id", "Cartons", readonly=True)
    carton_pictures = fields.Html(compute="_compute_carton_pictures", sanitize=False)

    @api.depends("carton_ids.placements", "carton_ids.package_id")
    def _compute_carton_pictures(self):
        for batch in self:
            batch.carton_pictures = batch.carton_ids._cards()

    def action_propose_cartons(self):
        """Propose cartons for every open transfer of the batch."""
        return self.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")).action_propose_cartons()

    def action_pick_into_cartons(self):
        """Make the proposed cartons packages, transfer by transfer."""
        return self.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel") and not p.is_picked_into_cartons
        ).action_pick_into_cartons()
