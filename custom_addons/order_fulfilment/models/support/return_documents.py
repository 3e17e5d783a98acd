from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.support import return_rules


class AfterSalesReturnLine(models.Model):
    """The documents of a cure, all Odoo's own: scrap, transfer, repair, replacement order, credit note."""

    _inherit = "after.sales.return.line"

    repair_id = fields.Many2one("repair.order", readonly=True, copy=False, index="btree_not_null")
    scrap_id = fields.Many2one("stock.scrap", readonly=True, copy=False)
    stock_move_id = fields.Many2one("stock.move", "Back into stock by", readonly=True, copy=False)
    replacement_line_id = fields.Many2one(
        "sale.order.line", "Replacement", readonly=True, copy=False, index="btree_not_null"
    )
    replacement_order_id = fields.Many2one(related="replacement_line_id.order_id", string="Replacement order")
    is_advance = fields.Boolean("Replaced in advance", readonly=True, copy=False)
    send_back_id = fields.Many2one("stock.picking", "Sent back by", readonly=True, copy=False)
    refund_line_ids = fields.One2many("account.move.line", "return_line_id", readonly=True)
    refund_ids = fields.Many2many("account.move", compute="_compute_refund_ids", string="Credit notes")

    _replaced_once = models.UniqueIndex(
        "(replacement_line_id) WHERE replacement_line_id IS NOT NULL", "This replacement is taken."
    )

    @api.depends("refund_line_ids.move_id")
    def _compute_refund_ids(self):
        for line in self:
            line.refund_ids = line.sudo().refund_line_ids.move_id

    def _make_documents(self):
        """Move the goods and give the customer the cure."""
        {"restock": self._restock, "scrap": self._scrap, "repair": self._repair}[self.goods_to]()
        if self.disposition == "replace" and not (self.replacement_line_id or self.advance_line_id):
            self._replace()
        if return_rules.is_taken_back(self.disposition):
            self._take_back()
        if self.disposition == "credit":
            self._credit()

    def _is_settled(self):
        """Decided and, where it was to be repaired, back with the customer."""
        return bool(self.disposition) and (self.disposition != "repair" or self.send_back_id.state == "done")

    def _get_received_move(self):
        return self.move_id.returned_move_ids.filtered(
            lambda move: move.state == "done" and move.return_line_id.return_id == self.return_id
        )[-1:]

    def _get_place(self):
        """Where the received goods lie."""
        return self._get_received_move().location_dest_id

    def _get_warehouse(self):
        return self._get_received_move().picking_type_id.warehouse_id or self.move_id.warehouse_id

    # ------------------------------------------------------------ goods

    def _restock(self):
        warehouse = self._get_warehouse()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": self._get_place().id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "origin": self.return_id.name,
                "return_order_id": self.return_id.id,
                "move_ids": [Command.create(self._prepare_restock_move(warehouse))],
            }
        )
        picking.action_confirm()
        self._fill_move(picking.move_ids)
        picking._do_by_itself()
        self.stock_move_id = picking.move_ids

    def _prepare_restock_move(self, warehouse):
        return {
            "product_id": self.product_id.id,
            "product_uom": self.uom_id.id,
            "product_uom_qty": self.quantity,
            "location_id": self._get_place().id,
            "location_dest_id": warehouse.lot_stock_id.id,
        }

    def _fill_move(self, move):
        """Exactly these goods, with their serial."""
        values = {**move._prepare_move_line_vals(), "quantity": self.quantity, "lot_id": self.lot_id.id}
        move.move_line_ids.unlink()
        move.move_line_ids = [Command.create(values)]
        move.picked = True

    def _scrap(self):
        self.scrap_id = self.env["stock.scrap"].create(
            {
                "product_id": self.product_id.id,
                "product_uom_id": self.uom_id.id,
                "scrap_qty": self.quantity,
                "lot_id": self.lot_id.id,
                "location_id": self._get_place().id,
                "origin": self.return_id.name,
                "company_id": self.company_id.id,
            }
        )
        self.scrap_id.do_scrap()

    def _repair(self):
        place, warehouse = self._get_place(), self._get_warehouse()
        self.repair_id = self.env["repair.order"].create(
            {
                "product_id": self.product_id.id,
                "product_qty": self.quantity,
                "product_uom": self.uom_id.id,
                "lot_id": self.lot_id.id,
                "partner_id": self.return_id.partner_id.id,
                "picking_id": self._get_received_move().picking_id.id,
                "picking_type_id": warehouse.repair_type_id.id,
                "product_location_src_id": place.id,
                "product_location_dest_id": place.id,
                "under_warranty": self.entitlement == "covered",
                "internal_notes": self.inspection_note,
                "company_id": self.company_id.id,
            }
        )

    def action_send_back(self):
        """Send the repaired goods back to the customer, as Odoo's return of the return."""
        self.ensure_one()
        self.return_id._check_technician()
        line = self.sudo()  # the technician has no rights in the warehouse
        if line.repair_id.state != "done" or line.disposition != "repair":
            raise UserError(self.env._("[OF-RMA-035] %s is not repaired yet.", self.display_name))
        if line.send_back_id and line.send_back_id.state != "cancel":
            raise UserError(self.env._("[OF-RMA-036] %s is on its way back.", self.display_name))
        line.send_back_id = line._make_send_back()
        return True

    def _make_send_back(self):
        received = self._get_received_move()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=received.picking_id.id, active_model="stock.picking")
            .create({"picking_id": received.picking_id.id})
        )
        values = {"product_id": self.product_id.id, "move_id": received.id, "to_refund": False}
        wizard.product_return_moves = [
            Command.clear(),
            Command.create({**values, "quantity": self.quantity}),
        ]
        picking = wizard._create_return()
        picking.return_order_id = self.return_id
        if self.lot_id:
            values = {**picking.move_ids._prepare_move_line_vals(), "quantity": self.quantity}
            picking.move_ids.move_line_ids.unlink()
            picking.move_ids.move_line_ids = [Command.create({**values, "lot_id": self.lot_id.id})]
        return picking

    # ------------------------------------------------------------ replacement

    def action_replace_in_advance(self):
        """Send the replacement before the goods are back; they are awaited until the date on the return."""
        self.ensure_one()
        self.return_id._check_technician()
        line = self.sudo()
        if line.state != "confirmed" or line.replacement_line_id or line.advance_line_id:
            raise UserError(
                self.env._("[OF-RMA-037] Only an authorised line without a cure is replaced in advance.")
            )
        line._check_entitled("replace")
        line._replace()
        line.is_advance = True
        line.return_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=line.return_id.return_by,
            summary=self.env._("Replaced in advance: has %s come back?", line.product_id.display_name),
            user_id=(line.return_id.user_id or self.env.user).id,
        )
        return True

    def _replace(self):
        origin = self.sale_line_id.order_id
        order = self.env["sale.order"].create(
            {
                "partner_id": self.return_id.partner_id.id,
                "partner_shipping_id": (origin.partner_shipping_id or self.return_id.partner_id).id,
                "company_id": self.company_id.id,
                "origin": self.return_id.name,
                "client_order_ref": self.return_id.name,
                "pricelist_id": origin.pricelist_id.id,
                "user_id": origin.user_id.id,
                "order_line": [Command.create(self._prepare_replacement_line())],
            }
        )
        self.replacement_line_id = order.order_line[:1]
        order.action_confirm()

    def _prepare_replacement_line(self):
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.uom_id.id,
            "product_uom_qty": self.quantity,
            "price_unit": 0.0,
            "discount": 0.0,
            "return_line_id": self.id,
        }

    # ------------------------------------------------------------ money

    def _take_back(self):
        """Parts of a kit: Odoo lowers the kits delivered by moves marked so."""
        if self.sale_line_id and self.product_id != self.sale_line_id.product_id:
            self._get_received_move().to_refund = True
            self.env.add_to_compute(self.sale_line_id._fields["qty_delivered"], self.sale_line_id)


class SaleOrderLine(models.Model):
    """A replacement costs nothing, and only what its return line says may be one."""

    _inherit = "sale.order.line"

    return_line_id = fields.Many2one(
        "after.sales.return.line", "Replaces", readonly=True, copy=False, index="btree_not_null"
    )

    @api.constrains("return_line_id", "product_id", "product_uom_qty")
    def _check_replacement(self):
        for line in self.filtered("return_line_id"):
            replaced = line.sudo().return_line_id
            fits = (
                line.product_id == replaced.product_id
                and line.product_uom_id.compare(line.product_uom_qty, replaced.quantity) <= 0
            )
            # Only the return itself may name a new replacement: it is free of charge.
            sole = replaced.replacement_line_id == line or (self.env.su and not replaced.replacement_line_id)
            if not (fits and sole):
                raise UserError(
                    self.env._(
                        "[OF-RMA-038] %s is not replaced by this: same product, at most the quantity, once.",
                        replaced.display_name,
                    )
                )

    def _gate_is_gift(self):
        """A replacement passes the checks of price like a gift."""
        return super()._gate_is_gift() or bool(self.return_line_id)
