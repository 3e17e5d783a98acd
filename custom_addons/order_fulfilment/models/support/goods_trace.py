from dataclasses import dataclass
from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from .return_guard import GOES_OUT

BEGINNING = datetime(1970, 1, 1)
# In stock_move_line_consume_rel the column consume_line_id holds what was made and produce_line_id what
# went into it (so Odoo's field names read). It is filled by manufacturing, unbuilding and repair alike.


@dataclass(frozen=True)
class Goods:
    """Affected goods: a lot, or a product without lots as far as it moved from ``since`` on (``until``).

    :param is_certain: False for goods without lots: these *may* be the affected ones
    """

    product: int
    lot: int | None = None
    since: datetime = BEGINNING
    until: datetime | None = None

    @property
    def is_certain(self):
        return self.lot is not None


@dataclass(frozen=True)
class Delivery:
    """One done move line to a customer with affected goods; quantities in the product's unit."""

    line: int
    move: int
    picking: int | None
    sale_line: int | None
    partner: int | None
    product: int
    lot: int | None
    quantity: float
    returned: float
    date: datetime


class AfterSalesTrace(models.AbstractModel):
    """Follows goods forward: what they were built into, who got them, where the rest lies.

    Level by level, a few queries each, so that a million move lines take seconds. Complete rather than
    narrow: goods without lots count from the moment affected ones could be among them.
    """

    _name = "after.sales.trace"
    _description = "Trace of Goods"

    @api.model
    def _trace(self, roots):
        """All affected goods, the roots first: ``{(product, lot): Goods}``.

        ``roots``: Goods. What was unbuilt gives its parts back; these are affected only where the end item
        itself is a root.
        """
        known = {(item.product, item.lot): item for item in roots}
        frontier, is_root = list(known.values()), True
        while frontier:
            found = self._get_built_into(frontier, is_root)
            frontier, is_root = [], False
            for item in found:
                key = (item.product, item.lot)
                before = known.get(key)
                if before is None or (not item.is_certain and item.since < before.since):
                    known[key] = item if before is None else Goods(item.product, None, item.since)
                    frontier.append(known[key])
        return known

    def _get_built_into(self, frontier, is_root):
        """Goods made of these, each since its first making."""
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT made.product_id, made.lot_id, min(made.date)
                  FROM (%(used)s) used
                  JOIN stock_move_line_consume_rel rel ON rel.produce_line_id = used.id
                  JOIN stock_move_line made ON made.id = rel.consume_line_id AND made.state = 'done'
                  JOIN stock_move m ON m.id = made.move_id
                 WHERE %(not_unbuilt)s
                 GROUP BY 1, 2
                """,
                used=self._lines_of(frontier),
                not_unbuilt=self._is_not_unbuilt(is_root),
            )
        )
        return [Goods(product, lot, BEGINNING if lot else date) for product, lot, date in rows]

    def _flush(self):
        self.env["stock.move.line"].flush_model()
        self.env["stock.move"].flush_model(["state", "origin_returned_move_id", "sale_line_id", "partner_id"])

    def _is_not_unbuilt(self, is_root):
        can_unbuild = "unbuild_id" in self.env["stock.move"]._fields  # comes with manufacturing
        return SQL("m.unbuild_id IS NULL") if can_unbuild and not is_root else SQL("true")

    def _lines_of(self, goods):
        """Query of the ids of all done move lines of these goods."""
        lots = [item.lot for item in goods if item.lot]
        loose = [item for item in goods if not item.lot]
        by_lot = SQL("SELECT id FROM stock_move_line WHERE lot_id = ANY(%s) AND state = 'done'", lots)
        if not loose:
            return by_lot
        return SQL(
            """
            %s UNION
            SELECT l.id FROM stock_move_line l
              JOIN unnest(%s::int[], %s::timestamp[], %s::timestamp[]) g(product, since, until)
                ON g.product = l.product_id AND l.date >= g.since AND (g.until IS NULL OR l.date <= g.until)
             WHERE l.lot_id IS NULL AND l.state = 'done'
            """,
            by_lot,
            [item.product for item in loose],
            [item.since for item in loose],
            [item.until for item in loose],
        )

    @api.model
    def _get_deliveries(self, goods, company=None):
        """Done lines of these goods to customers, oldest first."""
        self._flush()
        rows = self.env.execute_query(
            SQL(
                f"""
                SELECT l.id, m.id, l.picking_id, m.sale_line_id,
                       coalesce(p.partner_id, m.partner_id, o.partner_shipping_id),
                       l.product_id, l.lot_id, l.quantity_product_uom, coalesce(back.n, 0), l.date
                  FROM (%(lines)s) mine JOIN stock_move_line l ON l.id = mine.id
                  JOIN stock_move m ON m.id = l.move_id
                  JOIN stock_location s ON s.id = l.location_id
                  JOIN stock_location d ON d.id = l.location_dest_id
                  LEFT JOIN stock_picking p ON p.id = l.picking_id
                  LEFT JOIN sale_order_line sol ON sol.id = m.sale_line_id
                  LEFT JOIN sale_order o ON o.id = sol.order_id
                  LEFT JOIN LATERAL (
                       SELECT sum(r.quantity_product_uom) AS n FROM stock_move rm
                         JOIN stock_move_line r ON r.move_id = rm.id AND r.state = 'done'
                        WHERE rm.origin_returned_move_id = m.id AND r.lot_id IS NOT DISTINCT FROM l.lot_id
                       ) back ON true
                 WHERE {GOES_OUT} AND (%(company)s IS NULL OR l.company_id = %(company)s)
                 ORDER BY l.date, l.id
                """,
                lines=self._lines_of(list(goods)),
                company=company.id if company else None,
            )
        )
        return [Delivery(*row) for row in rows]

    @api.model
    def _get_stock(self, goods, company=None):
        """Quants of these goods inside the company: own locations and transit."""
        lots = [item.lot for item in goods if item.lot]
        products = [item.product for item in goods if not item.lot]
        domain = [
            ("location_id.usage", "in", ("internal", "transit")),
            ("quantity", ">", 0),
            "|",
            ("lot_id", "in", lots),
            "&",
            ("lot_id", "=", False),
            ("product_id", "in", products),
        ]
        if company:
            domain.append(("company_id", "=", company.id))
        return self.env["stock.quant"].search(domain)
