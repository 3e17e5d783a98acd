from odoo import models
from odoo.tools import SQL

CANCELLED_AT = "(line.fulfilment_ledger #>> '{stages,cancelled,time}')::timestamp"
# An order from before its cancellation had a time: with the last of its lines.
GIVEN_UP_AT = f"""
    COALESCE(sale.cancelled_at,
             (SELECT MAX({CANCELLED_AT}) FROM sale_order_line line WHERE line.order_id = sale.id))
"""
REFUSED = """
    EXISTS (SELECT FROM delivery_proof_line told JOIN delivery_proof proof ON proof.id = told.proof_id
             WHERE told.sale_line_id = line.id AND told.quantity_refused > 0 AND proof.signed_at <= %s)
"""
RETURNED = """
    EXISTS (SELECT FROM stock_move back JOIN stock_location source ON source.id = back.location_id
             WHERE back.sale_line_id = line.id AND back.state = 'done' AND back.date <= %s
               AND (source.usage = 'customer' OR (source.usage = 'transit' AND source.company_id IS NULL)))
"""


class FulfilmentServiceRates(models.AbstractModel):
    """Refusals, returns and cancellations as they were known at the as-of moment, for ``sale`` and ``line``.

    Where nobody looks back, the ledger says all of it without another look at moves and proofs.
    """

    _inherit = "fulfilment.service.rates"

    def _get_refused(self):
        if self._looks_back():
            return SQL(REFUSED, self._get_as_of())
        return SQL("(line.fulfilment_ledger ->> 'refused')::numeric <> 0")

    def _get_returned(self):
        if self._looks_back():
            return SQL(RETURNED, self._get_as_of())
        return SQL("line.fulfilment_ledger #> '{stages,returned}' IS NOT NULL")

    def _get_cancelled(self):
        cancelled = SQL("line.fulfilment_ledger #> '{stages,cancelled}' IS NOT NULL")
        return SQL("(%s AND NOT %s)", cancelled, self._get_cancelled_later())

    def _get_cancelled_later(self):
        """Still to be delivered at the as-of moment, and given up since."""
        if not self._looks_back():
            return SQL("FALSE")
        return SQL("COALESCE(%s > %s, FALSE)", SQL(CANCELLED_AT), self._get_as_of())

    def _get_confirmed(self):
        """Of ``sale``: the order counted at the as-of moment."""
        if not self._looks_back():
            return SQL("sale.state = 'sale'")
        return SQL(
            "(sale.state = 'sale' OR (sale.state = 'cancel' AND %s > %s))",
            SQL(GIVEN_UP_AT),
            self._get_as_of(),
        )

    def _get_planned_drop(self):
        """Of ``picking``: it was there to be delivered at the as-of moment."""
        if not self._looks_back():
            return SQL("picking.state NOT IN ('draft', 'cancel')")
        return SQL(
            """picking.state <> 'draft' AND (picking.state <> 'cancel' OR content.cancelled_at > %(as_of)s)
               AND NOT EXISTS (SELECT FROM stock_picking before
                                WHERE before.id = picking.backorder_id AND before.date_done > %(as_of)s)""",
            as_of=self._get_as_of(),
        )
