from odoo.fields import Command

from .common import OrderFulfilmentCase


class CureCase(OrderFulfilmentCase):
    """A customer who got three serial-numbered bikes and ten chains, invoiced; a technician."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_user("of_technician", "order_fulfilment.group_support")
        cls.lead = cls._create_user("of_support_lead", "order_fulfilment.group_support_manager")
        cls.bike = cls._create_product("Tourer", "BIKE", list_price=1000.0, tracking="serial")
        cls.bike.invoice_policy = cls.chain.invoice_policy = "delivery"
        cls.serials = cls.env["stock.lot"].create(
            [{"name": f"SN{number}", "product_id": cls.bike.id} for number in (1, 2, 3, 4)]
        )
        for serial in cls.serials:
            cls.env["stock.quant"]._update_available_quantity(cls.bike, cls.stock_location, 1, lot_id=serial)
        cls._stock(cls.chain, 100)
        cls.policy = cls.env["after.sales.warranty"].create({"name": "Two years", "months": 24})
        cls.order = cls._create_order([(cls.bike, 3), (cls.chain, 10)])
        cls.order.action_confirm()
        cls.delivery = cls._deliver(cls.order)
        cls.bike_line, cls.chain_line = cls.order.order_line

    @classmethod
    def _deliver(cls, order):
        """Validate all deliveries; serials are taken in the order of their numbers."""
        for picking in order.picking_ids.filtered(lambda item: item.state not in ("done", "cancel")):
            picking.action_assign()
            picking.move_ids.picked = True
            picking._action_done()
        return order.picking_ids

    @classmethod
    def _invoice(cls, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def _return(self, *lines, **values):
        """A return of ``lines``: dictionaries of line values."""
        return (
            self.env["after.sales.return"]
            .with_user(self.technician)
            .create(
                {
                    "partner_id": self.customer.id,
                    "line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
        )

    def _receive(self, order):
        """The warehouse gets everything that is on its way back."""
        pickings = order.sudo().picking_ids.filtered(lambda item: item.state not in ("done", "cancel"))
        pickings.move_ids.picked = True
        pickings._action_done()

    def _received(self, *lines):
        order = self._return(*lines)
        order.action_confirm()
        self._receive(order)
        return order

    def _wizard(self, picking, quantities):
        """Odoo's own return wizard with a quantity per product."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantities.get(line.product_id, 0.0)
        return wizard
