from collections import defaultdict
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


@dataclass(frozen=True)
class Piece:
    """Stock of one kind in one place; the quantity in the product's unit."""

    product: models.BaseModel
    lot: models.BaseModel
    owner: models.BaseModel
    quantity: float
    package: models.BaseModel | None = None

    def _prepare_line(self):
        return {
            "quantity": self.quantity,
            "lot_id": self.lot.id,
            "owner_id": self.owner.id,
            "package_id": self.package.id if self.package else False,
        }


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
            warehouse = place.warehouse_id or self._get_any_warehouse()
            pieces = [
                Piece(quant.product_id, quant.lot_id, quant.owner_id, quant.quantity, quant.package_id)
                for quant in here
            ]
            self._transfer(warehouse, place, warehouse._get_quarantine_location(), pieces)
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

    def _transfer(self, warehouse, place, target, pieces):
        """One done transfer of exactly these pieces."""
        by_product = defaultdict(list)
        for piece in pieces:
            by_product[piece.product].append(piece)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": place.id,
                "location_dest_id": target.id,
                "origin": self.name,
                "recall_id": self.id,
                "company_id": self.company_id.id,
                "move_ids": [
                    Command.create(self._prepare_transfer_move(product, mine, place, target))
                    for product, mine in by_product.items()
                ],
            }
        )
        picking.with_context(tracking_disable=True).move_ids._action_confirm(merge=False)
        for move in picking.move_ids:
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create({**move._prepare_move_line_vals(), **piece._prepare_line()})
                for piece in by_product[move.product_id]
            ]
        picking.move_ids.picked = True
        picking._do_by_itself()

    def _prepare_transfer_move(self, product, pieces, place, target):
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": sum(piece.quantity for piece in pieces),
            "location_id": place.id,
            "location_dest_id": target.id,
        }

    # ------------------------------------------------------------ out of quarantine

    def _give_back(self, held, lots=None):
        """Move what this recall set aside, and what still lies there free, to where it lay before.

        :param held: {(product id, lot id or None)} that other recalls keep
        :param lots: only these; None is all goods
        """
        for (quarantine, place), quantities in self._get_set_aside().items():
            free = self._get_free(quarantine, quantities)
            pieces = [
                Piece(product, lot, owner, min(quantity, free[product, lot, owner]))
                for (product, lot, owner), quantity in quantities.items()
                if (product.id, lot.id or None) not in held and (lots is None or lot in lots)
            ]
            pieces = [piece for piece in pieces if piece.product.uom_id.compare(piece.quantity, 0) > 0]
            if pieces:
                warehouse = quarantine.warehouse_id
                self._transfer(
                    warehouse, quarantine, place if place.active else warehouse.lot_stock_id, pieces
                )

    def _get_set_aside(self):
        """{(quarantine, place before): {(product, lot, owner): quantity not given back yet}}"""
        found = defaultdict(lambda: defaultdict(float))
        for line in self.picking_ids.move_line_ids.filtered(lambda line: line.state == "done"):
            key = (line.product_id, line.lot_id, line.owner_id)
            if line.location_dest_id._is_set_aside():
                found[line.location_dest_id, line.location_id][key] += line.quantity_product_uom
            else:
                found[line.location_id, line.location_dest_id][key] -= line.quantity_product_uom
        return found

    def _get_free(self, quarantine, keys):
        """{(product, lot, owner): on hand in quarantine and reserved by nobody}"""
        products = self.env["product.product"].browse({product.id for product, _lot, _owner in keys})
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "=", quarantine.id),
                ("product_id", "in", products.ids),
                ("package_id", "=", False),
            ]
        )
        free = defaultdict(float)
        for quant in quants:
            key = (quant.product_id, quant.lot_id, quant.owner_id)
            free[key] += quant.quantity - quant.reserved_quantity
        return free
