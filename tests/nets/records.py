# long: one maker per model that needs one
"""Makes a record of any model of ours, in any company, with as little as the model asks for.

``make`` fills what is required by the type of the field. A model whose rows only its own methods may write
gets one straight into its table; a SQL view shows one of a confirmed order. A model that needs more gets an
entry in ``MAKERS``: a function of ``Maker`` that returns the record.
"""

import re
from collections.abc import Callable

_ENDS = re.compile(r"(stop|end|to|until|expires_at)$")


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
        from odoo.exceptions import UserError

        if model in MAKERS:
            return MAKERS[model](self)
        if not self.env[model]._auto:
            return self._row_of_view(model)
        values = self.values(model)
        try:
            with self.env.cr.savepoint():
                return self.env[model].create(values)
        except UserError as refusal:
            return self._insert(model, values, refusal)
        except Exception as error:
            raise CannotMakeError(f"{type(error).__name__}: {error}\n{_advice(model)}") from error

    def _row_of_view(self, model: str):
        self.make("stock.warehouse")  # to confirm an order of goods
        order = self.make("sale.order")
        if order.state != "sale":
            order.action_confirm()
        self.env.flush_all()
        row = self.env[model].search([("company_id", "=", self.company.id)], limit=1)
        if not row:
            raise CannotMakeError(f"{model} shows nothing of a confirmed order: {_advice(model)}")
        return row

    def _insert(self, model: str, values: dict, refusal: Exception):
        """A row of a model that refuses to be created from outside, such as a history."""
        from odoo.tools import SQL

        empty = self.env[model].new()
        given = {**self.env[model].default_get(list(empty._fields)), **values, "company_id": self.company.id}
        stored = {
            name: empty._fields[name].convert_to_column_insert(value, empty)
            for name, value in given.items()
            if name in empty._fields and empty._fields[name].column_type and empty._fields[name].store
        }
        columns = SQL(", ").join(SQL.identifier(name) for name in stored)
        table = SQL.identifier(self.env[model]._table)
        try:
            with self.env.cr.savepoint():
                found = self.env.execute_query(
                    SQL("INSERT INTO %s (%s) VALUES %s RETURNING id", table, columns, tuple(stored.values()))
                )
        except Exception as error:
            raise CannotMakeError(f"{refusal}\nand {error}\n{_advice(model)}") from error
        return self.env[model].browse(found[0])

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
        return field.required and field.store and not field.related and not field.compute

    def _value(self, field):
        if field.type == "many2one":
            return self.make(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type == "many2many":
            return [(6, 0, self.make(field.comodel_name).ids)]
        if field.type in ("datetime", "date"):
            hour = "18" if _ENDS.search(field.name) else "08"
            return "2031-03-03" if field.type == "date" else f"2031-03-03 {hour}:00:00"
        simple = {
            "char": f"{self.mark} {field.name}",
            "text": self.mark,
            "html": self.mark,
            "binary": b"eA==",
        }
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
    found = maker.env["stock.warehouse"].search([("company_id", "=", maker.company.id)], limit=1)
    values = {"name": f"{maker.mark} warehouse", "code": "NETS", "company_id": maker.company.id}
    return found or maker.env["stock.warehouse"].create(values)


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


def _package(maker: Maker):
    """Odoo takes the company from the content; an empty package would be everybody's."""
    package = maker.env["stock.package"].create({"name": f"{maker.mark} package"})
    query = "UPDATE stock_package SET company_id = %s WHERE id = %s"
    maker.env.cr.execute(query, [maker.company.id, package.id])
    package.invalidate_recordset()
    return package


def _batch(maker: Maker):
    picking = maker.make("stock.picking")
    values = {"picking_ids": [(6, 0, picking.ids)], "picking_type_id": picking.picking_type_id.id}
    return maker.env["stock.picking.batch"].create({**values, "company_id": maker.company.id})


def _invoice(maker: Maker):
    values = {"move_type": "out_invoice", "partner_id": maker.make("res.partner").id}
    return maker.env["account.move"].create({**values, "company_id": maker.company.id})


def _slot_load(maker: Maker):
    """The view shows slots."""
    slot = maker.make("delivery.slot")
    maker.env.flush_all()
    return maker.env["delivery.slot.load"].search([("slot_id", "=", slot.id)], limit=1)


def _slot_usage(maker: Maker):
    """The view shows slots."""
    slot = maker.make("delivery.slot")
    maker.env.flush_all()
    return maker.env["delivery.slot.usage"].search([("slot_id", "=", slot.id)], limit=1)


def _window_performance(maker: Maker):
    """The view shows deliveries whose promised window is over."""
    order = maker.make("sale.order")
    if order.state != "sale":
        order.warehouse_id = maker.make("stock.warehouse")
        order.action_confirm()
    window = {"delivery_window_start": "2021-03-03 08:00:00", "delivery_window_stop": "2021-03-03 10:00:00"}
    order.order_line.move_ids.write(window)
    maker.env.flush_all()
    return maker.env["delivery.window.performance"].search([("order_id", "=", order.id)], limit=1)


def _ticket(maker: Maker):
    model = "after.sales.ticket"
    return maker.env[model].create(maker.values(model, partner_id=maker.make("res.partner").id))


def _frequency(maker: Maker):
    model = "delivery.frequency"
    return maker.env[model].create(maker.values(model, times="6:00, 10:00"))


def _margin(maker: Maker):
    """The view shows amounts; entering an order costs something once there is a rate for it."""
    maker.company.serve_cost_order = 1
    return maker._row_of_view("fulfilment.margin")


def _event(maker: Maker):
    """With a number that the order's own events do not have."""
    model = "fulfilment.event"
    return maker.env[model].create(maker.values(model, number=99))


def _webhook(maker: Maker):
    model = "fulfilment.webhook"
    return maker.env[model].create(maker.values(model, url="https://receiver.example.test/"))


def _return_line(maker: Maker):
    model = "after.sales.return.line"
    return maker.env[model].create(maker.values(model, product_id=maker.make("product.product").id))


def _recall_line(maker: Maker):
    """Customers' pages lead here from their notice."""
    model, product = "after.sales.recall.line", maker.make("product.product")
    notice = maker.make("after.sales.recall.notice")
    given = {"notice_id": notice.id, "recall_id": notice.recall_id.id, "product_id": product.id}
    return maker.env[model].create(given)


def _pareto(maker: Maker):
    """The view shows tickets."""
    ticket = maker.make("after.sales.ticket")
    ticket.cause_id = maker.make("after.sales.cause")
    maker.env.flush_all()
    return maker.env["after.sales.pareto"].search([("ticket_id", "=", ticket.id)], limit=1)


def _zone_way(maker: Maker):
    """A way leads from one place to another."""
    zone, first = maker.make("pick.zone"), maker.make("pick.zone.node")
    second = maker.env["pick.zone.node"].create({"zone_id": zone.id, "name": f"{maker.mark} second"})
    ends = {"from_id": first.id, "to_id": second.id}
    return maker.env["pick.zone.way"].create({"zone_id": zone.id, **ends})


MAKERS: dict[str, Callable[[Maker], object]] = {
    "pick.zone.way": _zone_way,
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
    "stock.package": _package,
    "stock.picking": _picking,
    "stock.picking.batch": _batch,
    "stock.picking.type": lambda maker: maker.make("stock.warehouse").out_type_id,
    "stock.warehouse": _warehouse,
    "uom.uom": lambda maker: maker.env.ref("uom.product_uom_unit"),
    # Ours
    "after.sales.stage": lambda maker: maker.env["after.sales.stage"].search([], limit=1),
    "after.sales.team": lambda maker: maker.env["after.sales.team"].create(
        {"name": f"{maker.mark} team", "company_id": maker.company.id}
    ),
    "after.sales.pareto": _pareto,
    "after.sales.recall.line": _recall_line,
    "after.sales.return.line": _return_line,
    "after.sales.ticket": _ticket,
    "delivery.frequency": _frequency,
    "delivery.slot.load": _slot_load,
    "fulfilment.event": _event,
    "fulfilment.margin": _margin,
    "fulfilment.webhook": _webhook,
    "delivery.slot.usage": _slot_usage,
    "delivery.window.performance": _window_performance,
    "order.check": lambda maker: maker.env["order.check"].search([], limit=1),
}
