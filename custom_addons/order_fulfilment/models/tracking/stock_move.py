from odoo import fields, models

from ...tools.ledger import Event, exact


class StockMove(models.Model):
    """What a move says about the order line it serves, in the product's own unit."""

    _inherit = "stock.move"

    proof_line_ids = fields.One2many("delivery.proof.line", "move_id", readonly=True, copy=False)

    def _get_ledger_events(self):
        """Events of all these moves of one product for one order line.

        Of a chain pick → pack → ship, each unit is counted once: where it left (shipped, returned) or, if
        it is still here, at the last open move. Odoo makes the next move only when the one before it is
        done.
        """
        events = []
        for move in self._get_ledger_moves():
            if move.state == "done":
                events += move._get_done_events()
            elif move._is_last_open_step():
                events += move._get_open_events()
        return events + self.proof_line_ids._get_ledger_events() + self._get_arrival_events()

    def _prefetch_ledger(self):
        """Read at once what the events of these moves depend on."""
        earlier = self.move_orig_ids
        for moves in (self, earlier, earlier.move_orig_ids, self.move_dest_ids, self.returned_move_ids):
            moves.mapped("state")
            moves.picking_id.mapped("name")
        (earlier | self).mapped("returned_move_ids.state")
        self.mapped("move_line_ids.picked")
        self.mapped("proof_line_ids.proof_id.name")

    def _get_arrival_events(self):
        """Delivered, as the carrier or the customer said it, where no proof says more exactly what."""
        return [
            Event(
                "delivered",
                exact(move._in_own_unit(move.quantity)),
                move.picking_id.arrived_at,
                move.picking_id.name,
            )
            for move in self
            if move.picking_id.arrived_at
            and not move.proof_line_ids
            and move.state == "done"
            and move._leaves_to_customer()
        ]

    def _in_own_unit(self, quantity):
        return self.product_uom._compute_quantity(quantity, self.product_id.uom_id, round=False)

    def _get_quantity_unproven(self):
        """Shipped by this move and on no proof yet, in the move's unit."""
        proven = self.sudo().proof_line_ids  # of whoever took them
        settled = sum(proven.mapped("quantity_delivered")) + sum(proven.mapped("quantity_refused"))
        return self.product_uom.round(self.quantity - settled)

    def _get_ledger_moves(self):
        """Moves towards or back from the customer; scrap and moves within the warehouse's own business are
        not.
        """
        return self.filtered(
            lambda move: (
                move.state not in ("draft", "cancel")
                and move.location_dest_usage != "inventory"
                and (move._leaves_to_customer(final=True) or move._comes_from_customer())
                and (
                    not move.origin_returned_move_id
                    or move._leaves_to_customer()
                    or move._comes_from_customer()
                )
            )
        )

    def _leaves_to_customer(self, *, final=False):
        """Whether this move (or, with ``final``, the chain it belongs to) ends at the customer."""
        destination = (final and self.location_final_id) or self.location_dest_id
        return not self._comes_from_customer() and self._is_customer_side(destination)

    def _comes_from_customer(self):
        return self._is_customer_side(self.location_id)

    def _changes_charge(self):
        """As Odoo counts what was delivered: a return may be set to leave the order's quantities alone."""
        is_return = self.origin_returned_move_id or self._comes_from_customer()
        return not is_return or self.to_refund

    def _is_customer_side(self, location):
        return location.usage == "customer" or (location.usage == "transit" and not location.company_id)

    def _is_last_open_step(self):
        following = self.move_dest_ids.filtered(lambda move: move.state != "cancel")
        return not self._comes_from_customer() and (self._leaves_to_customer() or not following)

    def _is_done_short(self):
        """Done with less than asked and no backorder: Odoo leaves the demand and cancels nothing."""
        return self.state == "done" and self.product_uom.compare(self.quantity, self.product_uom_qty) < 0

    def _get_done_events(self):
        quantity = exact(
            self.product_uom._compute_quantity(self.quantity, self.product_id.uom_id, round=False)
        )
        if self._comes_from_customer():
            return [self._ledger_event("returned", quantity)]
        if not self._leaves_to_customer():
            return []  # counted at the step that follows
        picked, packed = self._get_earlier_steps()
        return [
            picked._ledger_event("released", quantity, picked.create_date),
            picked._ledger_event("picked", quantity),
            packed._ledger_event("packed", quantity),
            self._ledger_event("shipped", quantity),
        ]

    def _get_open_events(self):
        """Still here: released, and picked or packed as far as earlier steps or the scanner say."""
        quantity = exact(self.product_qty)
        picked_step, packed_step = self._get_earlier_steps()
        scanned = self.move_line_ids.filtered("picked")
        arrived = sum(exact(move._get_quantity_kept()) for move in self.move_orig_ids if move.state == "done")
        picked = min(quantity, max(arrived, sum(exact(line.quantity_product_uom) for line in scanned)))
        events = [picked_step._ledger_event("released", quantity, picked_step.create_date)]
        if picked:
            events.append(picked_step._ledger_event("picked", picked, picked_step._get_handled_at(scanned)))
        in_packages = self._get_lines_in_packages(scanned)
        packed = arrived
        if packed_step == self:
            packed = sum(exact(line.quantity_product_uom) for line in in_packages)
        if packed := min(packed, picked):
            events.append(
                packed_step._ledger_event("packed", packed, packed_step._get_handled_at(in_packages))
            )
        return events

    def _get_handled_at(self, lines):
        """When goods of this move were picked or packed; an open move's own date is only planned."""
        return self.state != "done" and max(lines.mapped("write_date"), default=None)

    def _get_lines_in_packages(self, scanned):
        """What was scanned into a package here, or brought in one by the step before."""
        lines = self.move_line_ids if self.move_orig_ids else scanned
        return lines.filtered(lambda line: line.result_package_id or (self.move_orig_ids and line.package_id))

    def _get_earlier_steps(self):
        """The done moves in which these goods were picked and packed; this move itself where it does both."""
        before = self.move_orig_ids.filtered(lambda move: move.state == "done")
        first = before.move_orig_ids.filtered(lambda move: move.state == "done")
        return (first or before or self)[-1:], (before if first else self)[-1:]

    def _get_quantity_kept(self):
        """Quantity moved and not sent back since, as when a picked tote returns to the shelf."""
        back = self.returned_move_ids.filtered(
            lambda move: move.state == "done" and not self._is_customer_side(move.location_id)
        )
        return self._in_own_unit(self.quantity) - sum(move._in_own_unit(move.quantity) for move in back)

    def _ledger_event(self, kind, quantity, time=None):
        return Event(kind, quantity, time or self.date, self.picking_id.name or self.reference or "")
