from odoo import fields, models


class SaleOrderDrop(models.Model):
    """A part of an order that is promised and delivered by itself, as soon as it is available.

    Written by promising only. The order's own window then spans those of its drops, and it has no slot.
    """

    _name = "sale.order.drop"
    _inherit = ["delivery.drop"]
    _description = "Delivery of a Part of an Order"
    _order = "delivery_window_start, id"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    line_ids = fields.One2many("sale.order.line", "drop_id", "Lines", readonly=True)
    product_names = fields.Char("Goods", compute="_compute_product_names", compute_sudo=True)

    def _compute_product_names(self):
        for drop in self:
            drop.product_names = ", ".join(drop.line_ids.mapped("product_id.display_name"))

    def _compute_display_name(self):
        for drop in self:
            drop.display_name = drop.delivery_window_local or drop.order_id.name

    def _get_order(self):
        return self.order_id

    def _get_drop_lines(self):
        return self.line_ids

    def _is_over(self):
        """Say whether nothing is left to deliver with it: called off, delivered, or moved to another."""
        return not any(line._get_quantity_to_deliver() > 0 for line in self.line_ids)

    def _end_empty(self):
        """Remove those that deliver nothing, and give their places back; what has begun or came is kept."""
        for drop in self.filtered(lambda d: d._is_over() and not d._has_begun()):
            if not any(drop.line_ids.mapped("qty_delivered")):
                drop._end()

    def _end(self):
        """Remove this delivery; its lines have none then."""
        if self.slot_hold_key and not self._has_begun():
            self._let_slot_go()
        self.sudo().unlink()
