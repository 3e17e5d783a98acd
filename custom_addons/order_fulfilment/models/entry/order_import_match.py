from collections import defaultdict
from decimal import Decimal

from odoo import models

from ...tools.entry.cancellation_match import Candidate, Wanted, match


def exact(number):
    """Prices and quantities compare as what a spreadsheet shows, not by their last binary digit."""
    return Decimal(f"{number:.12g}")


class Share:
    """What is left of an order line, shared by all candidates that stand for it."""

    def __init__(self, remaining):
        self.remaining = remaining


class LineCandidate(Candidate):
    """A candidate that remembers the staged row it stands for and the name of its order.

    A customer under two names or a product under two codes makes several candidates of one order line:
    they have one ``share``, so that nothing is cancelled twice.
    """

    def __init__(self, share, staged, order_name, **values):
        self.share = share
        self.staged = staged
        self.order_name = order_name
        super().__init__(remaining=share.remaining, **values)

    @property
    def remaining(self):
        return self.share.remaining

    @remaining.setter
    def remaining(self, quantity):
        self.share.remaining = quantity


class OrderImport(models.Model):
    """Which order lines the cancellations of a batch take back: one query each, however many rows."""

    _inherit = "order.import"

    def _match_cancellation(self, order, candidates):
        """[(wanted, candidate)] for the rows of a cancellation, and the rows that nothing fits."""
        wanted = [
            Wanted(
                line=line,
                customer=order.customer_ref or order.customer_name,
                product=line.product_code.upper(),
                price=exact(line.price),
                quantity=exact(-line.quantity),
                date=order.date,
            )
            for line in order.line_ids
        ]
        keys = dict.fromkeys((row.customer, row.product) for row in wanted)
        return match(wanted, [candidate for key in keys for candidate in candidates[key]])

    def _candidates(self, orders):
        """{(customer, product): candidates}: accepted rows of this file, then orders from before."""
        candidates = defaultdict(list)
        for candidate in self._staged_candidates(orders) + self._sale_candidates(orders):
            candidates[candidate.customer, candidate.product].append(candidate)
        return candidates

    def _staged_candidates(self, orders):
        codes = {
            spelling for code in orders.line_ids.mapped("product_code") for spelling in (code, code.upper())
        }
        domain = [
            ("import_id", "=", self.id),
            ("customer_ref", "in", list(set(orders.mapped("customer_ref")))),
            ("product_code", "in", list(codes)),
            ("order_id.kind", "=", "order"),
            ("order_id.state", "=", "accepted"),
        ]
        lines = self.env["order.import.line"].search(domain, order="id")
        return [self._staged_candidate(line) for line in lines]

    def _staged_candidate(self, line):
        ordered = exact(line.quantity)
        return LineCandidate(
            line=line.sale_line_id,
            customer=line.customer_ref or line.customer_name,
            product=line.product_code.upper(),
            price=exact(line.price),
            ordered=ordered,
            share=Share(ordered - exact(line.cancelled_quantity)),
            date=line.order_id.date,
            staged=line,
            order_name=line.order_id.sale_order_id.name or line.order_key,
        )

    def _sale_candidates(self, orders):
        customers = self._lookup_customers(orders)
        products = self._lookup_products(list(set(orders.line_ids.mapped("product_code"))))
        if not customers or not products:
            return []
        names, codes = self._keys_by_id(customers), self._keys_by_id(products)
        domain = [
            ("company_id", "=", self.company_id.id),
            ("order_id.partner_id", "in", list(names)),
            ("product_id", "in", list(codes)),
            ("order_id.state", "in", ("draft", "sent", "sale")),
            ("order_id.import_id", "!=", self.id),
        ]
        lines = self._as_user().env["sale.order.line"].search(domain, order="id")
        taken = self._taken_in_dry_run(lines)
        return [
            candidate
            for line in lines
            for candidate in self._sale_line_candidates(line, names, codes, taken[line.id])
        ]

    def _keys_by_id(self, found):
        keys = defaultdict(list)
        for key, records in found.items():
            for record in records:
                keys[record.id].append(key)
        return keys

    def _taken_in_dry_run(self, lines):
        """{order line: what this dry run took of it}; a real run has lowered the quantity itself."""
        taken = defaultdict(Decimal)
        if self.dry_run and lines:
            domain = [
                ("import_id", "=", self.id),
                ("sale_line_id", "in", lines.ids),
                ("is_cancellation", "=", True),
            ]
            for row in self.env["order.import.line"].search(domain):
                taken[row.sale_line_id.id] += exact(-row.quantity)
        return taken

    def _sale_line_candidates(self, line, names, codes, taken):
        """The candidates of an order line: one for each name of its customer and code of its product."""
        quantity = exact(line.product_uom_qty)
        common = {
            "line": line,
            "price": exact(line.price_unit),
            "ordered": quantity,
            "share": Share(quantity - taken),
            "date": self._to_wall(line.order_id.import_date or line.order_id.date_order),
            "staged": None,
            "order_name": line.order_id.name,
        }
        return [
            LineCandidate(customer=name, product=code, **common)
            for name in names[line.order_id.partner_id.id]
            for code in codes[line.product_id.id]
        ]
