from .common import OrderFulfilmentCase


class WarehouseCase(OrderFulfilmentCase):
    """A zone of four aisles of ten cells, and transfers that pick from its cells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picker = cls._create_user("of_picker", "order_fulfilment.group_warehouse")
        wizard = cls.env["pick.zone.generate"].create(
            {
                "name": "T",
                "warehouse_id": cls.warehouse.id,
                "aisle_count": 4,
                "cell_count": 10,
                "aisle_pitch": 5,
                "cell_pitch": 1,
                "crossing_width": 2,
            }
        )
        cls.zone = cls.env["pick.zone"].browse(wizard.action_generate()["res_id"])

    @classmethod
    def _cell(cls, aisle, cell):
        """Location of ``cell`` in ``aisle``, both from 1."""
        return cls.env["stock.location"].search([("name", "=", f"T-{aisle:02d}-{cell:03d}-0")])

    @classmethod
    def _transfer(cls, *places, product=None, quantity=1, lot=None):
        """A ready transfer to the customer with one product per place, stocked there only."""
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.warehouse.out_type_id.id,
                "location_id": cls.stock_location.id,
                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                "partner_id": cls.customer.id,
            }
        )
        for aisle, cell in places:
            goods = product or cls._create_product(
                f"P{aisle}-{cell}", f"P{aisle}-{cell}-{picking.id}", weight=1
            )
            cls.env["stock.quant"]._update_available_quantity(
                goods, cls._cell(aisle, cell), quantity, lot_id=lot
            )
            cls.env["stock.move"].create(
                {
                    "product_id": goods.id,
                    "product_uom_qty": quantity,
                    "picking_id": picking.id,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        picking.action_confirm()
        picking.action_assign()
        return picking
