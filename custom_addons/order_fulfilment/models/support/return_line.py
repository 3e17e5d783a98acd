from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.support import return_rules
from ..derived import given_derived
from .goods_trace import Goods
from .return_guard import claim

REASONS = [
    ("defect", "Defect"),
    ("damaged", "Damaged in transport"),
    ("wrong_item", "Wrong item delivered"),
    ("not_needed", "No longer needed"),
    ("recall", "Recall"),
    ("other", "Other"),
]


class AfterSalesReturnLine(models.Model):
    """Goods that come back: which, from which delivery, how many of them, and what became of them."""

    _name = "after.sales.return.line"
    _inherit = "order.fulfilment.named"
    _description = "Return Line"
    _order = "return_id desc, id"
    _check_company_auto = True

    return_id = fields.Many2one("after.sales.return", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    ticket_id = fields.Many2one(related="return_id.ticket_id", store=True, index="btree_not_null")
    state = fields.Selection(related="return_id.state", string="State of the return", store=True)
    lot_id = fields.Many2one(
        "stock.lot", "Serial or lot", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", "Order line", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        "stock.move", "Delivered by", index="btree_not_null", readonly=True, copy=False, ondelete="restrict"
    )
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    reason = fields.Selection(REASONS, required=True, default="defect")
    return_move_ids = fields.One2many("stock.move", "return_line_id", readonly=True)
    quantity_received = fields.Float(digits="Product Unit", readonly=True, copy=False)
    received_at = fields.Datetime("Received", readonly=True, copy=False)

    # PostgreSQL takes what is not a number for larger than any.
    _quantity = models.Constraint(
        "CHECK (quantity > 0 AND quantity < 1000000000)", "[OF-RMA-003] Enter how many come back."
    )
    _received = models.Constraint(
        "CHECK (quantity_received >= 0 AND quantity_received <= quantity + 0.000001)",
        "[OF-RMA-016] More was received than the return says. Add the rest as another return.",
    )

    @api.depends("lot_id", "sale_line_id")
    def _compute_product_id(self):
        for line in self:
            line.product_id = line.lot_id.product_id or line.product_id or line.sale_line_id.product_id

    @api.depends("product_id", "lot_id", "return_id.name")
    def _compute_display_name(self):
        for line in self:
            what = line.lot_id.sudo().display_name or line.product_id.display_name
            line.display_name = f"{line.return_id.name}: {what or ''}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(line.state not in ("draft", "cancel", False) for line in self):
            raise UserError(self.env._("[OF-RMA-002] The return has begun: its lines stay."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_derived(vals, creating=True)
        lines = super().create(vals_list)
        if not self.env.su and any(line.state != "draft" for line in lines):
            raise UserError(
                self.env._("[OF-RMA-017] The return is authorised: open another one for more goods.")
            )
        return lines

    def write(self, vals):
        self._refuse_derived(vals)
        fixed = {"lot_id", "product_id", "sale_line_id", "quantity", "return_id"} & set(vals)
        if fixed and not self.env.su and any(line.state != "draft" for line in self):
            raise UserError(
                self.env._("[OF-RMA-017] The return is authorised: what it is about cannot be changed.")
            )
        return super().write(vals)

    def _refuse_derived(self, vals, creating=False):
        """What came and what became of it follows from transfers and inspections."""
        if given := given_derived(self, vals, creating=creating):
            raise UserError(
                self.env._("[OF-RMA-001] %s cannot be written. Use the buttons.", ", ".join(given))
            )

    # ------------------------------------------------------------ from which delivery

    def _resolve_deliveries(self):
        """Tie every line to the delivery it comes from; a line over several deliveries is split."""
        for line in self:
            line._check_tracking()
            claim(line.sale_line_id)
            claim(line.lot_id)
            sources = line._find_sources()
            taken, missing = return_rules.allocate(line.quantity, sources)
            if missing:
                line._refuse_more(sum(source.left for source in sources))
            line._take(taken)

    def _check_tracking(self):
        if self.lot_id and self.lot_id.product_id != self.product_id:
            raise UserError(
                self.env._(
                    "[OF-RMA-019] %(serial)s is a number of %(product)s, not of %(asked)s. Enter the number "
                    "on the goods, and leave the product to it.",
                    serial=self.lot_id.name,
                    product=self.lot_id.product_id.display_name,
                    asked=self.product_id.display_name,
                )
            )
        if self.product_id.tracking != "none" and not self.lot_id:
            raise UserError(
                self.env._(
                    "[OF-RMA-003] Enter the serial or lot number of %s that comes back.",
                    self.product_id.display_name,
                )
            )
        if self.product_id.tracking == "serial" and self.quantity != 1:
            raise UserError(
                self.env._("[OF-RMA-003] %s is one piece: enter one line per serial.", self.lot_id.name)
            )

    def _find_sources(self):
        """Deliveries to this customer that still have something to return, the newest first."""
        deliveries = self._get_lot_deliveries() if self.lot_id else self._get_moves_delivered()
        own = deliveries.filtered(self._is_of_customer)
        if deliveries and not own:
            raise UserError(
                self.env._(
                    "[OF-RMA-005] %(goods)s was not delivered to %(customer)s. Check the number.",
                    goods=self.lot_id.name or self.product_id.display_name,
                    customer=self.return_id.commercial_partner_id.name,
                )
            )
        own = own.filtered(lambda move: not self.sale_line_id or move.sale_line_id == self.sale_line_id)
        newest = own.sorted(lambda move: (move.date, move.id), reverse=True)
        return [return_rules.Source(move.id, self._get_left(move)) for move in newest]

    def _get_lot_deliveries(self):
        trace = self.env["after.sales.trace"]
        root = Goods(self.lot_id.product_id.id, self.lot_id.id)
        moves = self.env["stock.move"].browse(
            {item.move for item in trace._get_deliveries([root], self.company_id)}
        )
        if not moves:
            self._refuse_undelivered(trace, root)
        return moves

    def _refuse_undelivered(self, trace, root):
        outer = [item.lot for item in trace._get_deliveries(list(trace._trace([root]).values())) if item.lot]
        if outer:
            raise UserError(
                self.env._(
                    "[OF-RMA-008] %(part)s was delivered as part of %(whole)s: return that.",
                    part=self.lot_id.name,
                    whole=self.env["stock.lot"].browse(outer[-1]).display_name,
                )
            )
        raise UserError(
            self.env._(
                "[OF-RMA-004] %(product)s %(serial)s was never delivered. Check the number on the goods.",
                product=self.product_id.display_name,
                serial=self.lot_id.name,
            )
        )

    def _get_moves_delivered(self):
        """Done moves of the product to this customer, or of the order line where one is named."""
        domain = Domain("product_id", "=", self.product_id.id) & Domain("state", "=", "done")
        domain &= Domain("company_id", "=", self.company_id.id)
        if self.sale_line_id:
            domain &= Domain("sale_line_id", "=", self.sale_line_id.id)
        else:
            customer = self.return_id.commercial_partner_id.id
            bought = Domain("sale_line_id.order_id.partner_id.commercial_partner_id", "=", customer)
            unordered = Domain("sale_line_id", "=", False)
            domain &= bought | unordered & Domain(
                "picking_id.partner_id.commercial_partner_id", "=", customer
            )
        return self.env["stock.move"].search(domain).filtered(lambda move: move._leaves_to_customer())

    def _is_of_customer(self, move):
        customer = self.return_id.commercial_partner_id
        order = move.sale_line_id.order_id
        known = order.partner_id | order.partner_shipping_id | move.picking_id.partner_id
        return customer in known.commercial_partner_id

    def _get_left(self, move):
        """Delivered by the move and neither back nor on its way back, in the product's unit."""
        open_or_done = move.returned_move_ids.filtered(lambda item: item.state not in ("draft", "cancel"))
        if not self.lot_id:
            back = sum(
                item._in_own_unit(item.quantity if item.state == "done" else item.product_uom_qty)
                for item in open_or_done
            )
            return move._in_own_unit(move.quantity) - back
        out = sum(self._of_lot(move).mapped("quantity_product_uom"))
        return out - sum(self._of_lot(open_or_done).mapped("quantity_product_uom"))

    def _of_lot(self, moves):
        return moves.move_line_ids.filtered(lambda item: item.lot_id == self.lot_id)

    def _refuse_more(self, left):
        raise UserError(
            self.env._(
                "[OF-RMA-006] %(goods)s: %(asked)g asked for, %(left)g can still come back. The rest is "
                "returned, on its way back, or was never delivered.",
                goods=self.lot_id.name or self.product_id.display_name,
                asked=self.quantity,
                left=left,
            )
        )

    def _take(self, taken):
        for index, (move_id, quantity) in enumerate(taken):
            move = self.env["stock.move"].browse(move_id)
            values = {"move_id": move_id, "quantity": quantity, "sale_line_id": move.sale_line_id.id}
            if index:
                self.copy({**values, "return_id": self.return_id.id}).move_id = move
            else:
                self.write(values)

    # ------------------------------------------------------------ back

    def _prepare_return_move(self):
        """Values of the line of Odoo's return wizard, in the unit of the delivery."""
        own = self.product_id.uom_id
        return {
            "product_id": self.product_id.id,
            "move_id": self.move_id.id,
            "quantity": own._compute_quantity(self.quantity, self.move_id.product_uom, round=False),
            "to_refund": False,  # until the inspection says so
            "return_line_id": self.id,
        }

    def _set_announced_lots(self):
        """The serial that was announced stands on the transfer, so that the scanner knows what to expect."""
        for line in self.filtered("lot_id"):
            for move in line.return_move_ids.filtered(lambda item: item.state not in ("done", "cancel")):
                values = {**move._prepare_move_line_vals(), "quantity": move.product_uom_qty}
                move.move_line_ids.unlink()
                self.env["stock.move.line"].create({**values, "lot_id": line.lot_id.id, "move_id": move.id})

    def _receive(self, move):
        """Note what a done move brought."""
        wrong = self.lot_id and move.move_line_ids.lot_id - self.lot_id
        if wrong:
            raise UserError(
                self.env._(
                    "[OF-RMA-014] %(number)s announces %(expected)s, but %(found)s came. Put it aside and "
                    "ask support.",
                    number=self.return_id.name,
                    expected=self.lot_id.name,
                    found=", ".join(wrong.mapped("name")),
                )
            )
        self.quantity_received += move._in_own_unit(move.quantity)
        self.received_at = move.date
        self.flush_recordset()
