"""What holds in the database after every test, as SQL that returns the rows that break it."""

INVARIANTS: dict[str, str] = {
    "reserved is between zero and on hand": """
        SELECT q.id, q.quantity, q.reserved_quantity
          FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
         WHERE l.usage IN ('internal', 'transit')
           AND (q.reserved_quantity < -0.00001 OR q.reserved_quantity > greatest(q.quantity, 0) + 0.00001)
    """,
}


def violations(psql) -> list[str]:
    """One line per invariant that does not hold; ``psql`` runs a query and returns its rows."""
    found = []
    for name, query in INVARIANTS.items():
        rows = psql(query)
        if rows:
            found.append(f"{name}: {len(rows)} rows, first {rows[:3]}")
    return found
