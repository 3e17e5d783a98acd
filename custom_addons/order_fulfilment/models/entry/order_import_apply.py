import gc
from contextlib import contextmanager

import pytz
from psycopg2 import IntegrityError

from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ...tools.entry.import_fault import ImportFault
from ...tools.entry.pricing import AGREED_PRICE
from .order_import_errors import fault_reason
from .order_import_lookup import QUIET

BATCH_ORDERS = 40
BATCH_LINES = 1000
REFUSALS = (UserError, ValidationError, AccessError)


class DryRunOver(Exception):  # noqa: N818 it is not an error: it takes back what a dry run did
    """Raised inside a savepoint to undo it."""


@contextmanager
def no_garbage_collection():
    """Creating fills the memory with what stays: looking for garbage meanwhile finds none, again and again.

    Odoo's own ``disabling_gc`` leaves it off for good when the work inside fails.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class OrderImport(models.Model):
    """Third phase: accepted orders are created, a batch per transaction."""

    _inherit = "order.import"

    def _phase_apply(self, checkpoint):
        """Create the waiting orders batch by batch, in the order of the file."""
        sheet = None
        while (orders := self._claim_orders()) or self._count_waiting():
            if not orders:
                self._wait_for_helper()
            else:
                sheet = self._enter_sheet(sheet, orders[0].sheet)
                with no_garbage_collection():
                    self._apply_batch(orders)
                self.line_done = self._count_done_rows()
            checkpoint()
        self._drop_unused()
        self.line_done = self._count_done_rows()
        self.phase = "cancel"
        checkpoint()

    def _claim_orders(self):
        """Lock the next waiting orders of a sheet that nobody else has: a bounded number, also of rows.

        A sheet comes after the one before is done: it may have the same order numbers again.
        """
        self.env.flush_all()
        self.env.cr.execute(CLAIM_ORDERS, {"import_id": self.id, "limit": BATCH_ORDERS})
        total, ids = 0, []
        for order_id, line_count in self.env.cr.fetchall():
            ids.append(order_id)
            total += line_count
            if total >= BATCH_LINES:
                break
        return self.env["order.import.order"].browse(ids)

    def _count_waiting(self):
        domain = [("import_id", "=", self.id), ("kind", "=", "order"), ("state", "=", "pending")]
        return self.env["order.import.order"].search_count(domain)

    def _count_done_rows(self):
        domain = [("import_id", "=", self.id), ("kind", "=", "order"), ("state", "!=", "pending")]
        [(rows,)] = self.env["order.import.order"]._read_group(domain, aggregates=["line_count:sum"])
        return rows or 0

    def _apply_batch(self, orders):
        """Judge and create a batch; if Odoo refuses it as a whole, order by order."""
        self.env.invalidate_all()
        plan = self._judge(orders)
        if not plan["orders"]:
            return
        try:
            self._create_in_savepoint(plan, plan["orders"])
        except REFUSALS:
            for order in plan["orders"]:
                self._create_alone(plan, order)

    def _create_alone(self, plan, order):
        try:
            self._create_in_savepoint({**plan, **self._lookup_again(order)}, order)
        except REFUSALS as error:
            order._refuse("OF-IMP-059", detail=" ".join(str(error).split())[:400])

    def _lookup_again(self, order):
        """An order created just before may have created the customer or products of this one."""
        codes = list(set(order.line_ids.mapped("product_code")))
        return {"customers": self._lookup_customers(order), "products": self._lookup_products(codes)}

    def _create_in_savepoint(self, plan, orders):
        """Create everything of ``orders`` or nothing; a dry run creates it too, and takes it back."""
        notes = {}
        try:
            with self.env.cr.savepoint():
                sales = self._create_sale_orders(plan, orders)
                notes = self._confirm(orders, sales)
                if self.dry_run:
                    raise DryRunOver
        except DryRunOver:
            sales = self.env["sale.order"]
        except IntegrityError as error:
            if "import_key" in str(error):
                raise  # another import was faster: the caller looks again in a new transaction
            raise ValidationError(str(error)) from error
        self._accept_orders(orders, sales, notes)

    def _create_sale_orders(self, plan, orders):
        new_customers, new_products = self._create_missing(plan, orders)
        customers = {ref: partner[:1] for ref, partner in plan["customers"].items()} | new_customers
        products = {code: product[:1] for code, product in plan["products"].items()} | new_products
        sales = self._as_user().env["sale.order"].with_context(**QUIET)
        resolved = {
            "customers": self._by_key(self._as_user().env["res.partner"], customers.items()),
            "products": self._by_key(self._as_user().env["product.product"], products.items()),
            "uoms": plan["uoms"],
            "order_defaults": self._default_values(sales),
            "line_defaults": self._line_defaults(),
        }
        vals_list = [self._prepare_order_vals(order, resolved) for order in orders]
        sales = sales.create(vals_list)
        self.env.flush_all()
        return sales

    def _create_missing(self, plan, orders):
        """Create the customers and products that ``orders`` name and ``plan`` has not found; answer both."""
        known = plan["customers"]
        unknown = orders.filtered(lambda order: (order.customer_ref or order.customer_name) not in known)
        lines = self._lines_of_new_products(orders.line_ids, plan["products"])
        return (
            self._create_customers(unknown) if unknown else {},
            self._create_products(lines) if lines else {},
        )

    def _lines_of_new_products(self, lines, products):
        """Return the rows whose product is to be created."""
        return lines.filtered(lambda line: line.product_code.upper() not in products)

    def _prepare_order_vals(self, order, resolved):
        """Values of the sale order for an imported order; extend to carry more columns."""
        profile = self.profile_id
        partner = resolved["customers"][order.customer_ref or order.customer_name]
        date = self._to_utc(order.date)
        vals = {
            **resolved["order_defaults"],
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "import_id": self.id,
            "import_source": profile.source,
            "import_key": order.key,
            "import_digest": order.digest,
            "import_date": date,
            "origin": order.key,
            "order_line": [
                Command.create(self._prepare_line_vals(line, resolved)) for line in order.line_ids
            ],
        }
        optional = {
            "date_order": date,
            "commitment_date": self._to_utc(order.commitment_date),
            "client_order_ref": order.customer_order_ref,
            "warehouse_id": profile.warehouse_id.id,
            "pricelist_id": profile.pricelist_id.id,
            "name": "/" if self.dry_run else False,  # a dry run uses up no order numbers
        }
        if not self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            optional["user_id"] = self.env.uid  # a salesperson may create own orders only
        return {**vals, **{name: value for name, value in optional.items() if value}}

    def _prepare_line_vals(self, line, resolved):
        """Values of the sale order line for a row; extend to carry more columns."""
        product = resolved["products"][line.product_code.upper()]
        vals = {
            **resolved["line_defaults"],
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "product_uom_qty": line.quantity,
        }
        if line.description:
            vals["name"] = line.description
        if line.uom:
            vals["product_uom_id"] = resolved["uoms"][line.uom.lower()].id
        if self.profile_id.price_source == "file":
            vals.update(price_unit=line.price, discount=line.discount, technical_price_unit=AGREED_PRICE)
        return vals

    def _line_defaults(self):
        """Values that are the same for all lines, so that they are not looked up for each of them."""
        models_exist = self.env["account.analytic.distribution.model"].search_count([], limit=1)
        return {} if models_exist else {"analytic_distribution": False}

    def _to_utc(self, wall):
        """Wall-clock time of the file's time zone as naive UTC; an hour that does not exist moves forward."""
        if not wall:
            return False
        zone = pytz.timezone(self.profile_id.tz or "UTC")
        return zone.localize(wall, is_dst=False).astimezone(pytz.utc).replace(tzinfo=None)

    def _to_wall(self, moment):
        """Naive UTC as wall-clock time of the file's time zone."""
        zone = pytz.timezone(self.profile_id.tz or "UTC")
        return moment and pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)

    def _confirm(self, orders, sales):
        """Confirm if the profile says so; {index: why not} for those that the checks hold back."""
        if not self.profile_id.confirm:
            return {}
        notes = {}
        for index, sale in enumerate(sales):
            message = sale._confirmation_error_message() if self.dry_run else self._confirm_one(sale)
            if message:
                notes[orders[index].id] = " ".join(str(message).split())[:400]
        return notes

    def _confirm_one(self, sale):
        try:
            with self.env.cr.savepoint():
                sale.action_confirm()
        except REFUSALS as error:
            return str(error)
        return ""

    def _accept_orders(self, orders, sales, notes):
        rows = []
        for index, order in enumerate(orders):
            sale = sales[index] if sales else sales
            note = notes.get(order.id)
            if note:
                fault = ImportFault("OF-IMP-064", order=sale.name or order.key, detail=note)
                order._accept(
                    sale_order_id=sale.id, code=fault.code, reason=fault_reason(self.env, fault)[:500]
                )
            else:
                order._accept(sale_order_id=sale.id)
            rows += zip(sale.order_line.ids, order.line_ids.ids, strict=True) if sale else []
        for sale_line_id, line_id in rows:
            self.env["order.import.line"].browse(line_id).sale_line_id = sale_line_id
        self.env.flush_all()


CLAIM_ORDERS = """
    SELECT id, line_count
      FROM order_import_order
     WHERE import_id = %(import_id)s AND kind = 'order' AND state = 'pending'
       AND sheet = (SELECT min(sheet) FROM order_import_order
                     WHERE import_id = %(import_id)s AND kind = 'order' AND state = 'pending')
  ORDER BY id
     LIMIT %(limit)s
       FOR UPDATE SKIP LOCKED
"""
