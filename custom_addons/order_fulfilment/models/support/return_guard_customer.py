from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.support.conservation import Balance, exceeded
from .return_guard import COMES_BACK, GOES_OUT, claim


class StockMove(models.Model):
    """A receipt from a customer that names neither order nor delivery is held to all that he ever got.

    A move by itself, without transfer and customer, is a correction of the stock and not held to anything.

    Goods of his own, such as for a paid repair, are no return: they come in with him as their owner.
    """

    _inherit = "stock.move"

    def _is_loose_return(self):
        return (
            self.location_id.usage == "customer"
            and not self.sale_line_id
            and not self.origin_returned_move_id
            and self._is_handed_over()
            and self._comes_from_customer()
        )

    def _is_handed_over(self):
        """Say whether somebody brings the goods: with a transfer, or in his own name."""
        return bool(self.picking_id or self._get_returning_customer())

    def _get_returning_customer(self):
        """Who gives the goods back; nobody where the transfer does not say."""
        return (self.picking_id.partner_id or self.partner_id).sudo().commercial_partner_id

    def _claim_returns(self):
        """Besides what the linked returns claim: all deliveries that a loose one could be of."""
        super()._claim_returns()
        for move in self.filtered(lambda move: move._is_loose_return()):
            delivered = move._get_customer_sums()[3] if move._get_returning_customer() else []
            claim(self.browse(delivered) or move.product_id)

    def _check_conservation(self, *, planned=False):
        super()._check_conservation(planned=planned)
        if not planned:
            self._check_customers_conserved()

    def _check_customers_conserved(self):
        """Linked returns count too, once something came back loose."""
        seen = set()
        for move in self.filtered(lambda move: move._is_handed_over()):
            customer = move._get_returning_customer()
            key = (customer, move.product_id, move.company_id)
            if key in seen:
                continue
            seen.add(key)
            out, back, loose, _moves = move._get_customer_sums()
            # Odoo lets people bring something else with what a delivery's return announces; and where nobody
            # is named, goods that never left here say nothing about whose they were.
            is_plain = customer and not move.picking_id.return_id
            if loose and (is_plain or out) and exceeded([Balance(key, out, back)]):
                move._refuse_loose(customer, out, back)

    def _refuse_loose(self, customer, out, back):
        raise UserError(
            self.env._(
                "[OF-RMA-023] %(product)s: %(customer)s got %(out)g in all, but %(back)g would have come "
                "back. Check customer and quantity; for goods of his own, enter him as their owner.",
                product=self.product_id.display_name,
                customer=customer.name or self.env._("customers"),
                out=out,
                back=back,
            )
        )

    def _get_customer_sums(self):
        """(went out, came back, of that without order and delivery, ids of the moves that went out) of this
        product, to and from this move's customer. What a customer owns himself does not count, nor what
        orders to take goods back brought.
        """
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                f"""
                SELECT coalesce(sum(l.quantity_product_uom) FILTER (WHERE {GOES_OUT}), 0),
                       coalesce(sum(l.quantity_product_uom) FILTER (WHERE {COMES_BACK}), 0),
                       coalesce(sum(l.quantity_product_uom) FILTER (
                           WHERE {COMES_BACK} AND s.usage = 'customer' AND m.sale_line_id IS NULL
                             AND m.origin_returned_move_id IS NULL), 0),
                       array_remove(array_agg(DISTINCT CASE WHEN {GOES_OUT} THEN m.id END), NULL)
                  FROM stock_move m JOIN stock_move_line l ON l.move_id = m.id
                  JOIN stock_location s ON s.id = l.location_id
                  JOIN stock_location d ON d.id = l.location_dest_id
                  LEFT JOIN stock_picking p ON p.id = m.picking_id
                  LEFT JOIN sale_order_line sol ON sol.id = m.sale_line_id
                  LEFT JOIN sale_order o ON o.id = sol.order_id
                  LEFT JOIN res_partner buyer ON buyer.id = o.partner_id
                  LEFT JOIN res_partner person ON person.id = coalesce(p.partner_id, m.partner_id)
                  LEFT JOIN res_partner owner ON owner.id = l.owner_id
                 WHERE m.product_id = %(product)s AND m.company_id = %(company)s AND m.state = 'done'
                   AND coalesce(sol.product_uom_qty, 1) > 0 AND %(whose)s
                """,
                product=self.product_id.id,
                company=self.company_id.id,
                whose=self._whose(self._get_returning_customer()),
            )
        )
        return row[0], row[1], row[2], row[3] or []

    @api.model
    def _whose(self, customer):
        if not customer:
            return SQL("l.owner_id IS NULL")
        return SQL(
            """%(customer)s IN (person.commercial_partner_id, buyer.commercial_partner_id)
               AND owner.commercial_partner_id IS DISTINCT FROM %(customer)s""",
            customer=customer.id,
        )
