from odoo import models

from ...tools.ledger import exact


class StockMove(models.Model):
    """Which of what came back was refused at the door: the customer never had it."""

    _inherit = "stock.move"

    def _get_ledger_events(self):
        events = super()._get_ledger_events()
        for move in self.filtered("proof_line_ids"):
            events += [
                back._ledger_event("refused_back", exact(quantity))
                for back, quantity in move._get_refused_back().items()
            ]
        return events

    def _get_refused_back(self):
        """Return move -> quantity of what was refused of this drop, in the product's own unit.

        The return that the proof opened brings it. Where that was cancelled, another return may have; while
        it is open, other returns bring what was accepted.
        """
        left = self._in_own_unit(sum(self.proof_line_ids.mapped("quantity_refused")))
        own, others, is_open = self._split_returns()
        found = {}
        for back in own.sorted("date") + (others.browse() if is_open else others.sorted("date")):
            quantity = min(back._in_own_unit(back.quantity), left)
            left -= quantity
            if quantity:
                found[back] = quantity
        return found

    def _split_returns(self):
        """Done returns of what was refused, other done returns, and whether one of the first is open."""
        opened = self.proof_line_ids.proof_id.return_picking_id
        returns = self.returned_move_ids.filtered(lambda move: move.state != "cancel")
        own = returns.filtered(lambda move: move.picking_id._get_first_of_backorders() in opened)
        done = returns.filtered(
            lambda move: move.state == "done" and self._is_customer_side(move.location_id)
        )
        return own & done, done - own, bool(own - done)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_first_of_backorders(self):
        """The transfer that this one is the rest of."""
        first = self
        while first.backorder_id:
            first = first.backorder_id
        return first
