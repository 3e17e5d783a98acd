from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command

from ...tools.invoicing import drops as drop_rules
from ...tools.ledger import exact

# Invoices that differ in one of these are never merged.
KEYS = (
    "company_id",
    "partner_id",
    "currency_id",
    "invoice_payment_term_id",
    "journal_id",
    "fiscal_position_id",
    "preferred_payment_method_line_id",
)
# What decides these on an order: orders alike in all of them have the same header.
SOURCES = (
    "company_id",
    "partner_invoice_id",
    "currency_id",
    "payment_term_id",
    "journal_id",
    "fiscal_position_id",
    "preferred_payment_method_line_id",
)


class SaleDropInvoicing(models.AbstractModel):
    """Gathers a payer's drops, decides what to charge and credit, and makes Odoo's own invoices of it."""

    _name = "sale.drop.invoicing"
    _description = "Consolidated Invoicing"

    @api.model
    def _invoice_payer(self, payer, calendar, cutoff):
        """Invoice and credit a payer's drops until ``cutoff``; answer the moves, none if all is settled."""
        self._claim_payer(payer, cutoff)
        lines = self._get_lines(payer, calendar)
        lines.move_ids._prefetch_ledger()
        charges, credits = [], []
        for line in lines:
            for move, quantity in self._allocate(line, cutoff):
                (charges if quantity > 0 else credits).append((line, move, float(quantity)))
        charges += self._get_service_charges(lines, charges, cutoff)
        charges = self._settle_down_payments(charges)
        invoices = self._create_invoices(charges, calendar) + self._create_credits(credits)
        if calendar.is_posted and invoices:
            invoices.action_post()
        return invoices

    # ------------------------------------------------------------ gather

    def _claim_payer(self, payer, cutoff):
        """Two runs at once: the second waits here, fails to serialize, is retried and finds nothing left.

        A statement of its own, as Odoo writes nothing where the value stays the same.
        """
        payer.flush_recordset(["drops_invoiced_until"])
        self.env.cr.execute(
            "UPDATE res_partner SET drops_invoiced_until = %s WHERE id = %s", [cutoff, payer.id]
        )
        payer.invalidate_recordset(["drops_invoiced_until"])

    def _get_lines(self, payer, calendar):
        """Open lines of the payer's orders, of the calendar's company if it has one."""
        company = [("company_id", "=", calendar.company_id.id)] if calendar.company_id else []
        lines = self.env["sale.order.line"].with_context(drop_is_told=True)
        return lines.search(
            [
                ("order_id.partner_invoice_id", "=", payer.id),
                ("state", "=", "sale"),
                ("qty_to_invoice", "!=", 0),
                ("display_type", "=", False),
                ("is_downpayment", "=", False),
                *company,
            ]
        )

    def _allocate(self, line, cutoff):
        """Pairs of (drop's move, quantity in the line's unit) to charge or, negative, to credit."""
        if line._moves_as_kit():
            return self._allocate_kit(line, cutoff)
        moves = line.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move._is_chargeable_drop()
                and move.product_id == line.product_id
                and move._get_charged_at() <= cutoff
            )
        )
        linked = line._get_charged_by_drop()
        total = sum(linked.values(), exact(0))
        drops = [move._prepare_drop(line, linked.get(move.id, exact(0))) for move in moves]
        unlinked = total - sum((drop.invoiced for drop in drops), exact(0))
        by_id = {move.id: move for move in moves}
        return [
            (by_id[drop.key], quantity)
            for drop, quantity in drop_rules.allocate(unlinked, drops, exact(line.product_uom_id.rounding))
            if not line.product_uom_id.is_zero(float(quantity))
        ]

    # ------------------------------------------------------------ apply

    def _create_invoices(self, charges, calendar):
        grouped = defaultdict(list)
        headers, prepared = {}, {}
        for order, items in self._by_order(charges).items():
            source = tuple(order[name].id for name in SOURCES)
            if source not in prepared:  # looks for fiscal positions: too slow to repeat per drop
                prepared[source] = order.with_company(order.company_id)._prepare_invoice()
            header = prepared[source]
            key = tuple(header.get(name) or False for name in KEYS)
            if calendar.is_by_address:
                key += (order.partner_shipping_id.id,)
                header = {**header, "partner_shipping_id": order.partner_shipping_id.id}
            headers.setdefault(key, header)
            grouped[key] += items
        values = [
            self._add_amounts(self._prepare_consolidated(headers[key], items))
            for key, items in grouped.items()
        ]
        return self.env["account.move"].with_context(default_move_type="out_invoice").create(values)

    def _by_order(self, items):
        orders = defaultdict(list)
        for item in items:
            orders[item[0].order_id].append(item)
        return orders

    def _prepare_consolidated(self, header, items):
        items = sorted(items, key=lambda item: (item[1].date or fields.Datetime.now(), item[0].id))
        orders = self.env["sale.order"].union(*(line.order_id for line, _move, _quantity in items))
        names = orders.sorted("name").mapped("name")
        references = sorted(set(filter(None, orders.mapped("client_order_ref"))))
        lines = [
            self._prepare_line(line, move, quantity, number)
            for number, (line, move, quantity) in enumerate(items)
        ]
        return {
            **header,
            **self._prepare_delivery_date(lines),
            "ref": self._shorten(references or names),
            "invoice_origin": self._shorten(names),
            "narration": header["narration"] if len(orders) == 1 else False,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }

    def _prepare_delivery_date(self, lines):
        """The last drop on the invoice; Odoo would say the first delivery on every invoice of an order."""
        dates = [line["drop_date"] for line in lines if line.get("drop_date")]
        return {"delivery_date": max(dates)} if dates else {}

    def _shorten(self, names):
        """All of a few names, or the first, the last and how many."""
        if len(names) <= 5:
            return ", ".join(names)
        return self.env._(
            "%(first)s – %(last)s (%(count)s)", first=names[0], last=names[-1], count=len(names)
        )

    def _prepare_line(self, line, move, quantity, number):
        """Odoo's own line, with what the customer needs to check it: drop, date, reference, proof."""
        drop = self._prepare_drop_values(line, move)
        told = " · ".join(
            filter(None, (drop["drop_name"], str(drop["drop_date"] or ""), drop["drop_reference"]))
        )
        told += f" · {drop['drop_proof']}" if drop["drop_proof"] else ""
        values = line._prepare_invoice_line(
            quantity=quantity, sequence=number, **self._prepare_reversal(line)
        )
        return {**values, **drop, "name": f"{values['name']}\n{told}" if told else values["name"]}

    def _prepare_drop_values(self, line, move):
        proofs = move.proof_line_ids.proof_id
        at = move.date and fields.Datetime.context_timestamp(
            line.with_context(tz=line.order_id._get_delivery_tz()), move.date
        )
        return {
            "drop_move_id": move.id,
            "drop_name": move.picking_id.name or "",
            "drop_date": at.date() if at else False,
            "drop_reference": line.order_id.client_order_ref or "",
            "drop_proof": ", ".join(proofs.mapped("name")),
        }
