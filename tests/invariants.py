"""What holds in the database after every test, as SQL that returns the rows that break it.

Quantities of moves are compared in the product's own unit, with half of its smallest digit as tolerance.
A capability adds its own invariants here, and to ``SEEDS`` in ``e2e/test_nets_invariants.py`` a change that
breaks each.
"""

from collections.abc import Callable

TOLERANCE = "0.005"
Query = Callable[..., list[tuple]]

# Done move lines per sale order line and direction, in the product's unit.
_SHIPPED_AND_RETURNED = """
    SELECT m.sale_line_id,
           sum(ml.quantity_product_uom)
             FILTER (WHERE d.usage = 'customer' AND s.usage <> 'customer') AS shipped,
           sum(ml.quantity_product_uom)
             FILTER (WHERE s.usage = 'customer' AND d.usage <> 'customer') AS returned
      FROM stock_move m
      JOIN stock_move_line ml ON ml.move_id = m.id AND ml.state = 'done'
      JOIN stock_location s ON s.id = ml.location_id
      JOIN stock_location d ON d.id = ml.location_dest_id
     WHERE m.sale_line_id IS NOT NULL
     GROUP BY m.sale_line_id
"""
_ORDER_LINES = """
    sale_order_line l
      JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale'
      JOIN product_product p ON p.id = l.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
"""

INVARIANTS: dict[str, str] = {
    "moves equal quants": f"""
        WITH moved AS (
            SELECT ml.product_id, place.id AS location_id, ml.lot_id, ml.owner_id,
                   sum(ml.quantity_product_uom * CASE WHEN place.id = ml.location_id THEN -1 ELSE 1 END) AS n
              FROM stock_move_line ml
              JOIN product_product p ON p.id = ml.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable
              JOIN stock_location place ON place.id IN (ml.location_id, ml.location_dest_id)
               AND place.usage IN ('internal', 'transit') AND ml.location_id <> ml.location_dest_id
             WHERE ml.state = 'done'
             GROUP BY 1, 2, 3, 4
        ), held AS (
            SELECT q.product_id, q.location_id, q.lot_id, q.owner_id, sum(q.quantity) AS n
              FROM stock_quant q JOIN stock_location place ON place.id = q.location_id
               AND place.usage IN ('internal', 'transit')
             GROUP BY 1, 2, 3, 4
        )
        SELECT coalesce(m.product_id, h.product_id), coalesce(m.location_id, h.location_id),
               coalesce(m.n, 0), coalesce(h.n, 0)
          FROM moved m FULL JOIN held h ON h.product_id = m.product_id AND h.location_id = m.location_id
           AND coalesce(h.lot_id, 0) = coalesce(m.lot_id, 0)
           AND coalesce(h.owner_id, 0) = coalesce(m.owner_id, 0)
         WHERE abs(coalesce(m.n, 0) - coalesce(h.n, 0)) > {TOLERANCE}
    """,
    "reserved is between zero and on hand": f"""
        SELECT q.id, q.quantity, q.reserved_quantity
          FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
         WHERE l.usage IN ('internal', 'transit')
           AND (q.reserved_quantity < -{TOLERANCE}
                OR q.reserved_quantity > greatest(q.quantity, 0) + {TOLERANCE})
    """,
    "open move lines equal reservations": f"""
        WITH asked AS (
            SELECT ml.product_id, ml.location_id, sum(ml.quantity_product_uom) AS n
              FROM stock_move_line ml
              JOIN product_product p ON p.id = ml.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable
              JOIN stock_location l ON l.id = ml.location_id AND l.usage IN ('internal', 'transit')
             WHERE ml.state NOT IN ('done', 'cancel', 'draft') GROUP BY 1, 2
        ), kept AS (
            SELECT q.product_id, q.location_id, sum(q.reserved_quantity) AS n
              FROM stock_quant q
              JOIN stock_location l ON l.id = q.location_id AND l.usage IN ('internal', 'transit')
             GROUP BY 1, 2
        )
        SELECT k.product_id, k.location_id, coalesce(a.n, 0), k.n
          FROM kept k LEFT JOIN asked a ON a.product_id = k.product_id AND a.location_id = k.location_id
         WHERE k.n > coalesce(a.n, 0) + {TOLERANCE}
    """,
    "delivered is at most ordered": f"""
        SELECT l.id, l.product_uom_qty, l.qty_delivered FROM {_ORDER_LINES}
         WHERE l.qty_delivered_method = 'stock_move' AND l.product_uom_qty >= 0
           AND l.qty_delivered > l.product_uom_qty + {TOLERANCE}
    """,
    "returned is at most delivered": f"""
        SELECT sale_line_id, shipped, returned FROM ({_SHIPPED_AND_RETURNED}) moved
         WHERE coalesce(returned, 0) > coalesce(shipped, 0) + {TOLERANCE}
    """,
    "a move is returned at most once": f"""
        WITH done AS (
            SELECT m.id, m.origin_returned_move_id AS origin, sum(ml.quantity_product_uom) AS n
              FROM stock_move m JOIN stock_move_line ml ON ml.move_id = m.id AND ml.state = 'done'
             GROUP BY m.id
        )
        SELECT o.id, o.n, sum(r.n) FROM done o JOIN done r ON r.origin = o.id
         GROUP BY o.id, o.n HAVING sum(r.n) > o.n + {TOLERANCE}
    """,
    # What came back and is not credited yet was rightly invoiced.
    "invoiced is at most what the policy allows": f"""
        SELECT l.id, t.invoice_policy, l.product_uom_qty, l.qty_delivered, l.qty_invoiced
          FROM {_ORDER_LINES} LEFT JOIN ({_SHIPPED_AND_RETURNED}) moved ON moved.sale_line_id = l.id
         WHERE l.product_uom_qty >= 0 AND NOT coalesce(l.is_downpayment, false)
           AND NOT coalesce(l.is_expense, false)
           AND l.qty_invoiced > {TOLERANCE} + CASE t.invoice_policy WHEN 'order'
               THEN greatest(l.product_uom_qty, l.qty_delivered)
               ELSE l.qty_delivered + coalesce(moved.returned, 0) END
    """,
}

# Fields of ours that carry somebody else's identifier; the pattern is of their names.
_KEY_FIELDS = r"(^|_)(key|uuid|sscc|claim)$"
_OURS = ("order_fulfilment", "jit_delivery")
# Field → why two records may share a value.
NOT_UNIQUE: dict[str, str] = {
    "sale.order.reference_key": "what a customer called his order; reference_claim guards it",
    "sale.order.content_key": "hint that two orders look alike",
    "order.import.line.order_key": "the rows of one order carry its number; order.import.order holds it once",
    "sale.order.slot_hold_key": "points at a hold, whose own key is unique",
    "sale.order.drop.slot_hold_key": "points at a hold, whose own key is unique",
    "order.override.key": "which finding was overridden; an order can have it overridden again",
}


def violations(psql: Query) -> list[str]:
    """One line per invariant that does not hold; ``psql`` runs a query and returns its rows."""
    found = [_line(name, rows) for name, query in INVARIANTS.items() if (rows := psql(query))]
    return found + doubled_keys(psql) if _is_ours(psql) else found


def _line(name: str, rows: list[tuple]) -> str:
    return f"{name}: {len(rows)} rows, first {rows[:3]}"


def _is_ours(psql: Query) -> bool:
    """Whether our add-ons are installed; fault tests also run on databases without them."""
    return bool(psql("SELECT 1 FROM ir_module_module WHERE name IN %s AND state = 'installed'", _OURS))


def key_fields(psql: Query) -> list[tuple[str, str, str]]:
    """(model, table, column) of every stored external key of ours."""
    return psql(
        """
        SELECT DISTINCT f.model, c.table_name, f.name
          FROM ir_model_fields f JOIN ir_model m ON m.id = f.model_id AND NOT m.transient
          JOIN ir_model_data d ON d.model = 'ir.model.fields' AND d.res_id = f.id AND d.module IN %s
          JOIN information_schema.columns c ON c.table_schema = 'public' AND c.column_name = f.name
           AND c.table_name = replace(f.model, '.', '_')
          JOIN pg_tables t ON t.schemaname = 'public' AND t.tablename = c.table_name
         WHERE f.store AND f.ttype = 'char' AND f.name ~ %s
        """,
        _OURS,
        _KEY_FIELDS,
    )


def doubled_keys(psql: Query) -> list[str]:
    """External keys without a valid unique index; Odoo only logs when it could not make one."""
    indexes = psql(
        """
        SELECT i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid)
          FROM pg_index i WHERE i.indisunique AND i.indisvalid
        """
    )
    return [
        f"external key {model}.{column} is not under a unique index"
        for model, table, column in key_fields(psql)
        if f"{model}.{column}" not in NOT_UNIQUE
        and not any(name == table and _names_column(definition, column) for name, definition in indexes)
    ]


def _names_column(definition: str, column: str) -> bool:
    columns = definition.split(" USING ", 1)[1].split(" WHERE ", 1)[0]
    return column in columns.replace("(", " ").replace(")", " ").replace(",", " ").split()
