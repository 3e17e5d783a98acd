from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_round


class AfterSalesReturnLine(models.Model):
    """Kits go out as their parts and come back as these; money is given back for whole kits."""

    _inherit = "after.sales.return.line"

    def _resolve_deliveries(self):
        parts = self.browse()
        for line in self:
            kit = line._find_kit_line()
            parts |= line._split_into_parts(kit) if kit else line
        return super(AfterSalesReturnLine, parts)._resolve_deliveries()

    def _find_kit_line(self):
        """The order line on which this line's product was sold as a kit; none for goods."""
        if self.lot_id:
            return self.sale_line_id.browse()
        domain = Domain("product_id", "=", self.product_id.id) & Domain("state", "=", "sale")
        if self.sale_line_id:
            domain &= Domain("id", "=", self.sale_line_id.id)
        else:
            customer = self.return_id.commercial_partner_id.id
            domain &= Domain("order_id.partner_id.commercial_partner_id", "=", customer)
            domain &= Domain("company_id", "=", self.company_id.id)
        kits = self.env["sale.order.line"].search(domain).filtered(lambda line: line._went_out_as_parts())
        if len(kits) > 1:
            raise UserError(
                self.env._(
                    "[OF-RMA-007] %(kit)s was sold on %(orders)s. Choose the order line that it comes from.",
                    kit=self.product_id.display_name,
                    orders=", ".join(kits.order_id.mapped("name")),
                )
            )
        return kits

    def _split_into_parts(self, kit):
        """A line per part, with its numbers where all of them come back; the first takes this one's place."""
        rows = []
        for part, each in kit._get_parts_of_one().items():
            rows += self._prepare_parts(kit, part, each * self.quantity)
        lines = self
        for number, values in enumerate(rows):
            part = {"sale_line_id": kit.id, **values}
            if number:
                lines |= self.copy({**part, "return_id": self.return_id.id})
            else:
                self.write(part)
        return lines

    def _prepare_parts(self, kit, part, quantity):
        values = {"product_id": part.id, "quantity": quantity}
        if part.tracking == "none":
            return [values]
        moves = kit._get_moves_out().filtered(lambda move: move.product_id == part and move.state == "done")
        by_lot = defaultdict(float)
        for line in moves.move_line_ids:
            by_lot[line.lot_id] += line.quantity_product_uom
        if part.uom_id.compare(sum(by_lot.values()), quantity) > 0:
            raise UserError(
                self.env._(
                    "[OF-RMA-007] %(kit)s goes out as its parts. Enter these one by one: %(part)s has "
                    "numbers, and %(quantity)g of %(out)g come back.",
                    kit=kit.product_id.display_name,
                    part=part.display_name,
                    quantity=quantity,
                    out=sum(by_lot.values()),
                )
            )
        return [{**values, "lot_id": lot.id, "quantity": number} for lot, number in by_lot.items()]

    # ------------------------------------------------------------ money

    def _get_credit_quantity(self):
        """Of a part: the kits that are complete again with it and are not credited yet."""
        if self.product_id == self.sale_line_id.product_id:
            return super()._get_credit_quantity()
        kit = self.sale_line_id
        back = kit._get_kits_taken_back()
        credited = kit.return_line_ids.refund_line_ids.filtered(lambda item: item.parent_state != "cancel")
        unit = kit.product_uom_id
        done = sum(
            item.product_uom_id._compute_quantity(item.quantity, unit, round=False) for item in credited
        )
        own = kit.product_id.uom_id
        return max(own._compute_quantity(back, unit, round=False) - done, 0.0)

    def _credit(self):
        super()._credit()
        if self.product_id != self.sale_line_id.product_id and not self.refund_line_ids:
            self.return_id.message_post(
                body=self.env._(
                    "%(part)s: %(kit)s is credited when all parts of it are back.",
                    part=self.product_id.display_name,
                    kit=self.sale_line_id.product_id.display_name,
                )
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_moves_out(self):
        """Moves that bring this line's goods to the customer; not what is sent back after a repair."""
        return self.move_ids.filtered(
            lambda move: move._leaves_to_customer() and not move.origin_returned_move_id
        )

    def _went_out_as_parts(self):
        moves = self._get_moves_out()
        return bool(moves) and self.product_id not in moves.product_id

    def _get_parts_of_one(self):
        """{part: how many are in one kit}, both in their products' own units."""
        ordered = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )
        parts = defaultdict(float)
        for move in self._get_moves_out().filtered(lambda move: move.state != "cancel"):
            parts[move.product_id] += move.product_qty / ordered
        return parts

    def _get_kits_taken_back(self):
        """Whole kits of which every part was taken back."""
        taken = defaultdict(float)
        for line in self.return_line_ids:
            taken[line.product_id] += line.quantity_refunded
        complete = [taken[part] / each for part, each in self._get_parts_of_one().items()]
        return float_round(min(complete, default=0.0), precision_digits=0, rounding_method="DOWN")
