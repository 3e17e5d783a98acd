from odoo import models

WAY = ("partner_shipping_id", "carrier_id")


class SaleOrder(models.Model):
    """Another address or delivery method on a confirmed order: its promise and its transfers follow."""

    _inherit = "sale.order"

    def write(self, vals):
        ways = {order: order._get_way() for order in self} if vals.keys() & set(WAY) else {}
        result = super().write(vals)
        for order, before in ways.items():
            if order.state == "sale" and order.delivery_window_stop and order._get_way() != before:
                order._bring_transfers_in_line()
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
