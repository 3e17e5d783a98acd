"""Makes a record of any model of ours, in any company, with as little as the model asks for.

``make`` fills what is required by the type of the field. A model that needs more gets an entry in
``MAKERS``: a function of ``Maker`` that returns the record.
"""

from collections.abc import Callable


class CannotMakeError(AssertionError):
    """Says which entry is missing."""


class Maker:
    """Records for one company, made once each and then reused as parents of others."""

    def __init__(self, env, company, mark: str):
        self.company, self.mark = company, mark
        self.env = env(context={**env.context, "allowed_company_ids": [company.id]})
        self._made: dict[str, object] = {}
        self._open: list[str] = []

    def make(self, model: str):
        """The record of ``model`` in this company."""
        if model not in self._made:
            if model in self._open:
                raise CannotMakeError(f"{' needs '.join([*self._open, model])}: {_advice(model)}")
            self._open.append(model)
            self._made[model] = self._create(model)
            self._open.remove(model)
        return self._made[model]

    def _create(self, model: str):
        if model in MAKERS:
            return MAKERS[model](self)
        try:
            with self.env.cr.savepoint():
                return self.env[model].create(self.values(model))
        except CannotMakeError:
            raise
        except Exception as error:
            raise CannotMakeError(f"{type(error).__name__}: {error}\n{_advice(model)}") from error

    def values(self, model: str, **given) -> dict:
        """Required values of ``model``, and its company, that its defaults do not give."""
        fields = self.env[model]._fields
        wanted = [name for name, field in fields.items() if self._must_be_given(field) and name not in given]
        defaults = self.env[model].default_get(wanted)
        values = {name: self._value(fields[name]) for name in wanted if not defaults.get(name)}
        if "company_id" in fields and not fields["company_id"].related:
            values["company_id"] = self.company.id
        return {**values, **given}

    @staticmethod
    def _must_be_given(field) -> bool:
        return field.required and field.store and not field.compute and not field.related

    def _value(self, field):
        if field.type == "many2one":
            return self.make(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        simple = {
            "char": f"{self.mark} {field.name}",
            "text": self.mark,
            "html": self.mark,
            "binary": b"eA==",
        }
        if field.type in ("datetime", "date"):
            return {"datetime": "2031-03-03 08:00:00", "date": "2031-03-03"}[field.type]
        return simple.get(field.type, 1)


def _advice(model: str) -> str:
    return f'add MAKERS["{model}"] to tests/nets/records.py'


def _partner(maker: Maker):
    values = {"name": f"{maker.mark} customer", "company_id": maker.company.id, "email": "nets@example.test"}
    return maker.env["res.partner"].create(values)


def _product(maker: Maker):
    values = {"name": f"{maker.mark} goods", "is_storable": True, "company_id": maker.company.id}
    return maker.env["product.product"].create(values)


def _order(maker: Maker):
    line = {"product_id": maker.make("product.product").id, "product_uom_qty": 2, "price_unit": 10}
    values = {"partner_id": maker.make("res.partner").id, "order_line": [(0, 0, line)]}
    order = maker.env["sale.order"].create({**values, "company_id": maker.company.id})
    order._portal_ensure_token()
    return order


def _warehouse(maker: Maker):
    return maker.env["stock.warehouse"].search([("company_id", "=", maker.company.id)], limit=1)


def _picking(maker: Maker):
    warehouse = maker.make("stock.warehouse")
    customers = maker.env.ref("stock.stock_location_customers")
    picking = maker.env["stock.picking"].create(
        {
            "picking_type_id": warehouse.out_type_id.id,
            "partner_id": maker.make("res.partner").id,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": customers.id,
        }
    )
    maker.env["stock.move"].create(
        {
            "picking_id": picking.id,
            "product_id": maker.make("product.product").id,
            "product_uom_qty": 2,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": customers.id,
        }
    )
    return picking


def _batch(maker: Maker):
    picking = maker.make("stock.picking")
    values = {"picking_ids": [(6, 0, picking.ids)], "picking_type_id": picking.picking_type_id.id}
    return maker.env["stock.picking.batch"].create({**values, "company_id": maker.company.id})


def _invoice(maker: Maker):
    values = {"move_type": "out_invoice", "partner_id": maker.make("res.partner").id}
    return maker.env["account.move"].create({**values, "company_id": maker.company.id})


MAKERS: dict[str, Callable[[Maker], object]] = {
    # Odoo's, as parents of ours
    "account.move": _invoice,
    "product.product": _product,
    "product.template": lambda maker: maker.make("product.product").product_tmpl_id,
    "res.company": lambda maker: maker.company,
    "res.currency": lambda maker: maker.company.currency_id,
    "res.country": lambda maker: maker.env.ref("base.de"),
    "res.partner": _partner,
    "res.users": lambda maker: maker.env.user,
    "sale.order": _order,
    "sale.order.line": lambda maker: maker.make("sale.order").order_line,
    "stock.location": lambda maker: maker.make("stock.warehouse").lot_stock_id,
    "stock.move": lambda maker: maker.make("stock.picking").move_ids,
    "stock.picking": _picking,
    "stock.picking.batch": _batch,
    "stock.picking.type": lambda maker: maker.make("stock.warehouse").out_type_id,
    "stock.warehouse": _warehouse,
    "uom.uom": lambda maker: maker.env.ref("uom.product_uom_unit"),
}
