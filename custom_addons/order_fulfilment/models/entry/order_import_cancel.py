from collections import defaultdict
from decimal import Decimal

from markupsafe import Markup

from odoo import models

from .order_import_apply import REFUSALS, DryRunOver
from .order_import_errors import raise_fault
from .order_import_lookup import QUIET
from .order_import_match import exact

BATCH_CANCELLATIONS = 50


class OrderImport(models.Model):
    """Fourth phase: cancellations take back what earlier orders brought, or are refused with a reason."""

    _inherit = "order.import"

    def _phase_cancel(self, checkpoint):
        """Apply the waiting cancellations, oldest first, so that each finds what the others left."""
        domain = [("import_id", "=", self.id), ("kind", "=", "cancel"), ("state", "=", "pending")]
        pending = self.env["order.import.order"]
        while orders := pending.search(domain, limit=BATCH_CANCELLATIONS, order="date, sheet, id"):
            self._cancel_batch(orders)
            self.line_done += sum(orders.mapped("line_count"))
            checkpoint()
        self.phase = "annotate"
        checkpoint()

    def _cancel_batch(self, orders):
        """Take back a batch in one go; if Odoo refuses it as a whole, cancellation by cancellation."""
        try:
            with self.env.cr.savepoint():
                self._cancel_together(orders)
        except REFUSALS:
            for order in orders:
                self._cancel_alone(order)

    def _cancel_alone(self, order):
        try:
            with self.env.cr.savepoint():
                self._cancel_together(order)
        except REFUSALS as error:
            pairs, _unmatched = self._match_cancellation(order, self._candidates(order))
            names = ", ".join({candidate.order_name for _wanted, candidate in pairs})
            order._refuse("OF-IMP-063", order=names, detail=" ".join(str(error).split())[:400])

    def _cancel_together(self, orders):
        """Match ``orders`` one after the other, take back what they name and write their verdicts."""
        orders = self._without_known_cancellations(orders)
        candidates = self._candidates(orders)
        matched = {order: self._match_cancellation(order, candidates) for order in orders}
        fitting = {order: pairs for order, (pairs, unmatched) in matched.items() if not unmatched}
        sales = self._take_back_in_savepoint(fitting)
        for order, (pairs, unmatched) in matched.items():
            if unmatched:
                self._refuse_unmatched(order, unmatched[0])
            else:
                self._accept_cancellation(order, pairs, sales)
        self.env.flush_all()

    def _without_known_cancellations(self, orders):
        """Set aside the cancellations whose source key is taken, by an earlier import or an earlier sheet."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("source", "=", self.profile_id.source),
            ("key", "in", orders.mapped("key")),
        ]
        known = {
            cancellation.key: (cancellation.key, cancellation.digest)
            for cancellation in self.env["order.import.cancellation"].search(domain)
        }
        left = orders.browse()
        for order in orders:
            name, digest = known.get(order.key) or self._earlier_sheet(order)[:2]
            if name:
                order._already_there(name, digest == order.digest)
            else:
                left += order
        return left

    def _refuse_unmatched(self, order, wanted):
        order._refuse_because_of(
            wanted.line,
            "OF-IMP-060",
            customer=wanted.customer,
            quantity=wanted.quantity,
            product=wanted.line.product_code,
            price=wanted.price,
        )

    def _accept_cancellation(self, order, pairs, sales):
        for wanted, candidate in pairs:
            if candidate.staged:
                candidate.staged.cancelled_quantity += float(wanted.quantity)
            wanted.line.sale_line_id = candidate.line.id
        order._accept(sale_order_id=sales[order][:1].id if order in sales else False)

    def _take_back_in_savepoint(self, matched):
        """Take back what ``matched`` names or nothing; {cancellation: orders}, empty in a dry run."""
        try:
            with self.env.cr.savepoint():
                sales = self._take_back(matched)
                if self.dry_run:
                    raise DryRunOver
        except DryRunOver:
            return {}
        return sales

    def _take_back(self, matched):
        """Reduce or cancel the orders the way Odoo does; answers them by cancellation."""
        taken = {order: self._taken_lines(pairs) for order, pairs in matched.items()}
        sales, notes = {}, defaultdict(Markup)
        for order, lines in taken.items():
            self._refuse_delivered(lines)
            sales[order] = self._as_user().env["sale.order"].union(*(line.order_id for line in lines))
            for sale in sales[order]:
                of_sale = {line: quantity for line, quantity in lines.items() if line.order_id == sale}
                self._reduce(sale, of_sale)
                notes[sale.id] += self._cancellation_note(order, of_sale)
        self._as_user().env["sale.order"].browse(notes)._message_log_batch(bodies=notes)
        self.env["order.import.cancellation"].create(
            [self._prepare_cancellation_vals(order, sales[order]) for order in taken]
        )
        self.env.flush_all()
        return sales

    def _taken_lines(self, pairs):
        """{order line: quantity to take back}; a dry run has no lines for the orders of its own file."""
        taken = defaultdict(Decimal)
        for wanted, candidate in pairs:
            if candidate.line:
                taken[candidate.line.sudo(False)] += wanted.quantity
        return taken

    def _prepare_cancellation_vals(self, order, sales):
        return {
            "company_id": self.company_id.id,
            "source": self.profile_id.source,
            "key": order.key,
            "digest": order.digest,
            "import_id": self.id,
            "sale_order_ids": sales.ids,
        }

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
            left = float(exact(line.product_uom_qty) - quantity)
            agreed = {"price_unit": line.price_unit, "discount": line.discount}  # else priced anew
            line.with_context(**QUIET).write({"product_uom_qty": left, **agreed})

    def _cancellation_note(self, order, taken):
        rows = Markup().join(
            Markup("<li>%s: −%s</li>") % (line.product_id.display_name, quantity)
            for line, quantity in taken.items()
        )
        title = self.env._("Cancellation %(key)s imported from %(file)s", key=order.key, file=self.name)
        return Markup("<p>%s</p><ul>%s</ul>") % (title, rows)
