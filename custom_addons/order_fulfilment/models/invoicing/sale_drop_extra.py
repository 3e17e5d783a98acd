from collections import Counter, defaultdict

from odoo import models

from ...tools.invoicing import drops as drop_rules
from ...tools.ledger import chargeable, exact, fold


class SaleDropInvoicing(models.AbstractModel):
    """What is charged with the drops but moves otherwise or not at all: kits, services, down payments."""

    _inherit = "sale.drop.invoicing"

    def _allocate_kit(self, line, cutoff):
        """A kit is charged when all its parts have gone, with the drop that completed it.

        What came back since is taken off; kits that leave after the cut-off are not credited either.
        """
        moves = line.move_ids.filtered(
            lambda move: (
                move.state == "done" and move._is_chargeable_drop() and move._get_charged_at() <= cutoff
            )
        )
        charged = line._get_charged_by_drop()
        invoiced = sum(charged.values(), exact(0))
        quantity = line._get_chargeable_at(cutoff) - invoiced
        if quantity < 0:
            quantity = min(
                line._get_chargeable(fold(line._get_stock_events(charged=True))) - invoiced, exact(0)
            )
        if line.product_uom_id.is_zero(float(quantity)):
            return []
        if quantity < 0 or not moves:
            return [(moves.sorted("date")[-1:], quantity)]
        drops = list(moves.sorted("date").grouped("picking_id").values())
        free = [
            kits - sum((charged[move.id] for move in drop), exact(0))
            for drop, kits in zip(drops, self._get_kits_completed(line, drops), strict=True)
        ]
        shares = drop_rules.newest_first(quantity, free)
        shares = drop_rules.in_steps(shares, exact(line.product_uom_id.rounding))
        return [(drop[-1:], share) for drop, share in zip(drops, shares, strict=True) if share]

    def _get_kits_completed(self, line, drops):
        """Kits that each of these drops (oldest first) completed, in the line's unit."""
        shipments = []
        for drop in drops:
            shipments.append(Counter())
            for move in drop:
                shipments[-1][move.product_id] += exact(move._in_own_unit(move.quantity))
        own, unit = line.product_id.uom_id, line.product_uom_id
        return [
            exact(own._compute_quantity(float(kits), unit, round=False))
            for kits in drop_rules.completed_kits(shipments, line._get_kit_components())
        ]

    def _get_service_charges(self, lines, charges, cutoff):
        """Freight and services of orders of which a drop was charged, or that have no goods."""
        charged = {line.order_id for line, _move, _quantity in charges}
        extra = []
        for line in lines.filtered(lambda line: line.qty_delivered_method != "stock_move"):
            order = line.order_id
            goods = order.order_line.filtered(lambda item: item.qty_delivered_method == "stock_move")
            is_due = order in charged or goods.invoice_lines.drop_move_id or not goods
            if line.qty_to_invoice > 0 and is_due and order.date_order <= cutoff:
                extra.append((line, goods.move_ids.browse(), line.qty_to_invoice))
        return extra

    def _settle_down_payments(self, charges):
        """Deduct down payments; drops of an order wait until together they are worth what was paid ahead."""
        by_order = defaultdict(list)
        for charge in charges:
            by_order[charge[0].order_id].append(charge)
        settled = []
        for order, items in by_order.items():
            paid = order.order_line.filtered(lambda line: line.is_downpayment and line.qty_to_invoice < 0)
            ahead = sum(line._get_net_amount(-line.qty_to_invoice) for line in paid)
            if paid and sum(line._get_net_amount(quantity) for line, _move, quantity in items) < ahead:
                continue
            none = self.env["stock.move"]
            settled += [*items, *((line, none, line.qty_to_invoice) for line in paid)]
        return settled

    def _prepare_reversal(self, line):
        """Values by which Odoo takes off a down payment with the taxes that it was invoiced with."""
        if not line.is_downpayment:
            return {}
        reverse = self.env["account.tax"]._reverse_quantity_base_line_extra_tax_data
        return {"extra_tax_data": reverse(line.extra_tax_data)}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _moves_as_kit(self):
        """Whether parts go to the customer instead of the product itself."""
        moved = self.move_ids.filtered(lambda move: move.state == "done" and move._leaves_to_customer())
        return bool(moved) and self.product_id not in moved.product_id

    def _get_charged_by_drop(self):
        """Drop's move id (False: none is named) -> quantity on invoices less credit notes, drafts too."""
        charged = defaultdict(lambda: exact(0))
        for item in self.invoice_lines.filtered(lambda item: item.parent_state != "cancel"):
            sign = -1 if item.move_id.move_type == "out_refund" else 1
            charged[item.drop_move_id.id] += sign * exact(
                item.product_uom_id._compute_quantity(item.quantity, self.product_uom_id, round=False)
            )
        return charged

    def _get_chargeable_at(self, cutoff):
        """As `_get_chargeable`, of what had left or been proven by ``cutoff``, less all that is back."""
        then = fold(self._get_stock_events(until=cutoff, charged=True))
        now = fold(self._get_stock_events(charged=True))
        reached = {**now.reached, **{name: then.reached[name] for name in ("shipped", "proven")}}
        on_proof = self._invoices_on_proof()
        return max(chargeable(reached, now.refused, now.refused_back, on_proof=on_proof), exact(0))
