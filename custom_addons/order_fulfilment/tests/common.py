from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class OrderFulfilmentCase(TransactionCase):
    """A small trading company of its own: one customer, two stocked products, one user per role.

    Everything is made here, so that no test leans on demo data.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, no_reset_password=True))
        cls.company = cls.env.company
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.stock_location = cls.warehouse.lot_stock_id
        cls.country = cls.env.ref("base.de")
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Velo Test GmbH",
                "is_company": True,
                "street": "Testweg 1",
                "zip": "10115",
                "city": "Berlin",
                "country_id": cls.country.id,
                "email": "orders@velo.test",
                "phone": "+49 30 1234567",
            }
        )
        cls.chain = cls._create_product("Chain 11-speed", "CHAIN-11", list_price=20.0, weight=0.3)
        cls.brake_pads = cls._create_product("Brake pads", "PADS-01", list_price=8.5, weight=0.1)
        cls.user = cls._create_user("of_user", "order_fulfilment.group_user")
        cls.manager = cls._create_user("of_manager", "order_fulfilment.group_manager")

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(cls.env, login=login, groups=groups, company_id=cls.company.id)

    @classmethod
    def _create_product(cls, name, code, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "default_code": code,
                "is_storable": True,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _stock(cls, product, quantity, location=None):
        """Put ``quantity`` of ``product`` on hand (in the product's own unit)."""
        cls.env["stock.quant"]._update_available_quantity(product, location or cls.stock_location, quantity)

    @classmethod
    def _create_order(cls, lines, **values):
        """Create a quotation of ``lines``, a list of (product, quantity)."""
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                    for product, quantity in lines
                ],
                **values,
            }
        )
