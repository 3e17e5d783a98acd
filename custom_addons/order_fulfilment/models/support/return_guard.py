from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.support.conservation import Balance, exceeded

# Same test as stock.move._is_customer_side.
CUSTOMER_SIDE = (
    "(%(place)s.usage = 'customer' OR (%(place)s.usage = 'transit' AND %(place)s.company_id IS NULL))"
)
GOES_OUT = f"({CUSTOMER_SIDE % {'place': 'd'}} AND NOT {CUSTOMER_SIDE % {'place': 's'}})"
COMES_BACK = f"({CUSTOMER_SIDE % {'place': 's'}} AND NOT {CUSTOMER_SIDE % {'place': 'd'}})"
# Who returns or edits takes these rows first: of two at once, the second waits, fails to serialize, is
# retried by Odoo and counts again what the first one left.
CLAIMS = {
    "sale_order_line": "UPDATE sale_order_line SET write_date = write_date WHERE id IN %s",
    "stock_move": "UPDATE stock_move SET write_date = write_date WHERE id IN %s",
    "stock_lot": "UPDATE stock_lot SET write_date = write_date WHERE id IN %s",
    "account_move": "UPDATE account_move SET write_date = write_date WHERE id IN %s",
    "product_product": "UPDATE product_product SET write_date = write_date WHERE id IN %s",
}


def claim(records):
    """Let nobody else count the same records until this transaction ends."""
    if records:
        records.env.cr.execute(CLAIMS[records._table], [tuple(sorted(records.ids))])


class StockMove(models.Model):
    """Returned is at most delivered, per order line, per returned move and per serial number."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        returns = self._get_customer_returns()
        returns._claim_returns()
        done = super()._action_done(cancel_backorder)
        returns.exists()._check_conservation()
        return done

    def _do_unreserve(self):
        """Odoo unreserves what follows a move when that is returned. Returns on their way are no use of the
        goods: what is announced and scanned on them stays.
        """
        if self.env.context.get("keep_open_returns"):
            self = self.filtered(lambda move: not move._comes_from_customer())  # noqa: PLW0642
        return super()._do_unreserve()

    def _get_customer_returns(self):
        return self.filtered(lambda move: move._comes_from_customer())

    def _get_returned_sale_lines(self):
        return (self.sale_line_id | self.origin_returned_move_id.sale_line_id).sudo()

    def _claim_returns(self):
        claim(self._get_returned_sale_lines())
        claim(self.origin_returned_move_id)
        claim(self.move_line_ids.lot_id)

    def _check_conservation(self, *, planned=False):
        """Refuse when more came back (with ``planned``: or is on its way back) than went out.

        Odoo lets people plan the return of a delivery that is still to be made; it counts when it happens.
        """
        if planned:
            self = self.filtered(lambda move: move.origin_returned_move_id.state in (False, "done"))  # noqa: PLW0642
        if not self:
            return
        self.env.flush_all()
        self._check_lines_conserved(planned)
        self._check_origins_conserved(planned)
        if not planned:
            self._check_lots_conserved()

    def _check_lines_conserved(self, planned):
        lines = self._get_returned_sale_lines()
        taken = set(lines.filtered(lambda line: line.product_uom_qty <= 0).ids)
        balances = self._get_line_balances(lines, planned)
        # Orders to take goods back, and what is brought in exchange: nothing went out on such a line.
        if excess := exceeded([each for each in balances if each.out or each.key[0] not in taken]):
            line_id, product_id = excess[0].key
            line = lines.browse(line_id)
            raise UserError(
                self.env._(
                    "[OF-RMA-011] %(order)s, %(product)s: delivered %(out)g, but %(back)g would have come "
                    "back. Return at most what was delivered and is not returned yet.",
                    order=line.order_id.name,
                    product=self.env["product.product"].browse(product_id).display_name,
                    out=excess[0].out,
                    back=excess[0].back,
                )
            )

    @api.model
    def _get_line_balances(self, lines, planned):
        """Balance per (order line, product), in the product's unit: kits move as their components."""
        if not lines:
            return []
        rows = self.env.execute_query(
            SQL(
                f"""
                SELECT m.sale_line_id, m.product_id,
                       sum(CASE WHEN m.state = 'done' AND {GOES_OUT} THEN q.n ELSE 0 END),
                       sum(CASE WHEN {COMES_BACK} AND m.state = 'done' THEN q.n
                                WHEN {COMES_BACK} AND %(planned)s THEN m.product_qty ELSE 0 END)
                  FROM stock_move m
                  JOIN stock_location s ON s.id = m.location_id
                  JOIN stock_location d ON d.id = m.location_dest_id
                  CROSS JOIN LATERAL (SELECT coalesce(sum(l.quantity_product_uom), 0) AS n
                                        FROM stock_move_line l WHERE l.move_id = m.id) q
                 WHERE m.sale_line_id IN %(lines)s AND m.state NOT IN ('draft', 'cancel')
                 GROUP BY 1, 2
                """,
                planned=planned,
                lines=tuple(lines.ids),
            )
        )
        return [Balance((line, product), out, back) for line, product, out, back in rows]

    def _check_origins_conserved(self, planned):
        origins = self.origin_returned_move_id
        if excess := exceeded(self._get_origin_balances(origins, planned)):
            origin = origins.browse(excess[0].key)
            raise UserError(
                self.env._(
                    "[OF-RMA-012] %(transfer)s moved %(out)g of %(product)s, but %(back)g would have been "
                    "returned of it. Look at the returns that are there already.",
                    transfer=origin.picking_id.name or origin.reference,
                    product=origin.product_id.display_name,
                    out=excess[0].out,
                    back=excess[0].back,
                )
            )

    @api.model
    def _get_origin_balances(self, origins, planned):
        """Balance per returned move, in the product's unit."""
        if not origins:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id, CASE WHEN o.state = 'done' THEN moved.n ELSE 0 END,
                       sum(CASE WHEN r.state = 'done' THEN back.n
                                WHEN %(planned)s THEN r.product_qty ELSE 0 END)
                  FROM stock_move o JOIN stock_move r ON r.origin_returned_move_id = o.id
                   AND r.state NOT IN ('draft', 'cancel')
                  CROSS JOIN LATERAL (SELECT coalesce(sum(quantity_product_uom), 0) AS n
                                        FROM stock_move_line WHERE move_id = o.id) moved
                  CROSS JOIN LATERAL (SELECT coalesce(sum(quantity_product_uom), 0) AS n
                                        FROM stock_move_line WHERE move_id = r.id) back
                 WHERE o.id IN %(origins)s GROUP BY o.id, o.state, moved.n
                """,
                planned=planned,
                origins=tuple(origins.ids),
            )
        )
        return [Balance(*row) for row in rows]

    def _check_lots_conserved(self):
        """A serial comes back at most as often as it left, and on the order line that it left on."""
        if excess := exceeded(self._get_lot_balances()):
            lot = self.env["stock.lot"].browse(excess[0].key)
            raise UserError(
                self.env._(
                    "[OF-RMA-013] %(product)s %(serial)s cannot come back here: it was not delivered on this "
                    "order, or has been returned already. Check the number on the goods.",
                    product=lot.product_id.display_name,
                    serial=lot.name,
                )
            )

    def _get_lot_balances(self):
        """Balances per lot that came back: on its order line, and over all (if it ever went out)."""
        lots = self.move_line_ids.lot_id
        if not lots:
            return []
        on_line = self.env.execute_query(
            SQL(
                f"""
                SELECT l.lot_id, sum(CASE WHEN {GOES_OUT} THEN l.quantity_product_uom ELSE 0 END),
                       sum(CASE WHEN {COMES_BACK} THEN l.quantity_product_uom ELSE 0 END),
                       coalesce(min(bare.n), 0)
                  FROM stock_move_line l JOIN stock_move m ON m.id = l.move_id AND m.state = 'done'
                  JOIN stock_location s ON s.id = l.location_id
                  JOIN stock_location d ON d.id = l.location_dest_id
                  LEFT JOIN LATERAL (
                       SELECT sum(b.quantity_product_uom) AS n
                         FROM stock_move_line b JOIN stock_move bm ON bm.id = b.move_id
                        WHERE bm.sale_line_id = m.sale_line_id AND b.product_id = l.product_id
                          AND b.lot_id IS NULL AND bm.state = 'done') bare ON true
                 WHERE l.lot_id IN %(lots)s AND m.sale_line_id IN %(lines)s
                 GROUP BY l.lot_id, m.sale_line_id
                """,
                lots=tuple(lots.ids),
                lines=tuple(self._get_returned_sale_lines().ids) or (0,),
            )
        )
        balances = [Balance(*row) for row in on_line]
        return balances + [item for item in self._get_lot_balances_everywhere(lots) if item.out]

    @api.model
    def _get_lot_balances_everywhere(self, lots):
        rows = self.env.execute_query(
            SQL(
                f"""
                SELECT l.lot_id, sum(CASE WHEN {GOES_OUT} THEN l.quantity_product_uom ELSE 0 END),
                       sum(CASE WHEN {COMES_BACK} THEN l.quantity_product_uom ELSE 0 END)
                  FROM stock_move_line l
                  JOIN stock_location s ON s.id = l.location_id
                  JOIN stock_location d ON d.id = l.location_dest_id
                 WHERE l.lot_id IN %(lots)s AND l.state = 'done' GROUP BY l.lot_id
                """,
                lots=tuple(lots.ids),
            )
        )
        return [Balance(*row) for row in rows]


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.constrains("quantity", "lot_id", "product_id", "product_uom_id")
    def _check_edited_when_done(self):
        """Odoo lets people edit what is done: the same limits hold then."""
        done = self.move_id.filtered(
            lambda move: move.state == "done" and (move._comes_from_customer() or move._leaves_to_customer())
        )
        returns = done._get_customer_returns() | done.returned_move_ids.filtered(
            lambda move: move.state == "done"
        )
        if returns:
            returns._claim_returns()
            returns._check_conservation()


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _create_return(self):
        """What is on its way back counts as well, so that two returns of the same goods are not opened."""
        moves = self.product_return_moves.move_id.filtered(lambda move: move._leaves_to_customer())
        claim(moves.sale_line_id.sudo())
        claim(moves)
        picking = super(StockReturnPicking, self.with_context(keep_open_returns=True))._create_return()
        picking.move_ids._get_customer_returns()._check_conservation(planned=True)
        return picking


class DeliveryProofLine(models.Model):
    _inherit = "delivery.proof.line"

    def _open_return(self):
        """Goods refused at the door whose return is open already need no second one."""
        moves = self.move_id
        taken = {item.key: item for item in moves._get_origin_balances(moves, planned=True)}
        needed = self.filtered(
            lambda line: (
                line.move_id.id not in taken
                or taken[line.move_id.id].left
                >= line.product_uom_id._compute_quantity(line.quantity_refused, line.product_id.uom_id)
            )
        )
        return super(DeliveryProofLine, needed)._open_return() if needed else self.env["stock.picking"]
