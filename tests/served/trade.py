"""A small trade over JSON-2, as a client would do it: stock, order, delivery, invoice."""

from collections.abc import Callable


class Trade:
    """Sells one storable product; ``call`` is ``Server.json2`` or a client's ``call`` of that shape."""

    def __init__(self, call: Callable, name: str = "Trade"):
        self.call = call
        self.customer = self._create("res.partner", {"name": f"{name} customer", **ADDRESS})
        values = {"name": f"{name} goods", "default_code": name, "is_storable": True, "list_price": 10}
        self.product = self._create("product.product", {**values, "taxes_id": [(5,)]})

    def _create(self, model: str, values: dict, **kwargs) -> int:
        [found] = self.call(model, "create", vals_list=[values], **kwargs)
        return found

    def stock(self, quantity: float) -> None:
        """Count ``quantity`` into the first warehouse, with an inventory move."""
        [warehouse] = self.call("stock.warehouse", "search_read", domain=[], fields=["lot_stock_id"], limit=1)
        values = {"product_id": self.product, "location_id": warehouse["lot_stock_id"][0]}
        quant = self._create("stock.quant", {**values, "inventory_quantity": quantity})
        self.call("stock.quant", "action_apply_inventory", ids=[quant])

    def order(self, *quantities: float, **values) -> int:
        """A quotation with one line per quantity."""
        lines = [(0, 0, {"product_id": self.product, "product_uom_qty": n}) for n in quantities]
        return self._create("sale.order", {"partner_id": self.customer, "order_line": lines, **values})

    def confirm(self, order: int) -> None:
        self.call("sale.order", "action_confirm", ids=[order])

    def transfers(self, order: int) -> list[int]:
        return self.call("stock.picking", "search", domain=[("sale_id", "=", order)], order="id")

    def deliver(self, order: int) -> None:
        """Validate all transfers of the order, in their sequence."""
        for picking in self.transfers(order):
            self.call("stock.picking", "action_assign", ids=[picking])
            self.validate(picking)

    def validate(self, picking: int) -> None:
        """Odoo answers with a question (a wizard) where a person would be asked; nothing is done then."""
        context = {"skip_backorder": True, "skip_sms": True}
        answer = self.call("stock.picking", "button_validate", ids=[picking], context=context)
        if answer is not True:
            raise AssertionError(f"transfer {picking} was not validated: {answer}")

    def invoice(self, order: int) -> int:
        """Invoice what is invoiceable, and post it."""
        context = {"active_model": "sale.order", "active_ids": [order], "active_id": order}
        values = {"sale_order_ids": [(6, 0, [order])]}
        wizard = self._create("sale.advance.payment.inv", values, context=context)
        self.call("sale.advance.payment.inv", "create_invoices", ids=[wizard], context=context)
        [found] = self.call("sale.order", "read", ids=[order], fields=["invoice_ids"])
        self.call("account.move", "action_post", ids=found["invoice_ids"])
        return found["invoice_ids"][0]

    def take_back(self, order: int, quantity: float) -> int:
        """Return ``quantity`` of the last transfer's only line; answer the new transfer."""
        delivered = self.transfers(order)[-1]
        context = {"active_id": delivered, "active_ids": [delivered], "active_model": "stock.picking"}
        wizard = self._create("stock.return.picking", {"picking_id": delivered}, context=context)
        lines = self.call("stock.return.picking.line", "search", domain=[("wizard_id", "=", wizard)])
        self.call("stock.return.picking.line", "write", ids=lines, vals={"quantity": quantity})
        returned = self.call("stock.return.picking", "action_create_returns", ids=[wizard])["res_id"]
        self.validate(returned)
        return returned


ADDRESS = {
    "street": "Testweg 1",
    "zip": "10115",
    "city": "Berlin",
    "is_company": True,
    "email": "orders@trade.test",
    "phone": "+49 30 1234567",
}
