from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ...tools.ledger import (
    Event,
    exact,
    fold,
    from_json,
    happened_until,
    kit_events,
    to_json,
)
from ...tools.tracking.payments import drop_set_offs

NOON = timedelta(hours=12)


class SaleOrderLine(models.Model):
    """Fulfilment ledger of an order line: how much of it stands where, derived from what happened."""

    _inherit = "sale.order.line"

    fulfilment_ledger = fields.Json(
        compute="_compute_fulfilment_ledger", store=True, copy=False, prefetch=False
    )

    @api.depends(
        "order_id.state",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_delivered",
        "move_ids.state",
        "move_ids.product_uom_qty",
        "move_ids.quantity",
        "move_ids.picked",
        "move_ids.move_line_ids.result_package_id",
        "invoice_lines.quantity",
        "invoice_lines.move_id.state",
        "invoice_lines.move_id.amount_residual",
        "invoice_lines.move_id.fulfilment_settlements",
    )
    def _compute_fulfilment_ledger(self):
        self._prefetch_ledger()
        for line in self:
            ledger = line._is_tracked() and to_json(fold(line._get_ledger_events()))
            line.fulfilment_ledger = ledger or False

    def _prefetch_ledger(self):
        """Read what the ledgers of these lines look at, in a few queries for all of them.

        The rules filter recordsets, and a filtered recordset reads its records one by one.
        """
        moves = self.move_ids
        moves._prefetch_ledger()
        self.invoice_lines.move_id.mapped("amount_residual")

    def _is_tracked(self):
        """Sections, notes, down payments and combo headings are no promise of anything."""
        return not self.display_type and not self.is_downpayment and self.product_type != "combo"

    def _get_ledger(self):
        self.ensure_one()
        return from_json(self.fulfilment_ledger) if self.fulfilment_ledger else None

    def _prepare_fulfilment(self):
        """The line as other systems see it: quantities standing in each stage sum to "ordered"."""
        ledger = self._get_ledger()
        return {
            "id": self.id,
            "product": self.product_id.default_code or self.product_id.display_name,
            "unit": self.product_uom_id.name,
            "ordered": float(ledger.ordered),
            "standing": {stage: float(quantity) for stage, quantity in ledger.standing.items()},
            "reached": {stage: float(quantity) for stage, quantity in ledger.reached.items()},
            "refused": float(ledger.refused),
        }

    def _get_ledger_events(self):
        """All that happened to this line. Other capabilities add theirs by extending this method."""
        self.ensure_one()
        order = self.order_id
        ordered = exact(self.product_uom_qty)
        events = [Event("ordered", ordered, order.date_order, order.name or "")]
        if order.state in ("draft", "sent"):
            return events
        stock = (
            self._get_stock_events()
            if self.qty_delivered_method == "stock_move"
            else self._get_service_events()
        )
        return events + stock + self._get_cancelled_events(ordered, stock) + self._get_invoice_events()

    # ------------------------------------------------------------ goods

    def _get_stock_events(self, until=None, *, charged=False):
        """Events of the line's moves in the line's unit; a kit counts by its components.

        :param until: only what had happened by this moment
        :param charged: without returns, and what went out again for them, that leave the charge as it is
        """
        moves = self.move_ids.filtered(lambda move: move._changes_charge()) if charged else self.move_ids
        by_product = {
            product: moves._get_ledger_events() for product, moves in moves.grouped("product_id").items()
        }
        if until:
            by_product = {product: happened_until(events, until) for product, events in by_product.items()}
        if per_kit := self._get_kit_components():
            components = {product: by_product[product] for product in per_kit if product in by_product}
            events = kit_events(components, per_kit)
        else:
            events = by_product.get(self.product_id, [])
        return [self._in_line_unit(event) for event in events]

    def _get_kit_components(self):
        """Quantity of each component in one kit, both in their products' own units; empty if this is no kit.

        Kits come with manufacturing, which this add-on works without.
        """
        moves = self.move_ids
        if "bom_line_id" not in moves._fields or not hasattr(self, "_get_bom_component_qty"):
            return {}
        bom = moves.bom_line_id.bom_id.filtered(
            lambda bom: bom.type == "phantom" and bom.product_tmpl_id == self.product_id.product_tmpl_id
        )[:1]
        if not bom and moves.bom_line_id:  # a kit of nothing but kits: no move is of its own bill
            bom = self.env["mrp.bom"]._bom_find(self.product_id, bom_type="phantom")[self.product_id]
        if not bom:
            return {}
        quantities = self._get_bom_component_qty(bom)
        products = self.env["product.product"]
        # The explosion is for one unit of the product, in the bill's unit: bills for more than one kit
        # divide.
        return {
            products.browse(product): exact(values["qty"]) / exact(bom.product_qty)
            for product, values in quantities.items()
            if products.browse(product).type == "consu"
        }

    def _in_line_unit(self, event):
        unit, own = self.product_uom_id, self.product_id.uom_id
        if unit == own:
            return event
        quantity = exact(own._compute_quantity(float(event.quantity), unit, round=False))
        return Event(event.kind, quantity, event.time, event.document)

    def _get_cancelled_events(self, ordered, stock_events):
        """What is neither under way nor gone, once something was cancelled.

        A cancelled move alone says little: Odoo also cancels moves when it merges them or replaces them.
        """
        given_up = self.move_ids.filtered(lambda move: move.state == "cancel" or move._is_done_short())
        is_cancelled = self.order_id.state == "cancel"
        if not is_cancelled and not given_up:
            return []
        kind = "shipped" if is_cancelled else "released"
        under_way = sum((event.quantity for event in stock_events if event.kind == kind), Decimal(0))
        if under_way >= ordered:
            return []
        time = max(given_up.mapped("write_date"), default=self.order_id.write_date)
        names = ", ".join(sorted(set(filter(None, given_up.picking_id.mapped("name")))))
        return [Event("cancelled", ordered - under_way, time or None, names or self.order_id.name)]

    # ------------------------------------------------------------ services and money

    def _get_service_events(self):
        """A service is done when Odoo says so or, sold at a fixed price, when it is invoiced."""
        if self.order_id.state == "cancel":
            return []
        done = exact(self.qty_delivered)
        if self.product_id.invoice_policy == "order":
            invoiced = [event.quantity for event in self._get_invoice_events() if event.kind == "invoiced"]
            done = max(done, sum(invoiced, Decimal(0)))
        quantities = {"released": self.product_uom_qty, "shipped": done, "delivered": done}
        return [self._order_event(kind, quantity) for kind, quantity in quantities.items() if quantity]

    def _order_event(self, kind, quantity):
        return Event(kind, exact(quantity), self.order_id.date_order, self.order_id.name)

    def _get_invoice_events(self):
        """Posted invoices and credit notes, and how much of them is paid, in the line's unit."""
        events, paid = [], []
        for item in self.invoice_lines:
            invoice = item.move_id
            if invoice.state != "posted":
                continue
            quantity = exact(
                item.product_uom_id._compute_quantity(item.quantity, self.product_uom_id, round=False)
            )
            quantity *= -invoice.direction_sign
            # Noon UTC is on that day nearly everywhere; midnight is the day before in the west.
            time = fields.Datetime.to_datetime(invoice.invoice_date) + NOON
            events.append(Event("invoiced", quantity, time, invoice.name))
            paid += invoice._get_paid_events(quantity, exact(self.product_uom_id.rounding or 1.0))
        return events + drop_set_offs(paid)
