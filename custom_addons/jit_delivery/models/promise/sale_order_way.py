from odoo import models

WAY = ("partner_shipping_id", "carrier_id")


class SaleOrder(models.Model):
    """Another address or delivery method on a confirmed order: its promise and its transfers follow."""

    _inherit = "sale.order"

    def write(self, vals):
        ways = {order: order._get_way() for order in self} if vals.keys() & set(WAY) else {}
        known = self.picking_ids.activity_ids if ways else None
        result = super().write(vals)
        for order, before in ways.items():
            if order.state != "sale" or not order.delivery_window_stop:
                continue
            is_moved = order._get_way() != before
            if is_moved:
                order._bring_transfers_in_line()
            if "order_line" not in vals:  # else they may tell of other things
                order._end_asked_for(known)
            if is_moved:
                order._follow_lines_or_promise_anew()
        return result

    def _get_way(self):
        return tuple(self[name] for name in WAY)

    def _bring_transfers_in_line(self):
        """Let the open transfers go to the address of the order, those that leave by its method."""
        moves, place = self._get_chain_moves(), {"partner_id": self.partner_shipping_id.id}
        moves.write(place)
        moves.picking_id.write(place)
        leaving = moves.picking_id.filtered(lambda picking: picking.picking_type_code == "outgoing")
        leaving.carrier_id = self.carrier_id

    def _end_asked_for(self, known):
        """Take back what Odoo asks for on the open transfers beside ``known``: they have the address."""
        transfers = self._get_chain_moves().picking_id
        transfers.invalidate_recordset(["activity_ids"])
        (transfers.activity_ids - known).sudo().unlink()  # sudo: made for this change, whoever makes it
