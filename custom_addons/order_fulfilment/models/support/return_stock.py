from odoo import api, fields, models
from odoo.exceptions import UserError


class StockWarehouse(models.Model):
    """Places for goods that must not be sold: waiting for inspection, and recalled."""

    _inherit = "stock.warehouse"

    after_sales_return_location_id = fields.Many2one(
        "stock.location", "Returns to inspect", check_company=True, copy=False, index="btree_not_null"
    )
    quarantine_location_id = fields.Many2one(
        "stock.location", "Quarantine", check_company=True, copy=False, index="btree_not_null"
    )

    def _get_return_location(self):
        return self._get_place("after_sales_return_location_id", self.env._("Returns to inspect"))

    def _get_quarantine_location(self):
        return self._get_place("quarantine_location_id", self.env._("Quarantine"))

    def _get_place(self, field, name):
        """The place, made when first needed: beside the stock, so that nothing is reserved from it."""
        self.ensure_one()
        if not self[field]:
            self[field] = self.env["stock.location"].create(
                {
                    "name": name,
                    "usage": "internal",
                    "location_id": self.view_location_id.id,
                    "company_id": self.company_id.id,
                }
            )
        return self[field]


class StockPicking(models.Model):
    _inherit = "stock.picking"

    return_order_id = fields.Many2one(
        "after.sales.return", "Return (RMA)", readonly=True, copy=False, index="btree_not_null"
    )

    def _do_by_itself(self):
        """Do this transfer past Odoo's button, which would take it out of a batch that goes on.

        New warehouses batch by themselves, and a batch with a transfer that is done takes no other.
        """
        self._action_done()
        if any(picking.state != "done" for picking in self.batch_id.picking_ids):
            self.batch_id = False

    def _create_backorder_picking(self):
        """What comes later belongs to the same return."""
        backorder = super()._create_backorder_picking()
        backorder.return_order_id = self.return_order_id
        return backorder


class StockMove(models.Model):
    _inherit = "stock.move"

    return_line_id = fields.Many2one(
        "after.sales.return.line", readonly=True, index="btree_not_null", copy=False, ondelete="set null"
    )

    returned_line_ids = fields.One2many("after.sales.return.line", "move_id", readonly=True)

    def _get_quantity_taken_back(self):
        own = self.sudo().returned_line_ids.filtered(
            lambda line: line.product_id == line.sale_line_id.product_id
        )
        return super()._get_quantity_taken_back() + sum(own.mapped("quantity_refunded"))

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "return_line_id"]

    def _prepare_move_split_vals(self, qty):
        return {**super()._prepare_move_split_vals(qty), "return_line_id": self.return_line_id.id}

    def _action_done(self, cancel_backorder=False):
        awaited = self.filtered(
            lambda move: move.return_line_id and move.state != "done" and move._comes_from_customer()
        )
        done = super()._action_done(cancel_backorder)
        # sudo: who receives goods has no rights in support
        for move in awaited.filtered(lambda move: move.state == "done").sudo():
            move.return_line_id._receive(move)
        (awaited.sudo().return_line_id.return_id | done.sudo().picking_id.return_order_id)._settle_if_done()
        return done


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.constrains("quantity", "product_uom_id")
    def _check_receipt_edited(self):
        """A receipt may be put right until it is inspected; the return then says what really came."""
        for line in self.move_id.filtered(lambda move: move.state == "done").sudo().return_line_id:
            line._follow_receipt()


class AfterSalesReturnLine(models.Model):
    _inherit = "after.sales.return.line"

    def _follow_receipt(self):
        """Count anew what came of one delivery, after somebody edited a receipt that is done."""
        alike = self.return_id.line_ids.filtered(
            lambda line: (line.move_id, line.lot_id) == (self.move_id, self.lot_id)
        )
        done = alike.return_move_ids.filtered(lambda m: m.state == "done" and m._comes_from_customer())
        came = sum(move._in_own_unit(move.quantity) for move in done)
        more = came - sum(alike.mapped("quantity_received"))
        if self.uom_id.is_zero(more):
            return
        undecided = alike.filtered(lambda line: not line.disposition and line.quantity_received + more >= 0)
        if not undecided:
            raise UserError(
                self.env._(
                    "[OF-RMA-020] %s is inspected already: what came of it cannot be changed any more.",
                    self.display_name,
                )
            )
        undecided[0].quantity_received += more
        undecided[0].flush_recordset()


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    return_order_id = fields.Many2one("after.sales.return")

    def _prepare_picking_default_values_based_on(self, picking):
        values = super()._prepare_picking_default_values_based_on(picking)
        if self.return_order_id and picking == self.picking_id:
            warehouse = picking.picking_type_id.warehouse_id
            values["return_order_id"] = self.return_order_id.id
            values["location_dest_id"] = warehouse._get_return_location().id
        return values


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    return_line_id = fields.Many2one("after.sales.return.line")

    def _prepare_move_default_values(self, new_picking):
        values = super()._prepare_move_default_values(new_picking)
        return {**values, "return_line_id": self.return_line_id.id}
