from odoo import models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """The unit of a line stands as soon as something is under way, delivered or invoiced in it.

    Odoo locks it in the form of a confirmed order, but a client may write it: then neither transfers nor the
    delivered and invoiced quantities follow, and three pieces on their way count as three dozen.
    """

    _inherit = "sale.order.line"

    def write(self, vals):
        if "product_uom_id" not in vals:
            return super().write(vals)
        before = {line: line.product_uom_id for line in self if line._is_unit_fixed()}
        result = super().write(vals)
        for line, unit in before.items():
            line._check_unit(unit)
        return result

    def _is_unit_fixed(self):
        if self.state != "sale":
            return False
        moves = self.sudo().move_ids  # salespeople see all of their own line
        return bool(moves.filtered(lambda m: m.state != "cancel") or self.qty_delivered or self.qty_invoiced)

    def _check_unit(self, unit):
        if self.product_uom_id != unit:
            raise UserError(
                self.env._(
                    "[OF-TRK-013] %(line)s is confirmed in %(unit)s and keeps this unit. Change the quantity"
                    " in %(unit)s, or set it to 0 and add a line in the other unit.",
                    line=self.display_name,
                    unit=unit.name,
                )
            )
