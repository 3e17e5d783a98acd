from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class StockLot(models.Model):
    _inherit = "stock.lot"

    recall_id = fields.Many2one(
        "after.sales.recall", "Recalled by", readonly=True, copy=False, index="btree_not_null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_recall(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_recall(vals)
        return super().write(vals)

    def _refuse_recall(self, vals):
        """Only a recall blocks and releases; who manages stock could free what must not leave otherwise."""
        if "recall_id" in vals and not self.env.su:
            raise UserError(
                self.env._("[OF-RCL-011] A recall blocks and releases goods: ask the lead of support.")
            )


class StockLocation(models.Model):
    _inherit = "stock.location"

    quarantine_warehouse_ids = fields.One2many("stock.warehouse", "quarantine_location_id")
    return_warehouse_ids = fields.One2many("stock.warehouse", "after_sales_return_location_id")

    def _is_set_aside(self):
        """In quarantine, or among the returns that wait for their inspection."""
        return bool(self.sudo().quarantine_warehouse_ids or self.sudo().return_warehouse_ids)


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_gather_domain(
        self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False
    ):
        """Nothing recalled is reserved. Strict look-ups are of goods that somebody holds already."""
        domain = super()._get_gather_domain(product_id, location_id, lot_id, package_id, owner_id, strict)
        if strict or product_id.tracking == "none" or not self._has_recalled(product_id):
            return domain
        return Domain(domain) & (Domain("lot_id", "=", False) | Domain("lot_id.recall_id", "=", False))

    @api.model
    def _has_recalled(self, product):
        self.env.cr.execute(
            "SELECT EXISTS (SELECT FROM stock_lot WHERE product_id = %s AND recall_id IS NOT NULL)",
            [product.id],
        )
        return self.env.cr.fetchone()[0]


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        done = super()._action_done(cancel_backorder)
        done._refuse_recalled()
        return done

    def _refuse_recalled(self):
        """Recalled goods neither leave to customers nor are built in."""
        leaving = self.filtered(
            lambda move: (
                move.state == "done"
                and not move.scrap_id
                and (move._leaves_to_customer() or move.location_dest_id.usage == "production")
            )
        )
        lots = leaving.move_line_ids.lot_id.sudo().filtered("recall_id")
        if lots:
            raise UserError(
                self.env._(
                    "[OF-RCL-010] %(lots)s is recalled (%(recall)s) and must not be delivered or built in. "
                    "Bring it to quarantine and take another one.",
                    lots=", ".join(lots.mapped("name")),
                    recall=", ".join(lots.recall_id.mapped("name")),
                )
            )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    recall_id = fields.Many2one("after.sales.recall", readonly=True, copy=False, index="btree_not_null")


class AfterSalesRecall(models.Model):
    _inherit = "after.sales.recall"

    def _quarantine(self, goods):
        """Move all affected stock to quarantine; what was reserved from it is reserved anew elsewhere."""
        quants = self.env["after.sales.trace"]._get_stock(goods.values(), self.company_id)
        quants = quants.filtered(lambda quant: not quant.location_id._is_set_aside())
        moves = self._free_reservations(quants)
        for place, here in quants.grouped("location_id").items():
            self._transfer_to_quarantine(place.warehouse_id or self._get_any_warehouse(), place, here)
        moves._action_assign()

    def _get_any_warehouse(self):
        domain = [("company_id", "=", self.company_id.id)]
        return self.env["stock.warehouse"].search(domain, limit=1)

    def _free_reservations(self, quants):
        """Unreserve what stands on these quants; answer the moves, to be reserved again."""
        lines = self.env["stock.move.line"].search(
            [
                ("state", "not in", ("done", "cancel", "draft")),
                ("location_id", "in", quants.location_id.ids),
                ("product_id", "in", quants.product_id.ids),
            ]
        )
        held = {(quant.product_id, quant.location_id, quant.lot_id) for quant in quants}
        lines = lines.filtered(lambda line: (line.product_id, line.location_id, line.lot_id) in held)
        moves = lines.move_id
        lines.unlink()
        return moves

    def _transfer_to_quarantine(self, warehouse, place, quants):
        target = warehouse._get_quarantine_location()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": place.id,
                "location_dest_id": target.id,
                "origin": self.name,
                "recall_id": self.id,
                "company_id": self.company_id.id,
                "move_ids": [
                    Command.create(self._prepare_quarantine_move(product, mine, place, target))
                    for product, mine in quants.grouped("product_id").items()
                ],
            }
        )
        picking.with_context(tracking_disable=True).move_ids._action_confirm(merge=False)
        for move in picking.move_ids:
            mine = quants.filtered(lambda quant, move=move: quant.product_id == move.product_id)
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(self._prepare_quarantine_line(move, quant)) for quant in mine
            ]
        picking.move_ids.picked = True
        picking._action_done()

    def _prepare_quarantine_move(self, product, quants, place, target):
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": sum(quants.mapped("quantity")),
            "location_id": place.id,
            "location_dest_id": target.id,
        }

    def _prepare_quarantine_line(self, move, quant):
        return {
            **move._prepare_move_line_vals(),
            "quantity": quant.quantity,
            "lot_id": quant.lot_id.id,
            "package_id": quant.package_id.id,
            "owner_id": quant.owner_id.id,
        }
