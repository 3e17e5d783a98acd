from datetime import datetime

from odoo import models
from odoo.exceptions import UserError

from ...tools.ledger import fold


class SaleOrderLine(models.Model):
    """The drops behind an invoice line, on invoices made order by order as on consolidated ones."""

    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if self.env.context.get("drop_is_told") or self.qty_delivered_method != "stock_move":
            return values
        return {**values, **self._prepare_drops_told()}

    def _prepare_qty_delivered(self):
        """A dozen in three drops of four is a dozen: Odoo rounds each drop to 0.33 and adds up to 0.99."""
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered(lambda line: line.qty_delivered_method == "stock_move"):
            product = line.product_id
            if line.product_uom_id == product.uom_id:
                continue
            if line.move_ids.product_id == product:
                delivered[line] = line._get_moved_at_once()
            elif line.move_ids:
                delivered[line] = line._get_kits_at_once(delivered[line])
        return delivered

    def _get_kits_at_once(self, delivered):
        """Sixteen kits are 1.33 dozens, which Odoo rounds up; ``delivered`` where it counts otherwise."""
        reached = fold(self._get_stock_events(charged=True)).reached
        kits = self.product_uom_id.round(float(reached["shipped"] - reached["returned"]))
        is_same = abs(kits - delivered) < 1.5 * self.product_uom_id.rounding
        return kits if is_same else delivered

    def _get_moved_at_once(self):
        """Delivered less returned as Odoo counts it, turned into the line's unit as one quantity."""
        gone, back = self._get_outgoing_incoming_moves()
        quantity = sum(move._in_own_unit(move.quantity) for move in gone if move.state == "done")
        quantity -= sum(move._in_own_unit(move.quantity) for move in back if move.state == "done")
        return self.product_id.uom_id._compute_quantity(
            quantity, self.product_uom_id, rounding_method="HALF-UP"
        )

    def _prepare_drops_told(self):
        """Drops that are charged, or credited, now; one alone is linked, of several the names are kept."""
        invoicing = self.env["sale.drop.invoicing"]
        found = [
            (move, quantity)
            for move, quantity in invoicing._allocate(self, datetime.max)
            if (quantity > 0) == (self.qty_to_invoice > 0) and move
        ]
        if not found:
            return {}
        told = [invoicing._prepare_drop_values(self, move) for move, _quantity in found]
        is_whole = self.product_uom_id.compare(
            float(sum(quantity for _move, quantity in found)), self.qty_to_invoice
        )
        proofs = dict.fromkeys(drop["drop_proof"] for drop in told if drop["drop_proof"])
        return {
            "drop_move_id": found[0][0].id if len(found) == 1 and not is_whole else False,
            "drop_name": ", ".join(dict.fromkeys(drop["drop_name"] for drop in told)),
            "drop_date": max((drop["drop_date"] for drop in told if drop["drop_date"]), default=False),
            "drop_reference": self.order_id.client_order_ref or "",
            "drop_proof": ", ".join(proofs),
        }


class SaleOrder(models.Model):
    """What Odoo's own button never merges either."""

    _inherit = "sale.order"

    def _get_invoice_grouping_keys(self):
        return [
            *super()._get_invoice_grouping_keys(),
            "invoice_payment_term_id",
            "preferred_payment_method_line_id",
        ]

    def _create_account_invoices(self, invoice_vals_list, final):
        for values in invoice_vals_list:
            lines = [command[2] for command in values["invoice_line_ids"] if command[2]]
            values.update(self.env["sale.drop.invoicing"]._prepare_delivery_date(lines))
        return super()._create_account_invoices(invoice_vals_list, final)

    def _create_invoices(self, grouped=False, final=False, date=None):
        """One invoice per journal at least. It is no key, as Odoo sorts by them and most orders have none."""
        by_journal = self.grouped("journal_id")
        if grouped or len(by_journal) < 2:
            return super()._create_invoices(grouped=grouped, final=final, date=date)
        invoices = self.env["account.move"]
        for orders in by_journal.values():
            quiet = orders.with_context(raise_if_nothing_to_invoice=False)
            invoices += super(SaleOrder, quiet)._create_invoices(grouped=grouped, final=final, date=date)
        if not invoices and self.env.context.get("raise_if_nothing_to_invoice", True):
            raise UserError(self._nothing_to_invoice_error_message())
        return invoices
