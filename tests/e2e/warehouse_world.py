"""A small warehouse with barcodes, and a wave of two deliveries, made over XML-RPC as an integrator would."""

import uuid
from dataclasses import dataclass, field

CHAIN, PADS, LOCK = "4006381333931", "4012345678901", "4000417025005"


@dataclass
class Wave:
    """A running batch of two transfers: 2 chains and 1 lot of pads for the first, 1 chain for the second."""

    batch: int
    name: str
    transfers: list[int]
    places: dict[str, str]
    products: dict[str, int] = field(default_factory=dict)


class World:
    """Makes records on ``server``; every record has a name of its own, so that tests can share a database."""

    def __init__(self, server):
        self.server = server
        [self.warehouse] = self.call("stock.warehouse", "search", [], limit=1)
        fields = ["lot_stock_id", "out_type_id", "code"]
        [values] = self.call("stock.warehouse", "read", [self.warehouse], fields)
        self.stock, self.operation = values["lot_stock_id"][0], values["out_type_id"][0]
        self.code = values["code"]
        self.customers = server.ref("stock.stock_location_customers")

    def call(self, model, method, *arguments, **keywords):
        return self.server.rpc(model, method, arguments, keywords)

    def place(self, code, **values):
        found = self.call("stock.location", "search", [("barcode", "=", code)])
        values = {"name": code, "barcode": code, "usage": "internal", "location_id": self.stock, **values}
        return found[0] if found else self.call("stock.location", "create", values)

    def product(self, name, barcode, tracking="none"):
        found = self.call("product.product", "search", [("barcode", "=", barcode)])
        values = {"name": name, "barcode": barcode, "is_storable": True, "tracking": tracking, "weight": 0.2}
        return found[0] if found else self.call("product.product", "create", values)

    def stock_up(self, product, place, quantity, lot=None):
        values = {
            "product_id": product,
            "location_id": place,
            "inventory_quantity": quantity,
            "lot_id": lot or False,
        }
        quant = self.call("stock.quant", "create", values, context={"inventory_mode": True})
        self.server.json2(
            "stock.quant", "action_apply_inventory", ids=[quant]
        )  # answers None: not over XML-RPC

    def lot(self, product, name):
        return self.call("stock.lot", "create", {"name": name, "product_id": product})

    def transfer(self, goods):
        """A ready transfer of ``goods``, pairs of product and quantity."""
        moves = [
            (
                0,
                0,
                {
                    "product_id": product,
                    "product_uom_qty": quantity,
                    "location_id": self.stock,
                    "location_dest_id": self.customers,
                },
            )
            for product, quantity in goods
        ]
        picking = self.call(
            "stock.picking",
            "create",
            {
                "picking_type_id": self.operation,
                "location_id": self.stock,
                "location_dest_id": self.customers,
                "move_ids": moves,
            },
        )
        self.call("stock.picking", "action_confirm", [picking])
        self.call("stock.picking", "action_assign", [picking])
        return picking

    def batch(self, transfers):
        values = {"picking_type_id": self.operation, "picking_ids": [(6, 0, transfers)]}
        batch = self.call("stock.picking.batch", "create", values)
        self.call("stock.picking.batch", "action_confirm", [batch])
        return batch

    def wave(self, user) -> Wave:
        """The wave of the browser test: a cart with bins, a dock, a carton with a barcode."""
        number = uuid.uuid4().hex[:4].upper()
        places = {name: f"S{number}-{name}" for name in ("A", "B", "C", "DOCK", "OTHER")}
        ids = {name: self.place(code) for name, code in places.items()}
        chain, pads = self.product("Chain 11-speed", CHAIN), self.product("Brake pads", PADS, "lot")
        lock = self.product("Folding lock", LOCK)
        self.stock_up(chain, ids["A"], 3)
        self.stock_up(pads, ids["B"], 1, self.lot(pads, f"L{number}"))
        self.call(
            "stock.picking.type",
            "write",
            [self.operation],
            {"cart_bins": 6, "scan_dock_ids": [(6, 0, [ids["DOCK"]])]},
        )
        if not self.call("stock.package.type", "search_count", [("barcode", "=", "CARTON-M")]):
            self.call("stock.package.type", "create", {"name": "Carton M", "barcode": "CARTON-M"})
        transfers = [self.transfer([(chain, 2), (pads, 1)]), self.transfer([(chain, 1)])]
        batch = self.batch(transfers)
        self.call("stock.picking.batch", "write", [batch], {"user_id": user})
        [values] = self.call("stock.picking.batch", "read", [batch], ["name"])
        products = {"chain": chain, "pads": pads, "lock": lock, "lot": f"L{number}"}
        return Wave(batch, values["name"], transfers, places, products)
