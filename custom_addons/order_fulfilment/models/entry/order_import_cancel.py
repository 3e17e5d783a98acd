from collections import defaultdict
from decimal import Decimal

from markupsafe import Markup

from odoo import models

from ...tools.entry.cancellation_match import Candidate, Wanted, match
from .order_import_apply import REFUSALS, DryRunOver
from .order_import_errors import raise_fault
from .order_import_lookup import QUIET


def _exact(number):
    """Prices and quantities compare as what a spreadsheet shows, not by their last binary digit."""
    return Decimal(f"{number:.12g}")


class OrderImport(models.Model):
    """Third phase: cancellations take back what earlier orders brought, or are refused with a reason."""

    _inherit = "order.import"

    def _phase_cancel(self, checkpoint):
        """Apply the waiting cancellations, oldest first, so that each finds what the others left."""
        domain = [("import_id", "=", self.id), ("kind", "=", "cancel"), ("state", "=", "pending")]
        while orders := self.env["order.import.order"].search(domain, limit=20, order="date, sheet, id"):
            for order in orders:
                self._cancel_one(order)
            self.line_done += sum(orders.mapped("line_count"))
            checkpoint()
        self.phase = "annotate"
        checkpoint()

    def _cancel_one(self, order):
        known = self._known_cancellation(order)
        if known:
            order._already_there(known.key, known.digest == order.digest)
            return
        pairs = self._match_cancellation(order)
        if not pairs:
            return
        try:
            with self.env.cr.savepoint():
                sales = self._take_back(order, pairs)
        except DryRunOver:
            sales = self.env["sale.order"]
        except REFUSALS as error:
            names = ", ".join({candidate.order_name for _wanted, candidate in pairs})
            detail = " ".join(str(error).split())[:400]
            order._refuse("OF-IMP-063", order=names, detail=detail)
            return
        for wanted, candidate in pairs:
            if candidate.staged:
                candidate.staged.cancelled_quantity += float(wanted.quantity)
        order._accept(sale_order_id=sales[:1].id)

    def _known_cancellation(self, order):
        domain = [
            ("company_id", "=", self.company_id.id),
            ("source", "=", self.profile_id.source),
            ("key", "=", order.key),
        ]
        return self.env["order.import.cancellation"].search(domain, limit=1)

    def _match_cancellation(self, order):
        """[(wanted, candidate)] for all rows of a cancellation, or nothing and the refusal written."""
        wanted = [
            Wanted(
                line=line,
                customer=order.customer_ref or order.customer_name,
                product=line.product_code.upper(),
                price=_exact(line.price),
                quantity=_exact(-line.quantity),
                date=order.date,
            )
            for line in order.line_ids
        ]
        pairs, unmatched = match(wanted, self._candidates(order))
        if unmatched:
            first = unmatched[0]
            order._refuse_because_of(
                first.line,
                "OF-IMP-060",
                customer=first.customer,
                quantity=first.quantity,
                product=first.line.product_code,
                price=first.price,
            )
            return []
        return pairs

    def _candidates(self, order):
        """Order lines that may be cancelled: accepted rows of this file, and orders from before."""
        return self._staged_candidates(order) + self._sale_candidates(order)

    def _staged_candidates(self, order):
        codes = {
            spelling for code in order.line_ids.mapped("product_code") for spelling in (code, code.upper())
        }
        domain = [
            ("import_id", "=", self.id),
            ("customer_ref", "=", order.customer_ref),
            ("product_code", "in", list(codes)),
            ("order_id.kind", "=", "order"),
            ("order_id.state", "=", "accepted"),
        ]
        lines = self.env["order.import.line"].search(domain, order="id")
        return [self._staged_candidate(line) for line in lines]

    def _staged_candidate(self, line):
        ordered = _exact(line.quantity)
        return _LineCandidate(
            line=line.sale_line_id,
            customer=line.customer_ref or line.customer_name,
            product=line.product_code.upper(),
            price=_exact(line.price),
            ordered=ordered,
            remaining=ordered - _exact(line.cancelled_quantity),
            date=line.order_id.date,
            staged=line,
            order_name=line.order_id.sale_order_id.name or line.order_key,
        )

    def _sale_candidates(self, order):
        who = order.customer_ref or order.customer_name
        partners = self._lookup_customers(order).get(who)
        products = self._lookup_products(list(set(order.line_ids.mapped("product_code"))))
        if not partners or not products:
            return []
        domain = [
            ("company_id", "=", self.company_id.id),
            ("order_id.partner_id", "in", partners.ids),
            ("product_id", "in", [product.id for found in products.values() for product in found]),
            ("order_id.state", "in", ("draft", "sent", "sale")),
            ("order_id.import_id", "!=", self.id),
        ]
        codes = {product.id: code for code, found in products.items() for product in found}
        lines = self._as_user().env["sale.order.line"].search(domain, order="id")
        return [self._sale_candidate(line, who, codes[line.product_id.id]) for line in lines]

    def _sale_candidate(self, line, customer, code):
        quantity = _exact(line.product_uom_qty)
        return _LineCandidate(
            line=line,
            customer=customer,
            product=code,
            price=_exact(line.price_unit),
            ordered=quantity,
            remaining=quantity,
            date=self._to_wall(line.order_id.import_date or line.order_id.date_order),
            staged=None,
            order_name=line.order_id.name,
        )

    def _take_back(self, order, pairs):
        """Reduce or cancel the orders the way Odoo does; answers them."""
        taken = defaultdict(Decimal)
        for wanted, candidate in pairs:
            if candidate.line:
                taken[candidate.line.sudo(False)] += wanted.quantity
        sales = self._as_user().env["sale.order"].union(*(line.order_id for line in taken))
        self._refuse_delivered(taken)
        for sale in sales:
            self._reduce(sale, {line: quantity for line, quantity in taken.items() if line.order_id == sale})
            sale._message_log(body=self._cancellation_note(order, taken, sale))
        self.env["order.import.cancellation"].create(
            {
                "company_id": self.company_id.id,
                "source": self.profile_id.source,
                "key": order.key,
                "digest": order.digest,
                "import_id": self.id,
                "sale_order_ids": sales.ids,
            }
        )
        self.env.flush_all()
        if self.dry_run:
            raise DryRunOver
        return sales

    def _refuse_delivered(self, taken):
        """What has left the house comes back as a return, not by a smaller order."""
        for line, quantity in taken.items():
            is_goods = line.product_id.type == "consu"
            if is_goods and float(quantity) > line.product_uom_qty - line.qty_delivered + 1e-9:
                raise_fault(
                    self.env,
                    "OF-IMP-061",
                    quantity=quantity,
                    product=line.product_id.default_code,
                    order=line.order_id.name,
                    delivered=line.qty_delivered,
                )

    def _reduce(self, sale, taken):
        """Cancel the order if nothing is left of it, else lower its quantities."""
        left = sum(line.product_uom_qty - float(taken.get(line, 0)) for line in sale.order_line)
        if abs(left) < 1e-9 and not any(sale.order_line.mapped("qty_invoiced")):
            sale.action_cancel()
            return
        for line, quantity in taken.items():
            left = float(_exact(line.product_uom_qty) - quantity)
            agreed = {"price_unit": line.price_unit, "discount": line.discount}  # else priced anew
            line.with_context(**QUIET).write({"product_uom_qty": left, **agreed})

    def _cancellation_note(self, order, taken, sale):
        rows = Markup().join(
            Markup("<li>%s: −%s</li>") % (line.product_id.display_name, quantity)
            for line, quantity in taken.items()
            if line.order_id == sale
        )
        title = self.env._("Cancellation %(key)s imported from %(file)s", key=order.key, file=self.name)
        return Markup("<p>%s</p><ul>%s</ul>") % (title, rows)


class _LineCandidate(Candidate):
    """A candidate that remembers the staged row it stands for and the name of its order."""

    def __init__(self, staged, order_name, **values):
        super().__init__(**values)
        self.staged = staged
        self.order_name = order_name
